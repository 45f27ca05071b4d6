"""The web sites that carry the tracking snippet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from guanxi.core import clock
from guanxi.customers.api.common import Line, Name
from guanxi.customers.intake.websites.verbs import add_website, archive_website, change_website, return_website
from guanxi.customers.models import Website
from guanxi.staff.api_auth import require

router = Router(tags=["settings"])

Origins = Annotated[list[Line], Field(min_length=1, max_length=50, examples=[["https://shop.example.com"]])]


class WebsiteOut(Schema):
    """A site; `key` stands in its snippet. `last_event_at` is a few seconds behind."""

    id: int
    name: str
    key: str
    origins: list[str]
    needs_consent: bool
    trusts_pages: bool
    created_at: datetime
    archived_at: datetime | None
    last_event_at: datetime | None
    ignored_count: int


class WebsiteIn(Schema):
    """A site to listen to."""

    name: Name
    origins: Origins
    needs_consent: bool = True
    trusts_pages: bool = False


class WebsitePatch(Schema):
    """What to change; what is left out stays."""

    name: Name | None = None
    origins: Origins | None = None
    needs_consent: bool | None = None
    trusts_pages: bool | None = None
    is_archived: bool | None = None


@router.get("/websites", response=list[WebsiteOut], summary="Web sites")
def list_websites(request: HttpRequest) -> QuerySet[Website]:
    require(request, "settings", "see")
    return Website.objects.all()


@router.post("/websites", response={201: WebsiteOut}, summary="Add a web site")
def create_website(request: HttpRequest, wanted: WebsiteIn) -> Status[Website]:
    who = require(request, "settings", "administer")
    return Status(201, add_website(**wanted.model_dump(), by=who.actor))


@router.patch("/websites/{int:website_id}", response=WebsiteOut, summary="Change or archive a web site")
def patch_website(request: HttpRequest, website_id: int, changes: WebsitePatch) -> Website:
    """What an archived site's pages tell is refused; what they told before is kept."""
    who = require(request, "settings", "administer")
    website = get_object_or_404(Website, pk=website_id)
    change_website(website, **changes.model_dump(exclude={"is_archived"}), by=who.actor)
    if changes.is_archived is True:
        archive_website(website, by=who.actor, at=clock.now())
    elif changes.is_archived is False:
        return_website(website, by=who.actor)
    return website

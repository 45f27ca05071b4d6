"""Settings that touch many customers."""

from __future__ import annotations

from typing import Any

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.jobs import job
from guanxi.customers.models import Field, Tag
from guanxi.customers.setup import fields, tags


@job("customers.merge_tags")
def merge_tags(tag_id: int, into_id: int, by_kind: Any, by_id: int | None, by_label: str) -> None:
    """One tag takes up another."""
    found = {tag.pk: tag for tag in Tag.objects.select_related("group").filter(pk__in=[tag_id, into_id])}
    if tag_id in found and into_id in found:
        by = Actor(by_kind, by_id, by_label)
        tags.merge_tags(found[tag_id], found[into_id], by=by, at=clock.now())


@job("customers.rename_choice")
def rename_choice(field_id: int, former: str, now: str) -> None:
    """A choice is called something else, on every customer."""
    field = Field.objects.filter(pk=field_id).first()
    if field is not None:
        fields.rename_choice(field, former, now)

"""Searching, saved views, one thing done to many customers, and taking a list out."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Status

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.core.models import Progress
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.finding import find
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag, remove_tag
from guanxi.customers.api import list_shapes as shapes
from guanxi.customers.api.common import CountOut, colleague, see_customers
from guanxi.customers.api.filters import PARAMETERS, listing
from guanxi.customers.api.shapes import HitOut
from guanxi.customers.listing.asked import Asked, views_of
from guanxi.customers.listing.bulk import KIND, Selection, begin, undo
from guanxi.customers.listing.columns import columns
from guanxi.customers.listing.export import TYPES, export
from guanxi.customers.listing.filters import Asking, Catalogue, Filters
from guanxi.customers.listing.sorts import sorts
from guanxi.customers.models import CustomerTag, SavedView, Stage, Tag
from guanxi.kit.text import clean
from guanxi.staff.api_auth import Caller, Forbidden, require

router = Router(tags=["lists"])

Typed = Annotated[str, Field(min_length=1, max_length=100, examples=["zsf"])]


@router.get("/search", response=list[HitOut], summary="Find customers", tags=["customers"])
def search(request: HttpRequest, q: Typed, limit: Annotated[int, Field(ge=1, le=50)] = 8) -> list[dict[str, Any]]:
    """By part of a name, its pinyin or initials, a phone's beginning or end, an e-mail; best first."""
    who = require(request, "customers", "see")
    hits = find(q, who.member, limit=limit)
    return [{"id": hit.id, "name": hit.name, "is_company": hit.is_company, "detail": hit.detail} for hit in hits]


@router.post("/bulk", response={200: CountOut, 202: shapes.ProgressOut}, summary="Do one thing to many customers")
def do_to_many(request: HttpRequest, wanted: shapes.BulkIn) -> Status[Any]:
    """Up to 1,000 by their ids are done at once (200). All that `filters` find are worked through (202): follow its
    progress; it can be undone."""
    who = require(request, "customers", "edit")
    if (wanted.customer_ids is None) == (wanted.filters is None):
        raise Refused(_("Give either customer_ids or filters."), field="customer_ids", code="unclear_selection")
    if wanted.customer_ids is not None:
        _who, ids = see_customers(request, wanted.customer_ids)
        return Status(200, {"changed": _do(who, wanted, ids)})
    filters = _usable(wanted.filters or {}, who)
    selection = Selection(who.member, query=urlencode(filters.to_query()), is_all=True)
    target = "none" if wanted.target_id is None else str(wanted.target_id)
    return Status(202, _write_progress(begin(selection, wanted.do, target, at=clock.now())))


@router.get("/progress/{int:progress_id}", response=shapes.ProgressOut, summary="How far long work has come")
def read_progress(request: HttpRequest, progress_id: int) -> dict[str, Any]:
    """Of work that the caller's member asked for."""
    return _write_progress(_progress(require(request, "customers", "see"), progress_id))


@router.post("/progress/{int:progress_id}/undo", response=CountOut, summary="Undo what was done to many customers")
def undo_bulk(request: HttpRequest, progress_id: int) -> dict[str, int]:
    """Puts back exactly what was there; whoever was changed again meanwhile keeps the newer state."""
    who = require(request, "customers", "edit")
    progress = get_object_or_404(Progress, pk=progress_id, member=who.member, kind=KIND)
    return {"changed": undo(progress, by=who.member, at=clock.now())}


@router.get(
    "/customer-export",
    summary="Take a list of customers out",
    openapi_extra={
        "parameters": PARAMETERS,
        "responses": {200: {"description": "The file", "content": {"text/csv": {}, "application/octet-stream": {}}}},
    },
)
def export_customers(
    request: HttpRequest,
    format: Literal["csv", "xlsx"] = "csv",
    sort: Annotated[str, Field(max_length=100)] = "",
    columns: Annotated[str, Field(max_length=2_000, description="Names of columns, with commas between.")] = "",
) -> StreamingHttpResponse:
    """Filtered as the list is, streamed, recorded in the event log, and masked for roles that mask contacts."""
    who = require(request, "customers", "export")
    query = request.GET.copy()
    query.pop("format", None)
    asked = listing(query, who, sort=sort)
    asked_columns = Asked(who.member, QueryDict(urlencode({"columns": columns} if columns else {}))).columns
    now = clock.now()
    pieces = export(asked, asked_columns, format, by=who.member, at=now)
    response = StreamingHttpResponse(pieces, content_type=TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="customers-{now:%Y-%m-%d-%H%M}.{format}"'
    return response


@router.get("/views", response=list[shapes.ViewOut], summary="Saved views")
def list_views(request: HttpRequest) -> list[dict[str, Any]]:
    """One's own and those shared with everybody."""
    who = require(request, "customers", "see")
    return [_write_view(view) for view in views_of(who.member)]


@router.post("/views", response={201: shapes.ViewOut}, summary="Save a view")
def create_view(request: HttpRequest, wanted: shapes.ViewIn) -> Status[dict[str, Any]]:
    who = require(request, "customers", "see")
    view = SavedView(member=who.member)
    return Status(201, _keep_view(view, wanted.model_dump(), who))


@router.patch("/views/{int:view_id}", response=shapes.ViewOut, summary="Change a saved view")
def change_view(request: HttpRequest, view_id: int, changes: shapes.ViewPatch) -> dict[str, Any]:
    """By whoever saved it, or whoever may edit settings."""
    who, view = _changeable(request, view_id)
    said = {name: value for name, value in changes.model_dump(exclude_unset=True).items() if value is not None}
    return _keep_view(view, said, who)


@router.delete("/views/{int:view_id}", response={204: None}, summary="Delete a saved view")
def delete_view(request: HttpRequest, view_id: int) -> Status[None]:
    _who, view = _changeable(request, view_id)
    view.delete()
    return Status(204, None)


def _do(who: Caller, wanted: shapes.BulkIn, ids: list[int]) -> int:
    by, now = who.actor, clock.now()
    if wanted.do in ("tag", "untag"):
        tag = Tag.objects.select_related("group").filter(pk=wanted.target_id or 0).first()
        if tag is None or (tag.archived_at is not None and wanted.do == "tag"):
            raise Refused(_("That tag is gone."), field="target_id", code="gone")
        if wanted.do == "untag":
            return remove_tag(ids, tag, by=by, at=now)
        return add_tag(ids, tag, by=by, at=now, how=CustomerTag.How.API)
    if wanted.do == "stage":
        stage = None
        if wanted.target_id is not None and (stage := Stage.objects.filter(pk=wanted.target_id).first()) is None:
            raise Refused(_("That stage is gone."), field="target_id", code="gone")
        return move_to_stage(ids, stage, by=by, at=now)
    owner = colleague(wanted.target_id) if wanted.target_id is not None else None
    return assign(ids, owner, by=by, at=now)


def _usable(told: dict[str, Any], who: Caller) -> Filters:
    filters = Filters.from_json(told, Asking(who.member, clock.now()))
    filters.refuse_problems()
    return filters


def _progress(who: Caller, progress_id: int) -> Progress:
    return get_object_or_404(Progress, pk=progress_id, member=who.member)


def _write_progress(progress: Progress) -> dict[str, Any]:
    names = (
        "id",
        "kind",
        "title",
        "state",
        "done",
        "total",
        "percent",
        "failure",
        "created_at",
        "started_at",
        "ended_at",
    )
    told = {name: getattr(progress, name) for name in names}
    return told | {"changed": int((progress.result or {}).get("changed", 0))}


def _changeable(request: HttpRequest, view_id: int) -> tuple[Caller, SavedView]:
    who = require(request, "customers", "see")
    view = get_object_or_404(views_of(who.member), pk=view_id)
    if view.member_id != who.member.pk and not who.can("settings", "edit"):
        raise Forbidden(_("Only whoever saved a view may change it."))
    return who, view


def _keep_view(view: SavedView, said: dict[str, Any], who: Caller) -> dict[str, Any]:
    catalogue = Catalogue.now()
    if "name" in said:
        view.name = clean(said["name"])[:80]
    if not view.name:
        raise Refused(_("Give the view a name."), field="name")
    view.is_shared = said.get("is_shared", view.is_shared)
    if "filters" in said:
        view.query = _usable(said["filters"], who).to_json()
    if "columns" in said:
        view.columns = _known(said["columns"], columns(catalogue.fields), "columns")
    if said.get("sort"):
        _known([said["sort"].removeprefix("-")], sorts(catalogue.fields), "sort")
    view.sort = said.get("sort", view.sort)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused(_("You have a view of this name already. Take another name."), field="name", status=409) from None
    return _write_view(view)


def _known(said: list[str], known: dict[str, Any], field: str) -> list[str]:
    strange = [name for name in said if name not in known]
    if strange:
        told = {"name": strange[0], "known": ", ".join(known)}
        raise Refused(_("There is no %(name)s. Choose among: %(known)s.") % told, field=field)
    return said


def _write_view(view: SavedView) -> dict[str, Any]:
    return {
        "id": view.pk,
        "name": view.name,
        "member_id": view.member_id,
        "is_shared": view.is_shared,
        "filters": view.query,
        "columns": view.columns,
        "sort": view.sort,
    }

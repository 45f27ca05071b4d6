"""Files taken in: uploaded, mapped, tried out, landed, and taken back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.core.storage import refuse_large
from guanxi.customers.api import import_shapes as shapes
from guanxi.customers.api.common import After, Limit, cursor, newest_first
from guanxi.customers.imports import starting, undoing
from guanxi.customers.imports.dry_run import try_out
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.targets import targets
from guanxi.customers.imports.visibility import imports_visible_to, may_undo
from guanxi.customers.models import Import, Source, Tag
from guanxi.kit.cursor import encode_cursor
from guanxi.kit.errors import BadInput
from guanxi.staff.api_auth import Caller, Forbidden, require

router = Router(tags=["imports"])

_COUNTS = (
    "id", "file_name", "shape", "state", "progress_id", "rows_done", "created_count", "updated_count", "event_count",
    "refused_count", "repeated_count", "failure", "created_at", "started_at", "ended_at",
)  # fmt: skip
_REFUSAL = ("row_number", "column", "code", "reason", "row", "has_landed")


@router.get("/imports", response=shapes.ImportPageOut, summary="Imports, newest first")
def list_imports(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """One's own, and those of colleagues within one's scope that have been started."""
    who = require(request, "imports", "see")
    found = imports_visible_to(who.member)
    drafts_of_others = found.filter(state=Import.State.MAPPING).exclude(member=who.member)
    rows, more = newest_first(found.exclude(pk__in=drafts_of_others.values("pk")), after=after, limit=limit)
    return {"items": [_write(row) for row in rows], "next": more}


@router.post("/imports", response={201: shapes.ImportOut}, summary="Upload a file")
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """CSV, Excel or vCard. Encoding, delimiter, shape and columns are found out; nothing lands before it is started."""
    who = require(request, "imports", "edit")
    refuse_large(file)
    return Status(201, _write(starting.receive(file, name=file.name or "file", member=who.member)))


@router.get("/import-targets", response=list[shapes.TargetOut], summary="Where columns can go")
def list_targets(request: HttpRequest, shape: str = "customers") -> list[dict[str, str]]:
    """The targets of a mapping, for the shape `customers` or `transactions`."""
    who = require(request, "imports", "see")
    if shape not in Import.Shape.values:
        raise Refused(_("The shape is customers or transactions."), field="shape")
    found = targets(shape, may_make_fields=starting.may_make_fields(who.member))
    return [{"key": target.key, "label": str(target.label)} for target in found]


@router.get("/imports/{int:import_id}", response=shapes.ImportOut, summary="One import")
def read(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """How far it is, and what it came to."""
    return _write(_find(require(request, "imports", "see"), import_id))


@router.patch("/imports/{int:import_id}", response=shapes.ImportOut, summary="Say how a file is to land")
def plan(request: HttpRequest, import_id: int, changes: shapes.PlanPatch) -> dict[str, Any]:
    """Before it is started, by whoever uploaded it. A mapping by which no row could land is refused."""
    who = require(request, "imports", "edit")
    imported = _draft(who, import_id)
    wanted = Plan.of(imported)
    said = {name: value for name, value in changes.model_dump(exclude_unset=True).items() if value is not None}
    _refuse_unknown(said)
    columns = said.pop("columns", None)
    shape = said.pop("shape", wanted.shape)
    if "tag_ids" in said:
        said["tag_ids"] = tuple(said["tag_ids"])
    wanted = replace(wanted, **said)
    if shape != wanted.shape:
        starting.read_anew(imported, replace(wanted, shape=shape, columns=()))
        wanted = Plan.of(imported)
    if columns is not None:
        wanted = replace(wanted, columns=_columns(wanted, columns))
    starting.check(wanted, who.member)
    wanted.keep_in(imported)
    imported.save(update_fields=["shape", "options", "mapping"])
    return _write(imported)


@router.post("/imports/{int:import_id}/dry-run", response=shapes.TriedOut, summary="Try an import out")
def dry_run(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """What landing the first 1,000 rows would come to; nothing is kept."""
    imported = _draft(require(request, "imports", "edit"), import_id)
    try:
        tried = try_out(imported, at=clock.now())
    except BadInput as error:
        raise Refused(error.message, code=error.code, field="file") from None
    return {name: getattr(tried, name) for name in shapes.TriedOut.model_fields}


@router.post("/imports/{int:import_id}/start", response={202: shapes.ImportOut}, summary="Land a file")
def start(request: HttpRequest, import_id: int) -> Status[dict[str, Any]]:
    """In the background: follow it with GET. Starting twice does nothing more."""
    who = require(request, "imports", "edit")
    imported = _find(who, import_id)
    if imported.member_id != who.member.pk:
        raise Forbidden(_("Only whoever uploaded a file starts its import."))
    if imported.state == Import.State.MAPPING:
        starting.start(imported, at=clock.now())
    return Status(202, _write(_find(who, import_id)))


@router.post("/imports/{int:import_id}/cancel", response=shapes.ImportOut, summary="Stop an import")
def cancel(request: HttpRequest, import_id: int) -> dict[str, Any]:
    """After the batch at hand. What landed stays, and can be undone."""
    who = require(request, "imports", "edit")
    imported = _find(who, import_id)
    if not may_undo(imported, who.member):
        raise Forbidden(_("Only whoever uploaded a file, or may delete imports, stops its import."))
    starting.cancel(imported, at=clock.now())
    return _write(_find(who, import_id))


@router.post("/imports/{int:import_id}/undo", response={202: shapes.ImportOut}, summary="Take an import back")
def undo(request: HttpRequest, import_id: int) -> Status[dict[str, Any]]:
    """In the background. Customers to whom something happened since are kept."""
    who = require(request, "imports", "see")
    imported = _find(who, import_id)
    if not (may_undo(imported, who.member) and (who.can("imports", "edit") or who.can("imports", "delete"))):
        raise Forbidden(_("Only whoever uploaded a file, or may delete imports, takes its import back."))
    undoing.undo(imported, by=who.member, at=clock.now())
    return Status(202, _write(imported))


@router.get("/imports/{int:import_id}/refusals", response=shapes.RefusalPageOut, summary="Rows that did not land")
def list_refusals(request: HttpRequest, import_id: int, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Each as it was, with the reason."""
    imported = _find(require(request, "imports", "see"), import_id)
    refusals = imported.refusals.order_by("pk")
    if after:
        refusals = refusals.filter(pk__gt=cursor(after, int)[0])
    found = list(refusals[: limit + 1])
    more = len(found) > limit
    return {
        "items": [{name: getattr(each, name) for name in _REFUSAL} for each in found[:limit]],
        "next": encode_cursor([found[limit - 1].pk]) if more else "",
    }


def _find(who: Caller, import_id: int) -> Import:
    found = imports_visible_to(who.member).filter(pk=import_id).first()
    if found is None or (found.state == Import.State.MAPPING and found.member_id != who.member.pk):
        raise Http404
    return found


def _draft(who: Caller, import_id: int) -> Import:
    imported = _find(who, import_id)
    if imported.state != Import.State.MAPPING:
        raise Refused(_("This import was started already."), code="import_started", status=409)
    return imported


def _columns(plan: Plan, told: list[dict[str, str]]) -> tuple[Column, ...]:
    if len(told) != len(plan.columns):
        raise Refused(
            _("The file has %(count)d columns: say of each, in order, where it goes.") % {"count": len(plan.columns)},
            field="columns",
        )
    return tuple(
        replace(column, target=said["target"], namespace=said.get("namespace", "").strip())
        for column, said in zip(plan.columns, told, strict=True)
    )


def _refuse_unknown(said: dict[str, Any]) -> None:
    if "source_id" in said and not Source.objects.filter(pk=said["source_id"]).exists():
        raise Refused(_("There is none with the id %(id)s.") % {"id": said["source_id"]}, field="source_id")
    missing = set(said.get("tag_ids", ())) - set(Tag.objects.filter(archived_at=None).values_list("pk", flat=True))
    if missing:
        raise Refused(_("There is none with the id %(id)s.") % {"id": min(missing)}, field="tag_ids")


def _write(imported: Import) -> dict[str, Any]:
    totals = imported.figures.get("totals", {})
    return {
        **{name: getattr(imported, name) for name in _COUNTS},
        "columns": (imported.mapping or {}).get("columns", []),
        "options": imported.options,
        "totals": {currency: Decimal(str(total)) for currency, total in totals.items()},
    }

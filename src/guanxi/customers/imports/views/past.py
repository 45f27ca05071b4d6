"""What became of imports: the list of them, progress and result of one, its refusals, and taking it back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.core.models import Progress
from guanxi.customers.imports import refusals, starting, undoing
from guanxi.customers.imports.plan import Plan
from guanxi.customers.imports.visibility import imports_visible_to, may_undo
from guanxi.customers.models import Customer, Import, ImportedCustomer
from guanxi.design.pages import block, is_htmx, page, toast
from guanxi.staff.access import member, refuse_unless, requires

LISTED = 50
REFUSALS_SHOWN = 50
KEPT_SHOWN = 100
TONES = {
    Import.State.MAPPING: "grey",
    Import.State.RUNNING: "blue",
    Import.State.FINISHED: "green",
    Import.State.FAILED: "red",
    Import.State.CANCELLED: "yellow",
    Import.State.UNDOING: "blue",
    Import.State.UNDONE: "grey",
}
STATUS = "customers/imports/status.html"


@requires("imports")
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Past imports, newest first; drafts only of one's own."""
    asking = member(request)
    found = imports_visible_to(asking)
    found = found.exclude(pk__in=found.filter(state=Import.State.MAPPING).exclude(member=asking).values("pk"))
    listed, older = _listed(found, request.GET.get("after", ""))
    context = {
        "imports": listed,
        "older": older,
        "is_first": "after" not in request.GET,
        "tones": TONES,
        "may_import": asking.can("imports", "edit"),
    }
    return page(request, "customers/imports/list.html", context)


@requires("imports")
@require_safe
def import_status(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it is, or what it came to."""
    imported = _visible(request, import_id)
    if imported.state == Import.State.MAPPING:
        return redirect("import_mapping", imported.pk)
    is_over = imported.progress is None or imported.progress.is_over
    if is_htmx(request) and request.headers.get("HX-Target", "").startswith("progress_"):
        if is_over:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return HttpResponse(block(request, STATUS, "import_progress", _progress(imported)))
    context = {
        **_progress(imported),
        "plan": Plan.of(imported),
        "totals": {currency: Decimal(total) for currency, total in imported.figures.get("totals", {}).items()},
        "tone": TONES[Import.State(imported.state)],
        "refusals": list(imported.refusals.all()[:REFUSALS_SHOWN]),
        "refusal_count": imported.refused_count + int(imported.figures.get("noted", 0)),
        "may_undo": may_undo(imported, member(request)),
        "may_cancel": _may_cancel(request, imported),
        "can_undo": imported.state in (Import.State.FINISHED, Import.State.CANCELLED, Import.State.FAILED),
        "kept": _kept(request, imported),
    }
    return page(request, STATUS, context)


@requires("imports")
@require_safe
def import_refusals(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """What did not land, as a CSV file to mend and upload again."""
    imported = _visible(request, import_id)
    response = StreamingHttpResponse(_csv(refusals.table(imported)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{imported.pk}-refused.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@requires("imports", "edit")
@require_POST
def import_cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop after the batch at hand; what landed stays until it is undone."""
    imported = _visible(request, import_id)
    if not _may_cancel(request, imported):
        refuse_unless(request, "imports", "delete")
    starting.cancel(imported, at=clock.now())
    return redirect("import_status", imported.pk)


@requires("imports", "edit")
@require_POST
def import_undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take everything of it back, in the background."""
    imported = _visible(request, import_id)
    if not may_undo(imported, member(request)):
        refuse_unless(request, "imports", "delete")
    try:
        undoing.undo(imported, by=member(request), at=clock.now())
    except Refused as refused:
        toast(request, str(refused), level="warning")
    return redirect("import_status", imported.pk)


def _visible(request: HttpRequest, import_id: int) -> Import:
    found = imports_visible_to(member(request)).filter(pk=import_id).first()
    if found is None or (found.state == Import.State.MAPPING and found.member_id != member(request).pk):
        raise Http404(_("There is no such import, or it lies outside what you may see."))
    return found


def _listed(found: QuerySet[Import], after: str) -> tuple[list[Import], str]:
    """A page of imports, and the cursor of the next one."""
    if after.isdigit():
        found = found.filter(pk__lt=int(after[:18]))
    listed = list(found[: LISTED + 1])
    older = str(listed[LISTED - 1].pk) if len(listed) > LISTED else ""
    return listed[:LISTED], older


def _progress(imported: Import) -> dict[str, Any]:
    progress = imported.progress
    if progress is None:
        return {"imported": imported, "progress": None}
    left = progress.remaining(at=clock.now())
    shown = SimpleNamespace(
        id=progress.pk,
        title=progress.title,
        done=progress.done,
        total=progress.total,
        state=progress.state,
        eta=clock.now() + left if left is not None else None,
    )
    return {"imported": imported, "progress": None if progress.state == Progress.State.FINISHED else shown}


def _may_cancel(request: HttpRequest, imported: Import) -> bool:
    asking = member(request)
    return imported.state == Import.State.RUNNING and (
        imported.member_id == asking.pk or asking.can("imports", "delete")
    )


def _kept(request: HttpRequest, imported: Import) -> list[Customer]:
    """Customers whom undoing left, because something happened to them since; those the member may see."""
    if imported.state not in (Import.State.UNDONE, Import.State.UNDOING):
        return []
    kept = ImportedCustomer.objects.filter(of_import=imported, before__has_key="kept").values("customer")
    return list(Customer.objects.visible_to(member(request)).filter(pk__in=kept)[:KEPT_SHOWN])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets take a file without this mark for one of their own country's encoding
    for row in rows:
        yield writer.writerow(row)

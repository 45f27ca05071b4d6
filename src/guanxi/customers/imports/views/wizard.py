"""The steps to an import: the file, its columns, how it will land."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.imports import starting
from guanxi.customers.imports.dry_run import try_out
from guanxi.customers.imports.forms import DecisionsForm, FileForm
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.previewing import PREVIEWED, heading, preview
from guanxi.customers.imports.reading import SAMPLE_ROWS, first_rows, open_file
from guanxi.customers.imports.targets import NAMESPACED, grouped, targets
from guanxi.customers.imports.visibility import imports_visible_to
from guanxi.customers.models import Import
from guanxi.design.pages import page, toast
from guanxi.kit.errors import BadInput
from guanxi.kit.tables import Table
from guanxi.staff.access import member, requires

SAMPLES_SHOWN = 3


DraftView = Callable[[HttpRequest, Import], HttpResponse]


def of_draft(view: DraftView) -> Callable[[HttpRequest, int], HttpResponse]:
    """Give a view the member's own import that has not started; one that has leads to its status.

    A colleague's draft is nobody else's business: its file has not become anybody's customers yet.
    """

    @wraps(view)
    def drafted(request: HttpRequest, import_id: int) -> HttpResponse:
        found = imports_visible_to(member(request)).filter(pk=import_id, member=member(request)).first()
        if found is None:
            raise Http404(_("There is no such import, or it is not yours."))
        if found.state != Import.State.MAPPING:
            return redirect("import_status", found.pk)
        return view(request, found)

    return drafted


@requires("imports", "edit")
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file. It is kept and read at once; a file that can't be read is not kept."""
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imported = starting.receive(file, name=file.name or "", member=member(request))
            return redirect("import_mapping", imported.pk)
        except Refused as refused:
            form.add_error("file", str(refused))
    return page(request, "customers/imports/new.html", {"form": form}, status=422 if form.errors else 200)


@requires("imports", "edit")
@require_http_methods(["GET", "POST"])
@of_draft
def import_mapping(request: HttpRequest, imported: Import) -> HttpResponse:
    """Say where each column goes. `read_again` reads the file anew as the form says; `shape` switches the shape."""
    plan = Plan.of(imported)
    table = _open(imported, plan)
    form = DecisionsForm(request.POST or None, plan=plan, sheets=table.sheets)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            if _changes_reading(request):
                shape = request.POST.get("shape") or plan.shape
                starting.read_anew(imported, replace(form.decided(), shape=shape, columns=()))
                imported.save(update_fields=["shape", "options", "mapping"])
                return redirect("import_mapping", imported.pk)
            plan = replace(form.decided(), columns=_told(request, plan))
            starting.check(plan, imported.member)
            plan.keep_in(imported)
            imported.save(update_fields=["shape", "options", "mapping"])
            return redirect("import_preview", imported.pk)
        except Refused as refusal:
            refused = str(refusal)
    context = {
        "imported": imported,
        "plan": plan,
        "form": form,
        "refused": refused,
        "columns": _columns(plan, table),
        "groups": grouped(targets(plan.shape, may_make_fields=starting.may_make_fields(imported.member))),
        "namespaced": NAMESPACED,
        "shapes": Import.Shape.choices,
        "row_count": table.row_count,
    }
    return page(request, "customers/imports/mapping.html", context, status=422 if refused or form.errors else 200)


@requires("imports", "edit")
@require_http_methods(["GET", "POST"])
@of_draft
def import_preview(request: HttpRequest, imported: Import) -> HttpResponse:
    """The first rows as they will land; POST lands them all."""
    plan = Plan.of(imported)
    refused = ""
    if request.method == "POST":
        try:
            starting.start(imported, at=clock.now())
            return redirect("import_status", imported.pk)
        except Refused as refusal:
            refused = str(refusal)
    table = _open(imported, plan)
    context = {
        "imported": imported,
        "plan": plan,
        "refused": refused,
        "headings": [(heading(column), column.name) for column in plan.columns if column.target],
        "rows": preview(plan, first_rows(table, PREVIEWED), now=clock.now()),
        "row_count": table.row_count,
        "sample_rows": min(SAMPLE_ROWS, table.row_count),
    }
    return page(request, "customers/imports/preview.html", context, status=422 if refused else 200)


@requires("imports", "edit")
@require_safe
@of_draft
def import_dry_run(request: HttpRequest, imported: Import) -> HttpResponse:
    """What landing the first 1,000 rows would come to, for the preview's panel."""
    tried = try_out(imported, at=clock.now())
    return page(request, "customers/imports/dry_run.html", {"imported": imported, "tried": tried})


@requires("imports", "edit")
@require_POST
@of_draft
def import_discard(request: HttpRequest, imported: Import) -> HttpResponse:
    """Forget an import that was not started."""
    imported.file.delete(save=False)
    imported.delete()
    toast(request, _("The file was discarded; nothing had landed."))
    return redirect("imports")


def _open(imported: Import, plan: Plan) -> Table:
    try:
        return open_file(Path(imported.file.path), plan.reading)
    except BadInput as error:
        raise Http404(str(error.message)) from None


def _changes_reading(request: HttpRequest) -> bool:
    return "read_again" in request.POST or bool(request.POST.get("shape"))


def _told(request: HttpRequest, plan: Plan) -> tuple[Column, ...]:
    """The columns with the targets of the form; one the form leaves out keeps its own."""
    return tuple(
        replace(
            column,
            target=request.POST.get(f"target-{at}", column.target)[:80],
            namespace=request.POST.get(f"namespace-{at}", column.namespace).strip()[:80],
        )
        for at, column in enumerate(plan.columns)
    )


def _columns(plan: Plan, table: Table) -> list[dict[str, Any]]:
    """Each column with its target and a few of its values, the first different ones."""
    rows = [row for _number, row in first_rows(table, 200)]
    shown: list[dict[str, Any]] = []
    for at, column in enumerate(plan.columns):
        values = dict.fromkeys(row[at][:60] for row in rows if at < len(row) and row[at])
        shown.append({"at": at, "column": column, "samples": list(values)[:SAMPLES_SHOWN]})
    return shown

"""Settings → Stages, Sources, Relationships: lists of names, put in order, used ones kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.customers.models import RelationshipKind, Source, Stage
from guanxi.customers.setup.forms import RelationshipKindForm, SourceForm, StageForm
from guanxi.customers.setup.ordering import next_position, put_in_order
from guanxi.customers.setup.recording import tell
from guanxi.customers.setup.usage import CAP, is_used, usage
from guanxi.design.pages import done, is_htmx, page, toast
from guanxi.staff.access import member, refuse_unless, requires


@dataclass(frozen=True)
class Kind:
    """One kind of setting: its page, its rows, its form."""

    url: str
    model: Any
    form: Any
    icon: str
    title: Any
    add: Any
    sentence: Any
    has_order: bool = True
    has_color: bool = False
    filter: str = ""


STAGES = Kind(
    "stages",
    Stage,
    StageForm,
    "stairs-up",
    gettext_lazy("Stages"),
    gettext_lazy("Add a stage"),
    gettext_lazy("The steps a customer goes through with you, first to last."),
    has_color=True,
    filter="stage",
)
SOURCES = Kind(
    "sources",
    Source,
    SourceForm,
    "route",
    gettext_lazy("Sources"),
    gettext_lazy("Add a source"),
    gettext_lazy("Where customers come from: a fair, a shop, an import."),
    has_order=False,
    filter="source",
)
RELATIONSHIP_KINDS = Kind(
    "relationship_kinds",
    RelationshipKind,
    RelationshipKindForm,
    "affiliate",
    gettext_lazy("Relationships"),
    gettext_lazy("Add a kind of relationship"),
    gettext_lazy("How customers can be related to each other."),
)


def rows(kind: Kind) -> Callable[..., HttpResponse]:
    """The page that lists a kind of setting and adds to it."""

    @requires("settings", "see")
    @require_http_methods(["GET", "POST"])
    def shown(request: HttpRequest) -> HttpResponse:
        form = kind.form(request.POST or None)
        if request.method == "POST":
            refuse_unless(request, "settings", "edit")
            if form.is_valid():
                with transaction.atomic():
                    if kind.has_order:
                        form.instance.position = next_position(kind.model)
                    made = form.save()
                    tell(made, "added", by=member(request).actor)
                toast(request, _("“%(name)s” added.") % {"name": made})
                return redirect(kind.url)
        context = {
            "kind": kind,
            "rows": kind.model.objects.all(),
            "usage": usage(kind.model._meta.db_table),
            "cap": CAP,
            "form": form,
            "may_edit": member(request).can("settings", "edit"),
        }
        return page(request, "customers/setup/rows.html", context, status=422 if form.errors else 200)

    return shown


def row(kind: Kind) -> Callable[..., HttpResponse]:
    """The page of one row: another name; for a stage the default; removed when nothing uses it."""

    @requires("settings", "edit")
    @require_http_methods(["GET", "POST"])
    def shown(request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(kind.model, pk=pk)
        what = request.POST.get("do", "")
        if what == "remove":
            return _remove(request, kind, found)
        if what == "default" and kind is STAGES:
            return _make_default(request, found)
        form = kind.form(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                tell(form.save(), "edited", by=member(request).actor)
            toast(request, _("Saved."))
            return redirect(kind.url)
        context = {"kind": kind, "row": found, "form": form, "is_used": is_used(kind.model._meta.db_table, pk)}
        return page(request, "customers/setup/row.html", context, status=422 if form.errors else 200)

    return shown


def order(model: type[Model], url: str) -> Callable[..., HttpResponse]:
    """The order of the rows, as dragged; or one row a step up or down, for a plain form."""

    @requires("settings", "edit")
    @require_POST
    def put(request: HttpRequest) -> HttpResponse:
        ids = [int(each) for each in request.POST.getlist("ids") if each.isascii() and each.isdigit()]
        if request.POST.get("move"):
            ids = _moved(model, request.POST["move"])
        put_in_order(model, ids)
        return done(request) if is_htmx(request) else redirect(url)

    return put


def _moved(model: Any, move: str) -> list[int]:
    """All ids, with one moved: `up:7` or `down:7`."""
    way, _colon, text = move.partition(":")
    ids = list(model.objects.values_list("pk", flat=True))
    pk = int(text) if text.isascii() and text.isdigit() else 0
    if pk not in ids or way not in ("up", "down"):
        raise Http404
    at = ids.index(pk)
    to = max(0, at - 1) if way == "up" else at + 1
    ids.insert(to, ids.pop(at))
    return ids


def _remove(request: HttpRequest, kind: Kind, found: Any) -> HttpResponse:
    if is_used(kind.model._meta.db_table, found.pk):
        toast(request, _("“%(name)s” is in use and stays.") % {"name": found}, level="danger")
        return redirect(kind.url)
    with transaction.atomic():
        tell(found, "removed", by=member(request).actor)
        found.delete()
    toast(request, _("“%(name)s” removed.") % {"name": found})
    return redirect(kind.url)


def _make_default(request: HttpRequest, stage: Stage) -> HttpResponse:
    with transaction.atomic():
        Stage.objects.filter(is_default=True).exclude(pk=stage.pk).update(is_default=False)
        Stage.objects.filter(pk=stage.pk).update(is_default=True)
        tell(stage, "made_default", by=member(request).actor)
    toast(request, _("New customers begin in “%(name)s”.") % {"name": stage.name})
    return redirect("stages")

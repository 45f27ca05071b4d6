"""Doing one thing to many customers of the list, watching it, and taking it back; taking the list out as a file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.core.models import Progress
from guanxi.customers.listing.asked import Asked
from guanxi.customers.listing.bulk import KIND, Selection, begin, done_words, undo
from guanxi.customers.listing.export import TYPES, export
from guanxi.customers.listing.views.table import asked_again, back_to_list
from guanxi.customers.models import Stage, Tag
from guanxi.design.pages import is_htmx, page, toast
from guanxi.staff.access import member, refuse_unless, requires
from guanxi.staff.models import Member

MOST_MERGED = 20
MOST_CHOICES = 300


@require_POST
@requires("customers", "see")
def customers_bulk(request: HttpRequest) -> HttpResponseBase:
    """`do` is the verb and its object: tag:3, untag:3, stage:2, owner:7, merge, export:csv."""
    what, _colon, target = request.POST.get("do", "").partition(":")
    back = back_to_list(request)
    try:
        if what == "export":
            return _export(request, target)
        refuse_unless(request, "customers", "edit")
        if what == "merge":
            return _merge(request)
        progress = begin(Selection.of(member(request), request.POST), what, target, at=clock.now())
    except Refused as refused:
        toast(request, str(refused), level="danger")
        return redirect(back)
    if not progress.is_over:
        return redirect("customers_work", progress.pk)
    toast(request, done_words(progress), undo_url=reverse("customers_undo", args=[progress.pk]))
    return redirect(back)


@require_GET
@requires("customers", "edit")
def bulk_choices(request: HttpRequest, what: str) -> HttpResponse:
    """The menu of one bulk action, loaded when it is opened."""
    choices: list[dict[str, Any]] = []
    if what in ("tag", "untag"):
        tags = Tag.objects.filter(archived_at=None).select_related("group")[:MOST_CHOICES]
        choices = [
            {"value": tag.pk, "label": tag.name, "color": tag.group.color, "group": tag.group.name} for tag in tags
        ]
    elif what == "stage":
        choices = [{"value": each.pk, "label": each.name, "color": each.color} for each in Stage.objects.all()]
        choices.append({"value": "none", "label": _("No stage"), "color": "grey"})
    elif what == "owner":
        found = Member.objects.active().by_name()[:MOST_CHOICES]
        me = member(request)
        choices = [{"value": me.pk, "label": _("Me")}]
        choices += [{"value": each.pk, "label": each.name} for each in found if each.pk != me.pk]
        choices.append({"value": "none", "label": _("Nobody")})
    else:
        raise Http404
    return page(request, "customers/listing/choices.html", {"what": what, "choices": choices})


@require_GET
@requires("customers", "see")
def customers_work(request: HttpRequest, progress_id: int) -> HttpResponse:
    """How far the work on many has come."""
    progress = _progress(request, progress_id)
    left = progress.remaining(at=clock.now())
    shown = SimpleNamespace(
        id=progress.pk,
        title=progress.title,
        done=progress.done,
        total=progress.total,
        state=progress.state,
        eta=clock.now() + left if left is not None else None,
    )
    may_undo = bool(progress.result.get("noted")) and progress.state == Progress.State.FINISHED
    context = {
        "progress": progress,
        "shown": shown,
        "words": done_words(progress) if progress.state == Progress.State.FINISHED else "",
        "may_undo": may_undo,
    }
    if not is_htmx(request):
        return page(request, "customers/listing/work.html", context)
    response = page(request, "customers/listing/progress.html", context)
    if progress.is_over:
        response["HX-Refresh"] = "true"  # what can be done now stands on the page around the bar
    return response


@require_POST
@requires("customers", "edit")
def customers_work_cancel(request: HttpRequest, progress_id: int) -> HttpResponse:
    """Stop between two batches; what is done stays done."""
    progress = _progress(request, progress_id)
    if not progress.is_over:
        progress.cancel(at=clock.now())
    return redirect("customers_work", progress_id)


@require_POST
@requires("customers", "edit")
def customers_undo(request: HttpRequest, progress_id: int) -> HttpResponse:
    """Put back what a bulk action changed."""
    progress = _progress(request, progress_id)
    try:
        undo(progress, by=member(request), at=clock.now())
        toast(request, _("Put back as it was."))
    except Refused as refused:
        toast(request, str(refused), level="danger")
    return redirect(_next(request))


@require_GET
@requires("customers", "export")
def customers_export(request: HttpRequest) -> HttpResponseBase:
    """The list of this address as a file: `?format=csv` or `xlsx`."""
    try:
        return _file(Asked.of(request), request.GET.get("format", ""), ())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(reverse("customers") + Asked.of(request).cleaned())


def _export(request: HttpRequest, format: str) -> HttpResponseBase:
    refuse_unless(request, "customers", "export")
    selection = Selection.of(member(request), request.POST)
    if not selection.is_all and not selection.picked:
        raise Refused(_("No customer is selected. Tick some rows first."), code="nothing_selected")
    return _file(asked_again(request), format, () if selection.is_all else selection.picked)


def _file(asked: Asked, format: str, picked: tuple[int, ...]) -> HttpResponseBase:
    now = clock.now()
    pieces = export(asked.listing, asked.columns, format, by=asked.member, at=now, picked=picked)
    response = StreamingHttpResponse(pieces, content_type=TYPES[format])
    name = f"customers-{now:%Y-%m-%d-%H%M}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Accel-Buffering"] = "no"
    return response


def _merge(request: HttpRequest) -> HttpResponse:
    """To the page where a survivor is chosen."""
    selection = Selection.of(member(request), request.POST)
    ids = selection.ids(at=clock.now()) if not selection.is_all else []
    if not 2 <= len(ids) <= MOST_MERGED:
        raise Refused(
            _("Tick 2 to %(most)d customers to merge them.") % {"most": MOST_MERGED}, code="unmergeable_number"
        )
    return redirect(f"{reverse('merge')}?{urlencode([('ids', pk) for pk in ids])}")


def _progress(request: HttpRequest, progress_id: int) -> Progress:
    """The work, if this member asked for it."""
    found = Progress.objects.filter(pk=progress_id, kind=KIND, member=member(request)).first()
    if found is None:
        raise Http404(_("There is no such work, or it is not yours."))
    return found


def _next(request: HttpRequest) -> str:
    """Back to the list the toast stood on."""
    wanted = request.POST.get("next", "")
    home = reverse("customers")
    return wanted if wanted.split("?")[0] == home else home

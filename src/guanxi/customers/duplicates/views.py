"""The review queue of duplicates."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.core.models import Progress
from guanxi.customers.duplicates import review, scanning
from guanxi.customers.merging.views import say_merged, way_on
from guanxi.customers.models import Customer, DuplicatePair
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires

TEMPLATE = "customers/duplicates/queue.html"
COUNT_UP_TO = 1_000


@requires("customers")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The likeliest pairs, ten a page, with the last scan."""
    asking = member(request)
    everything = review.queue(asking)
    cursor = request.GET.get("after", "")
    pairs = list((review.after(everything, cursor) if cursor else everything)[: review.PAGE + 1])
    shown = pairs[: review.PAGE]
    return page(
        request,
        TEMPLATE,
        {
            "pairs": review.reviewed(shown, asking),
            "next_cursor": review.cursor_of(shown[-1]) if len(pairs) > review.PAGE else "",
            "total": everything[: COUNT_UP_TO + 1].count(),
            "cap": COUNT_UP_TO,
            "may_edit": asking.can("customers", "edit"),
            "here": request.get_full_path(),
            **_scan_values(request),
        },
    )


@requires("customers")
@require_safe
def duplicates_scan(request: HttpRequest) -> HttpResponse:
    """How the scan is going: asked again and again while it runs. When it ends, the page is shown afresh."""
    values = _scan_values(request)
    if values["scan"] is not None and values["scan"].is_over and request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, "customers/duplicates/scan.html", values)


@requires("customers", "edit")
@require_POST
def duplicates_scan_start(request: HttpRequest) -> HttpResponse:
    """Look through the whole base; the one under way, if there is one, goes on."""
    scanning.start_scan(member(request))
    return redirect("duplicates")


@requires("customers", "edit")
@require_POST
def duplicate_merge(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Merge a pair straight, with the defaults."""
    pair = _find(request, pair_id)
    try:
        say_merged(request, review.merge_pair(pair, member=member(request), at=clock.now()))
    except Refused as refused:
        if refused.field:
            ids = f"{pair.customer_id},{pair.other_id}"
            return redirect(f"{reverse('merge')}?ids={ids}&next={reverse('duplicates')}")
        toast(request, str(refused), level="warning")
    return redirect(way_on(request, reverse("duplicates")))


@requires("customers", "edit")
@require_POST
def duplicate_distinct(request: HttpRequest, pair_id: int) -> HttpResponse:
    """These are two customers."""
    pair = _find(request, pair_id)
    try:
        review.keep_apart(pair, member=member(request), at=clock.now())
    except Refused as refused:
        toast(request, str(refused), level="warning")
    else:
        words = _("{one} and {other} stay two customers.").format(one=pair.customer, other=pair.other)
        toast(request, words, undo_url=reverse("duplicate_reopen", args=[pair.pk]))
    return redirect(way_on(request, reverse("duplicates")))


@requires("customers", "edit")
@require_POST
def duplicate_reopen(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Undo of "not the same"."""
    review.reopen(_find(request, pair_id))
    toast(request, _("The pair is back in the queue."))
    return redirect(way_on(request, reverse("duplicates")))


def _find(request: HttpRequest, pair_id: int) -> DuplicatePair:
    """The pair, if the member may see both of its records; else 404."""
    seen = Customer.objects.visible_to(member(request)).values("pk")
    pairs = DuplicatePair.objects.select_related("customer", "other")
    found = pairs.filter(Q(customer__in=seen, other__in=seen), pk=pair_id).first()
    if found is None:
        raise Http404(_("There is no such pair, or it was decided on already."))
    return found


def _scan_values(request: HttpRequest) -> dict[str, Progress | None]:
    last = scanning.last_scan()
    if last is not None:
        remaining = last.remaining(at=clock.now())
        last.eta = clock.now() + remaining if remaining else None  # type: ignore[attr-defined]
    return {"scan": last}

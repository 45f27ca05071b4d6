"""The merge page and the undoing of a merge."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.merging import side_by_side
from guanxi.customers.merging.choosing import best_survivor, default_choices
from guanxi.customers.merging.merge import AT_MOST, merge_customers
from guanxi.customers.merging.undo import undo_merge
from guanxi.customers.models import Customer, Merge
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires

CHOICE = "choice:"


@requires("customers", "edit")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """`ids` (1,2 or repeated) side by side; posting merges them.

    `survivor` says which stays, `choice:<field>` whose value wins.
    """
    customers = _asked_for(request)
    if request.method == "POST":
        try:
            return _merge(request, customers)
        except Refused as refused:
            return _show(request, customers, refusal=refused)
    return _show(request, customers)


@requires("customers", "edit")
@require_POST
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    found = get_object_or_404(Merge.objects.select_related("survivor"), pk=merge_id)
    if not Customer.objects.visible_to(member(request)).filter(pk=found.survivor_id).exists():
        raise Http404(_("There is no such merge, or its customer lies outside what you may see."))
    try:
        undo_merge(found, by=member(request).actor, at=clock.now())
    except Refused as refused:
        toast(request, str(refused), level="danger")
    else:
        toast(request, _("The merge is undone. The records stand apart again."))
    return redirect(way_on(request, reverse("customer", args=[found.survivor_id])))


def way_on(request: HttpRequest, otherwise: str) -> str:
    """The page that a form names as the next one, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return otherwise


def say_merged(request: HttpRequest, done: Merge) -> None:
    """The toast after a merge, with its undo."""
    count = len(done.absorbed) + 1
    words = ngettext("{count} record is now {name}.", "{count} records are now {name}.", count)
    toast(request, words.format(count=count, name=done.survivor), undo_url=reverse("merge_undo", args=[done.pk]))


def _asked_for(request: HttpRequest) -> list[Customer]:
    """The customers named, in the order named. 404 when one is not there or out of sight."""
    given = request.POST if request.method == "POST" else request.GET
    texts = [text.strip() for each in given.getlist("ids") for text in each.split(",") if text.strip()]
    ids = list(dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19))
    seen = Customer.objects.visible_to(member(request)).select_related("stage", "owner", "source")
    found = seen.in_bulk(ids[: AT_MOST + 1])
    if len(found) != len(ids[: AT_MOST + 1]):
        raise Http404(_("One of these customers is not there, or lies outside what you may see."))
    return [found[pk] for pk in ids[: AT_MOST + 1]]


def _merge(request: HttpRequest, customers: list[Customer]) -> HttpResponse:
    by_id = {str(customer.pk): customer for customer in customers}
    survivor = by_id.get(request.POST.get("survivor", ""))
    if survivor is None:
        survivor = best_survivor(customers) if len(customers) > 1 else None
    choices = {
        name.removeprefix(CHOICE): by_id[value].pk
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and isinstance(value, str) and value in by_id
    }
    if survivor is None:
        raise Refused(_("Choose at least two different customers to merge."), code="merge_needs_two")
    others = [customer for customer in customers if customer.pk != survivor.pk]
    done = merge_customers(survivor, others, choices=choices, by=member(request).actor, at=clock.now())
    say_merged(request, done)
    return redirect(way_on(request, reverse("customer", args=[survivor.pk])))


def _show(request: HttpRequest, customers: list[Customer], *, refusal: Refused | None = None) -> HttpResponse:
    values: dict[str, object] = {"customers": customers, "refusal": refusal, "next": way_on(request, "")}
    if len(customers) > 1:
        survivor = _survivor(request, customers)
        chosen = default_choices(survivor, [each for each in customers if each.pk != survivor.pk])
        chosen |= {"phone": survivor.pk, "email": survivor.pk}
        values |= {
            "survivor": survivor,
            "rows": side_by_side.rows(customers, chosen, member(request)),
            "counts": side_by_side.counts(customers),
        }
    return page(request, "customers/merging/merge.html", values, status=refusal.status if refusal else 200)


def _survivor(request: HttpRequest, customers: list[Customer]) -> Customer:
    wanted = request.POST.get("survivor") or request.GET.get("survivor") or ""
    return next((customer for customer in customers if str(customer.pk) == wanted), best_survivor(customers))

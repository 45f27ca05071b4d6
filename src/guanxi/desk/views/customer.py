"""The 360° page: the head, the timeline in the middle, and around it panels that load on their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guanxi.customers.models import Customer
from guanxi.customers.views.common import find_customer
from guanxi.customers.views.head import head_values
from guanxi.customers.views.notes import composer_values
from guanxi.customers.views.timeline import timeline, timeline_values
from guanxi.design.pages import is_htmx, page, toast
from guanxi.desk.panels import panels_for
from guanxi.staff.access import member, requires

_LONGEST_CHAIN = 20
_OF_TIMELINE = ("timeline", "timeline_more")


@requires("customers")
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Everything about one customer. The address of a record that was merged away leads to its survivor."""
    if is_htmx(request) and request.headers.get("HX-Target") in _OF_TIMELINE:
        return timeline(request, customer_id)  # one address for page and scrolling, without the head's queries
    try:
        found = find_customer(request, customer_id)
    except Http404:
        return _to_survivor(request, customer_id)
    asking = member(request)
    values = (
        head_values(request, found)
        | timeline_values(request, found)
        | composer_values(found)
        | {
            "starting": panels_for(asking, "start"),
            "ending": panels_for(asking, "end"),
            "view": "details" if request.GET.get("view") == "details" else "timeline",
        }
    )
    return page(request, "desk/customer.html", values)


def _to_survivor(request: HttpRequest, customer_id: int) -> HttpResponse:
    """To the record that took this one up, if the member may see that; a merge may have followed a merge."""
    survivor = customer_id
    for _step in range(_LONGEST_CHAIN):
        into = Customer.objects.filter(pk=survivor).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        survivor = into
    seen = Customer.objects.visible_to(member(request)).filter(pk=survivor).first()
    if survivor == customer_id or seen is None:
        raise Http404(_("There is no such customer, or it lies outside what you may see."))
    toast(request, _("That record was merged into %(name)s.") % {"name": seen}, level="info")
    return redirect("customer", survivor)

"""The timeline of one customer: as a page of its own for plain links, as a stretch of the list for htmx."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from guanxi.customers.models import Customer, Note
from guanxi.customers.panels.sentences import Reader
from guanxi.customers.panels.timeline import FILTERS
from guanxi.customers.panels.timeline import timeline as read_timeline
from guanxi.customers.views.common import find_customer
from guanxi.design.pages import page
from guanxi.kit.masking import mask_text
from guanxi.staff.access import member, requires

TEMPLATE = "customers/profile/timeline.html"


def timeline_values(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """The stretch of the timeline that the address asks for (`kind`, `before`), and the pinned notes at its top."""
    asking = member(request)
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    stretch = read_timeline(customer.pk, reader=Reader(asking.masks_contacts), kind=kind, before=before)
    pinned = (
        []
        if before
        else list(
            Note.objects.filter(customer=customer, is_pinned=True)
            .select_related("author")
            .prefetch_related("attachments")[:10]
        )
    )
    if asking.masks_contacts:
        for note in pinned:
            note.text = mask_text(note.text)
    return {
        "customer": customer,
        "stretch": stretch,
        "before": before,
        "filters": FILTERS,
        "pinned": pinned,
        "me": asking,
        "may_edit": asking.can("customers", "edit"),
        "may_delete": asking.can("customers", "delete"),
    }


@requires("customers")
def timeline(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page; htmx asks for its block `timeline`, or for `timeline_more` when the reader scrolls on."""
    customer = find_customer(request, customer_id)
    return page(request, TEMPLATE, timeline_values(request, customer))

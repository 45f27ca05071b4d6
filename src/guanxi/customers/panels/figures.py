"""The panel of figures: how much a customer bought, when they were last heard of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from guanxi.customers.models import Tally
from guanxi.customers.views.common import find_customer, panel
from guanxi.staff.access import requires


@requires("customers")
def figures(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel."""
    customer = find_customer(request, customer_id)
    tally = Tally.objects.filter(customer=customer).first() or Tally(customer=customer)
    average = tally.purchase_total / tally.purchase_count if tally.purchase_count else None
    return panel(request, "customers/profile/figures.html", customer, {"tally": tally, "average": average})

"""The panels that look back: who owned the customer, and which records were merged into it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from guanxi.customers.models import Customer, Merge, OwnershipChange
from guanxi.customers.views.common import find_customer, panel
from guanxi.staff.access import requires

_MOST = 20


@requires("customers")
def ownership(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Owner after owner, newest first."""
    customer = find_customer(request, customer_id)
    changes = OwnershipChange.objects.filter(customer=customer).select_related(
        "from_member", "to_member", "changed_by"
    )[: _MOST + 1]
    values = {"changes": changes[:_MOST], "has_more": len(changes) > _MOST}
    return panel(request, "customers/profile/ownership.html", customer, values)


@requires("customers")
def merges(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The merges into this record that stand, each with its undo."""
    customer = find_customer(request, customer_id)
    found = list(Merge.objects.filter(survivor=customer).select_related("member", "undone_by")[:_MOST])
    absorbed = Customer.objects.in_bulk([pk for merge in found for pk in merge.absorbed])
    rows: list[dict[str, Any]] = [
        {"merge": merge, "names": [str(absorbed.get(pk, f"#{pk}")) for pk in merge.absorbed]} for merge in found
    ]
    return panel(request, "customers/profile/merges.html", customer, {"rows": rows})

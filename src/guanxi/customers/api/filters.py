"""The list's own filters and orders, as parameters of the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja import Router

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.api.shapes import FilterOut
from guanxi.customers.listing.filters import Asking, Catalogue, Filters
from guanxi.customers.listing.filters.builtin import filters as builtin_filters
from guanxi.customers.listing.finding import Listing, choose_sort
from guanxi.customers.listing.places import Place
from guanxi.customers.listing.sorts import sorts
from guanxi.staff.api_auth import Caller, require

router = Router(tags=["customers"])


def _parameters() -> list[dict[str, Any]]:
    """The built-in filters, described. Several values of one parameter are alternatives."""
    return [
        {
            "name": parameter,
            "in": "query",
            "required": False,
            "description": f"Filter: {each.label}.",
            "schema": {"type": "array", "items": {"type": "string", "maxLength": 200}},
            "explode": True,
            "style": "form",
        }
        for each in builtin_filters()
        for parameter in each.parameters
    ]


PARAMETERS = _parameters()


@router.get("/customer-filters", response=list[FilterOut], summary="What customers can be filtered by")
def list_filters(request: HttpRequest) -> list[dict[str, Any]]:
    """Every filter there is now, those of the company's own fields included."""
    who = require(request, "customers", "see")
    asking = Asking(who.member, clock.now())
    return [
        {
            "name": each.name,
            "label": str(each.label),
            "group": str(each.group),
            "parameters": each.parameters,
            "choices": [(str(value), str(label)) for value, label in each.choices(asking)],
        }
        for each in Catalogue.now().filters.values()
    ]


def listing(query: QueryDict, who: Caller, *, sort: str = "", after: str = "", before: str = "") -> Listing:
    """The listing that an address asks for. Raises Refused where a filter, the order or the place is unusable."""
    catalogue = Catalogue.now()
    filters = Filters.read(query, Asking(who.member, clock.now()), catalogue)
    filters.refuse_problems()
    orders = sorts(catalogue.fields)
    if sort and sort.removeprefix("-") not in orders:
        raise Refused(
            _("There is no order %(sort)s. Use one of: %(sorts)s.") % {"sort": sort[:60], "sorts": ", ".join(orders)},
            field="sort",
        )
    order, falling = choose_sort(sort, filters, orders)
    for place in filter(None, (after, before)):
        if Place.read(place, order) is None:
            raise Refused(_("This is not the `next` of a page in this order."), field="after", code="cursor_unknown")
    return Listing(filters, order, falling)

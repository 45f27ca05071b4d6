"""Searching everything: customers by any part of what names them, and pages by their own names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from guanxi.customers.actions.finding import find
from guanxi.design.pages import is_htmx, page
from guanxi.desk.navigation import places_for
from guanxi.staff.access import member, signed_in

_IN_PALETTE, _ON_PAGE = 8, 50


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """The page, or its block for the palette. `q` is what was typed."""
    asking, typed = member(request), request.GET.get("q", "").strip()
    limit = _IN_PALETTE if is_htmx(request) else _ON_PAGE
    hits = find(typed, asking, limit=limit) if typed and asking.can("customers", "see") else []
    values = {
        "typed": typed,
        "hits": hits,
        "places": places_for(asking, typed),
        "may_add": asking.can("customers", "edit"),
    }
    return page(request, "desk/search.html", values)

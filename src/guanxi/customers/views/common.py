"""What every page around one customer does: find it within scope, answer page or fragment, say what happened."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.models import Customer
from guanxi.design.pages import is_htmx, page
from guanxi.staff.access import member

Show = Callable[..., HttpResponse]


def find_customer(request: HttpRequest, customer_id: int) -> Customer:
    """The customer, if this member's scope reaches it; else 404, which tells a stranger nothing."""
    found = (
        Customer.objects.visible_to(member(request))
        .select_related("stage", "owner", "source")
        .filter(pk=customer_id)
        .first()
    )
    if found is None:
        raise Http404(_("There is no such customer, or it lies outside what you may see."))
    return found


def panel(
    request: HttpRequest,
    template: str,
    customer: Customer,
    values: Mapping[str, Any],
    *,
    problem: Refused | None = None,
    typed: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A panel of the 360° page, or a page of its own for browsers without scripts. It says the `problem`, if any."""
    asking = member(request)
    context = {
        "customer": customer,
        "may_edit": asking.can("customers", "edit"),
        "masks": asking.masks_contacts,
        "problem": problem,
        "typed": defaultdict(str, typed or {}),
        **values,
    }
    return page(request, template, context, status=problem.status if problem else 200)


def changed(request: HttpRequest, customer: Customer, show: Show, *, at: str = "") -> HttpResponse:
    """After a change: the panel afresh for htmx, with word to the timeline; for a plain form back to the customer."""
    if is_htmx(request):
        return announce(show(request, customer))
    return back(request, customer, at=at)


def announce(response: HttpResponse, *further: str) -> HttpResponse:
    """Have the timeline, and whoever else listens, ask for itself afresh."""
    told = json.loads(response.headers.get("HX-Trigger") or "{}")
    told |= dict.fromkeys(("customer-changed", *further), True)
    response.headers["HX-Trigger"] = json.dumps(told)
    return response


def back(request: HttpRequest, customer: Customer, *, at: str = "") -> HttpResponse:
    """To where the form stood, if it says so and that is here; else to the customer's page."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect(reverse("customer", args=[customer.pk]) + (f"#{at}" if at else ""))


def say_refused(request: HttpRequest, refused: Refused) -> None:
    """The refusal as a notice on the next page."""
    messages.error(request, str(refused))


def number(text: str | None) -> int:
    """A row's id as a form sends it; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0

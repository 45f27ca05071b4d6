"""The panel of a customer's own facts, and editing one of them in place.

Whoever saves over a colleague's change is told who changed what, and chooses: keep theirs, or save one's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.actions.creating import EDITABLE, EditedMeanwhile, edit_customer
from guanxi.customers.models import Customer, Field
from guanxi.customers.panels.controls import form_for, shown, value_of
from guanxi.customers.panels.labels import OWN, label_of
from guanxi.customers.panels.sentences import text_of
from guanxi.customers.panels.timeline import actor_names
from guanxi.customers.views.common import announce, back, find_customer, number, panel
from guanxi.design.pages import block, is_htmx, page
from guanxi.staff.access import member, requires

TEMPLATE = "customers/profile/details.html"
FORM = "customers/profile/field.html"
ALWAYS = ("name", "company_name", "title", "gender", "birth_date", "city")
ORDER = (*ALWAYS, "region", "country", "address", "postcode", "language", "kind", "description")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: its name in addresses, its label, and its value in words."""

    name: str
    label: str
    value: str
    url: str = ""


@requires("customers")
def details(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel: what is known, then the rest folded away."""
    customer = find_customer(request, customer_id)
    own = list(Field.objects.filter(archived_at=None))
    rows = [_row(customer, name, own) for name in ORDER] + [_row(customer, OWN + field.key, own) for field in own]
    known = [row for row in rows if row.value or row.name in ALWAYS]
    return panel(request, TEMPLATE, customer, {"known": known, "unknown": [row for row in rows if row not in known]})


@requires("customers", "edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    """The small form of one fact; posting saves it."""
    customer = find_customer(request, customer_id)
    own = _own(name)
    if request.method == "GET":
        return _form(request, customer, name, own, typed=value_of(customer, name))
    typed: Any = request.POST.getlist("value") if own and own.kind == "multi_choice" else request.POST.get("value", "")
    try:
        saved = edit_customer(
            customer,
            by=member(request).actor,
            at=clock.now(),
            values={name: typed},
            version=number(request.POST.get("version")),
        )
    except EditedMeanwhile as conflict:
        return _form(request, customer, name, own, typed=typed, problem=conflict, since=_opened(request))
    except Refused as refused:
        return _form(request, customer, name, own, typed=typed, problem=refused)
    if not is_htmx(request):
        return back(request, saved, at="details")
    row = _row(saved, name, [own] if own else [])
    context = {"customer": saved, "row": row}
    further = ("customer-renamed",) if name in ("name", "kind", "company_name", "title") else ()
    return announce(HttpResponse(block(request, FORM, "field_value", context)), *further)


def _form(
    request: HttpRequest,
    customer: Customer,
    name: str,
    own: Field | None,
    *,
    typed: Any,
    problem: Refused | None = None,
    since: datetime | None = None,
) -> HttpResponse:
    is_conflict = isinstance(problem, EditedMeanwhile)
    context = {
        "customer": customer,
        "name": name,
        "label": _label(name, own),
        "form": form_for(name, own, typed, error="" if is_conflict or problem is None else str(problem)),
        "opened": int(clock.now().timestamp()),
        "problem": problem,
        "meanwhile": _changes_since(customer, since or clock.now()) if is_conflict else [],
        "theirs": shown(customer, name, own) if is_conflict else "",
        "is_conflict": is_conflict,
        "action": reverse("customer_field", args=[customer.pk, name]),
    }
    status = problem.status if problem else 200
    if is_htmx(request):
        return HttpResponse(block(request, FORM, "field_form", context), status=status)
    return page(request, FORM, context, status=status)


def _changes_since(customer: Customer, since: datetime) -> list[dict[str, Any]]:
    """Who changed what after the form was opened, newest first."""
    # A minute's grace: two processes' clocks, and a change that committed while the form was rendered.
    found = list(
        Event.objects.of_customer(customer.pk).filter(
            name=events.CUSTOMER_EDITED, occurred_at__gte=since - timedelta(minutes=1)
        )[:5]
    )
    names = actor_names(found)
    own = {str(pk): name for pk, name in Field.objects.values_list("pk", "name")}
    return [
        {
            "who": names.get((event.actor_kind, event.actor_id), _("Somebody")),
            "at": event.occurred_at,
            "label": label_of(field, lambda: own),
            "before": text_of(pair[0]),
            "after": text_of(pair[1]),
        }
        for event in found
        for field, pair in (event.payload.get("changes") or {}).items()
    ]


def _opened(request: HttpRequest) -> datetime | None:
    """When the form was opened, as it says; only used to choose which changes are told."""
    seconds = number(request.POST.get("opened"))
    now = clock.now()
    return (
        max(now - timedelta(days=7), now.fromtimestamp(min(seconds, now.timestamp()), now.tzinfo)) if seconds else None
    )


def _own(name: str) -> Field | None:
    """The company's own field that an address names; None for a model's. 404 for neither."""
    if name in EDITABLE:
        return None
    key = name.removeprefix(OWN)
    field = Field.objects.filter(pk=number(key), archived_at=None).first() if key != name else None
    if field is None:
        raise Http404(_("There is no such field."))
    return field


def _row(customer: Customer, name: str, own: list[Field]) -> Row:
    field = next((each for each in own if OWN + each.key == name), None)
    words = shown(customer, name, field)
    url = ""
    if field is not None and words:
        raw = customer.fields.get(field.key)
        if field.kind == Field.Kind.LINK:
            url = str(raw)
        elif field.kind == Field.Kind.REFERENCE and isinstance(raw, int):
            url = reverse("customer", args=[raw])
    return Row(name, _label(name, field), words, url)


def _label(name: str, own: Field | None) -> str:
    return own.name if own else label_of(name, dict)

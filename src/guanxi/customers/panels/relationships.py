"""The panel of relationships: whom this customer is related to, and how it reads from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.relating import relate, unrelate
from guanxi.customers.models import Customer, Relationship, RelationshipKind
from guanxi.customers.views.common import changed, find_customer, number, panel
from guanxi.design.pages import toast
from guanxi.staff.access import member, requires

TEMPLATE = "customers/profile/relationships.html"
_MOST = 50
_REVERSE = "-"


@dataclass(frozen=True, slots=True)
class Tie:
    """One relationship as it reads from the customer on the page."""

    relationship: Relationship
    words: str
    other: Customer
    is_visible: bool


@requires("customers")
def relationships(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel."""
    return _show(request, find_customer(request, customer_id))


@requires("customers", "edit")
@require_POST
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Relate two customers; a kind sent as `-<id>` is told from its other end (referred by)."""
    customer = find_customer(request, customer_id)
    chosen, typed = request.POST.get("kind", ""), request.POST.dict()
    kind = RelationshipKind.objects.filter(pk=number(chosen.removeprefix(_REVERSE))).first()
    other = Customer.objects.visible_to(member(request)).filter(pk=number(request.POST.get("other"))).first()
    try:
        if kind is None:
            raise Refused(_("Choose how the two are related."), field="kind")
        if other is None:
            raise Refused(_("Choose the other customer: type part of a name or a phone."), field="other")
        one, two = (other, customer) if chosen.startswith(_REVERSE) else (customer, other)
        made = relate(one, two, kind=kind, by=member(request).actor, at=clock.now())
    except Refused as refused:
        return _show(request, customer, problem=refused, typed=typed)
    if made is None:
        toast(request, _("That was known already."), level="info")
    return changed(request, customer, _show, at="relationships")


@requires("customers", "edit")
@require_POST
def remove(request: HttpRequest, customer_id: int, relationship_id: int) -> HttpResponse:
    """Take one away, with an Undo."""
    customer = find_customer(request, customer_id)
    tie = get_object_or_404(
        Relationship.objects.filter(Q(customer=customer) | Q(other=customer)).select_related(
            "customer", "other", "kind"
        ),
        pk=relationship_id,
    )
    is_from_here = tie.customer_id == customer.pk
    if unrelate(tie, by=member(request).actor, at=clock.now()):
        kind = f"{'' if is_from_here else _REVERSE}{tie.kind_id}"
        other = tie.other_id if is_from_here else tie.customer_id
        undo = reverse("customer_relationship_restore", args=[customer.pk, other, kind])
        toast(request, _("The relationship was removed."), undo_url=undo)
    return changed(request, customer, _show, at="relationships")


@requires("customers", "edit")
@require_POST
def restore(request: HttpRequest, customer_id: int, other_id: int, kind: str) -> HttpResponse:
    """Undo a removal."""
    customer = find_customer(request, customer_id)
    other = find_customer(request, other_id)
    named = get_object_or_404(RelationshipKind, pk=number(kind.removeprefix(_REVERSE)))
    one, two = (other, customer) if kind.startswith(_REVERSE) else (customer, other)
    relate(one, two, kind=named, by=member(request).actor, at=clock.now())
    return changed(request, customer, _show, at="relationships")


def _show(
    request: HttpRequest,
    customer: Customer,
    *,
    problem: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    ties = list(
        Relationship.objects.filter(Q(customer=customer) | Q(other=customer)).select_related(
            "customer", "other", "kind"
        )[: _MOST + 1]
    )
    others = [tie.other_id if tie.customer_id == customer.pk else tie.customer_id for tie in ties]
    visible = set(Customer.objects.visible_to(member(request)).filter(pk__in=others).values_list("pk", flat=True))
    rows = [_tie(tie, customer, visible) for tie in ties[:_MOST]]
    values = {"ties": rows, "has_more": len(ties) > _MOST, "kinds": _kinds()}
    if problem and problem.field == "kind" and not values["kinds"]:
        problem = Refused(_("There are no kinds of relationships yet: an administrator makes them in the settings."))
    return panel(request, TEMPLATE, customer, values, problem=problem, typed=typed)


def _tie(tie: Relationship, customer: Customer, visible: set[int]) -> Tie:
    is_from_here = tie.customer_id == customer.pk
    other = tie.other if is_from_here else tie.customer
    words = tie.kind.name if is_from_here else tie.kind.reverse_name or tie.kind.name
    return Tie(tie, words, other, other.pk in visible)


def _kinds() -> list[tuple[str, str]]:
    """Each kind, and each that reads otherwise from its far end a second time."""
    choices = []
    for kind in RelationshipKind.objects.all():
        choices.append((str(kind.pk), kind.name))
        if not kind.is_symmetric:
            choices.append((f"{_REVERSE}{kind.pk}", kind.reverse_name))
    return choices

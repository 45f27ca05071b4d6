"""Who may be meant, while a new customer is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.actions.finding import find
from guanxi.customers.actions.identities import normalise
from guanxi.customers.models import Customer, Identity
from guanxi.kit.text import fold
from guanxi.staff.models import Member


@dataclass(frozen=True, slots=True)
class Likely:
    """A customer who may be the one being typed, and why. Out of the member's scope `customer` is None."""

    customer: Customer | None
    reason: str
    is_certain: bool


def likely_same(values: Mapping[str, str], member: Member) -> list[Likely]:
    """Customers with the phone or e-mail typed, then those of the very name; five at most."""
    found: dict[int, Likely] = {}
    for kind, words in (("phone", _("the same phone")), ("email", _("the same e-mail"))):
        if identity := _identity(kind, values.get(kind, "")):
            seen = Customer.objects.visible_to(member).filter(pk=identity.customer_id).first()
            found[identity.customer_id] = Likely(seen, words, True)
    name = fold(values.get("name", ""))
    if len(name) > 1:
        hits = [hit for hit in find(values["name"], member, limit=5) if fold(hit.name) == name]
        customers = Customer.objects.visible_to(member).in_bulk([hit.id for hit in hits])
        for customer_id, customer in customers.items():
            found.setdefault(customer_id, Likely(customer, _("the same name"), False))
    return list(found.values())[:5]


def _identity(kind: str, typed: str) -> Identity | None:
    if not typed.strip():
        return None
    try:
        ref = normalise(kind, typed)
    except Refused:
        return None  # still being typed
    return Identity.objects.filter(kind=ref.kind, namespace="", value=ref.value).first()

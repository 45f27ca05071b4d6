"""Who may be meant, while a new customer is typed, in the words of the warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.actions.identities import normalise
from guanxi.customers.duplicates.checking import similar_to
from guanxi.customers.models import Customer, Identity
from guanxi.staff.models import Member

_MOST = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """A customer who may be the one being typed, and why. Out of the member's scope `customer` is None."""

    customer: Customer | None
    reason: str


def likely_same(values: Mapping[str, str], member: Member) -> list[Likely]:
    """Customers like the one typed, the likeliest first; and that there is one, where the member may not see them."""
    found = [Likely(customer, _words(reasons)) for customer, reasons in similar_to(values, member)]
    known = {each.customer.pk for each in found if each.customer}
    hidden = [
        Likely(None, words)
        for kind, words in (("phone", _("the same phone")), ("email", _("the same e-mail")))
        if (owner := _named_by(kind, values.get(kind, ""))) and owner not in known
    ]
    return (hidden + found)[:_MOST]


def _words(reasons: list[tuple[str, str]]) -> str:
    """`[("phone", "same"), ("name", "close")]` as “the same phone, a similar name”."""
    names = {
        ("phone", "same"): _("the same phone"),
        ("email", "same"): _("the same e-mail"),
        ("name", "same"): _("the same name"),
        ("birth_date", "same"): _("the same birthday"),
        ("city", "same"): _("the same city"),
        ("company_name", "same"): _("the same company"),
        ("company", "same"): _("the same company"),
        ("email", "close"): _("a similar e-mail"),
        ("name", "close"): _("a similar name"),
    }
    return ", ".join(dict.fromkeys(names.get(reason, _("a likeness")) for reason in reasons))


def _named_by(kind: str, typed: str) -> int:
    """The customer whom this phone or e-mail names already; 0 for nobody."""
    if not typed.strip():
        return 0
    try:
        ref = normalise(kind, typed)
    except Refused:
        return 0  # still being typed
    owner = Identity.objects.filter(kind=ref.kind, namespace="", value=ref.value).values_list("customer_id", flat=True)
    return owner.first() or 0

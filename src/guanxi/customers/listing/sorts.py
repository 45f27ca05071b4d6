"""The orders in which customers can be listed, each with the index that carries it.

Customers without a value come last whichever way the list runs, newest or oldest among themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.listing.expressions import own_key
from guanxi.customers.listing.filters.base import Words
from guanxi.customers.listing.filters.own import PREFIX
from guanxi.customers.models import Field

NEWEST = "newest"


@dataclass(frozen=True)
class Sort:
    """An order: by `value`, then by id. Without a value (`newest`) by id alone.

    `present` is the condition under which a customer has a value, as the partial index states it, `absent` its
    opposite. `type` is that of the values. `falls` where the natural way is from the greatest down.
    """

    key: str
    label: Words
    value: Any = None
    present: Q | None = None
    absent: Q | None = None
    type: type = str
    falls: bool = False
    customer: str = "pk"
    """The id as the index has it: beside the value, in the same table, or no range of the index can be read."""

    @property
    def by_id(self) -> bool:
        return self.value is None


def _column(key: str, label: Words, column: str, type_: type = str, *, empty: Any = None, **more: Any) -> Sort:
    return Sort(key, label, F(column), ~Q(**{column: empty}), Q(**{column: empty}), type_, **more)


def _tally(key: str, label: Words, column: str, type_: type) -> Sort:
    path = f"tally__{column}"
    present, absent = Q(**{f"{path}__isnull": False}), Q(**{f"{path}__isnull": True})
    return Sort(key, label, F(path), present, absent, type_, falls=True, customer="tally__customer_id")


_UNSORTED = {Field.Kind.MULTI_CHOICE, Field.Kind.REFERENCE, Field.Kind.LINK}


def _own(field: Field) -> Sort:
    value = own_key(field)
    type_ = Decimal if field.kind == Field.Kind.NUMBER else str
    return Sort(PREFIX + field.slug, field.name, value, Q(IsNull(value, False)), Q(IsNull(value, True)), type_)


def sorts(fields: list[Field]) -> dict[str, Sort]:
    """Every order there is now, by the key that an address calls it."""
    found = [
        Sort(NEWEST, _("Newest"), falls=True),
        _column("name", pgettext_lazy("customer", "Name"), "name", empty=""),
        _column("created", _("Added"), "created_at", datetime, falls=True),
        _column("birthday", _("Birthday"), "birth_date", date),
        _column("city", _("City"), "city", empty=""),
        _column("company", _("Company"), "company_name", empty=""),
        _column("stage", _("Stage"), "stage_id", int),
        _tally("last_event", _("Last activity"), "last_event_at", datetime),
        _tally("last_purchase", _("Last purchase"), "last_purchase_at", datetime),
        _tally("events", _("Events"), "event_count", int),
        _tally("purchases", _("Purchases"), "purchase_count", int),
        _tally("purchase_total", _("Purchases total"), "purchase_total", Decimal),
        *(_own(field) for field in fields if field.kind not in _UNSORTED),
    ]
    return {sort.key: sort for sort in found}

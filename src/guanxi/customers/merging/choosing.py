"""Which record survives a merge and whose value of each field wins, when nobody says otherwise.

The fullest record survives. Its values stand; where it has none, the value of the record edited last. The place
where a customer lives is taken whole from one record, so that no street lands in the wrong city.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from guanxi.customers.models import Customer

PLACE = ("country", "region", "city", "address", "postcode")
COLUMNS = (
    "kind", "name", "gender", "birth_date", "title", "company_name", "language", *PLACE,
    "description", "stage", "owner", "source",
)  # fmt: skip
CONTACTS = ("phone", "email")
OWN = "field:"


def value_of(customer: Customer, field: str) -> Any:
    """The value of a field as it is kept: a column, the id behind a foreign key, or `field:<id>` of the own fields."""
    if field.startswith(OWN):
        return customer.fields.get(field.removeprefix(OWN))
    return getattr(customer, f"{field}_id" if field in ("stage", "owner", "source") else field)


def is_filled(value: Any) -> bool:
    return value is not None and value != "" and value != []


def fields_of(customers: Iterable[Customer]) -> list[str]:
    """Every field in which these records could differ: the columns, then their own fields."""
    own = {key for customer in customers for key in customer.fields}
    return [*COLUMNS, *(f"{OWN}{key}" for key in sorted(own, key=_by_number))]


def best_survivor(customers: Sequence[Customer]) -> Customer:
    """The record with most filled in; of equals the oldest."""
    return min(customers, key=lambda customer: (-_fullness(customer), customer.pk))


def default_choices(survivor: Customer, absorbed: Sequence[Customer]) -> dict[str, int]:
    """For each field the id of the record whose value wins."""
    by_recency = sorted(absorbed, key=lambda customer: (customer.updated_at, customer.pk), reverse=True)
    order = [survivor, *by_recency]
    choices = {field: _first_filled(order, field) for field in fields_of(order)}
    # The first source is where the customer came from.
    known = [customer for customer in order if customer.source_id]
    if known:
        choices["source"] = min(known, key=lambda customer: (customer.created_at, customer.pk)).pk
    home = next((c for c in order if any(is_filled(value_of(c, field)) for field in PLACE)), survivor)
    return choices | dict.fromkeys(PLACE, home.pk)


def _first_filled(order: Sequence[Customer], field: str) -> int:
    return next((c.pk for c in order if is_filled(value_of(c, field))), order[0].pk)


def _fullness(customer: Customer) -> int:
    return sum(is_filled(value_of(customer, field)) for field in fields_of([customer]))


def _by_number(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdigit() else (2**63, key)

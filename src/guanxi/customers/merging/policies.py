"""What merging, erasing and exporting a customer do to each table that points at one.

Every domain declares its own in `policies.py`: `register(Policy(Note, "customer", merge=Follow(), …))`. A test walks
all models and fails for a foreign key to Customer without a policy. Tables that hold a customer's id without a
foreign key (the event log) are declared all the same.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from django.db import models
from django.utils.module_loading import autodiscover_modules

from guanxi.customers.merging.acts import Merging, Undoing


class MergeRule(Protocol):
    """What a merge does to the rows of one table, and how it is taken back."""

    def merge(self, policy: Policy, act: Merging) -> None:
        """Give the rows of the absorbed to the survivor and write into `act.journal` what was done."""

    def undo(self, policy: Policy, act: Undoing) -> None:
        """Take back what the journal says was done, and nothing that came later."""


class Erasure(enum.Enum):
    """What becomes of the rows when a customer's data are erased."""

    DELETE = "delete"
    BLANK = "blank"  # the row stays for the books, without what points at the person
    KEEP = "keep"  # says nothing about the person


class Export(enum.Enum):
    """Whether the rows belong into the copy of their data that a customer may ask for."""

    INCLUDE = "include"
    LEAVE_OUT = "leave_out"  # derived, or about how the company works


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one table. `columns` are the fields of `model` that hold a customer's id.

    `key` is the column that, with the customer's id, names one row. `why` says what is not plain to see.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    merge: MergeRule
    erase: Erasure
    export: Export
    key: str = "id"
    why: str = field(default="", kw_only=True)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def database_columns(self) -> tuple[str, ...]:
        """The columns as the database calls them: customer_id for `customer`."""
        return tuple(str(self._field(name).column) for name in self.columns)

    def _field(self, name: str) -> models.Field[Any, Any]:
        found = self.model._meta.get_field(name)
        if not isinstance(found, models.Field):
            raise TypeError(f"{self.model.__name__}.{name} is no column.")
        return found


_policies: list[Policy] = []


def register(*declared: Policy) -> None:
    """Declare policies; called at import of a domain's policies.py. A merge follows them in this order."""
    for policy in declared:
        if any(known.model is policy.model for known in _policies):
            raise ValueError(f"{policy.model.__name__} has two policies.")
        _policies.append(policy)


@cache
def _load() -> None:
    autodiscover_modules("policies")


def policies() -> list[Policy]:
    """Every domain's policies, in the order of declaration."""
    _load()
    return list(_policies)

"""A row of the file, cleaned: whom it names, what it says of them, and what happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from guanxi.customers.actions.identities import IdentityRef


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell can't be taken: a stable code and a sentence for a person."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Link:
    """That the row's customer is related to another, whom an id names."""

    kind: str
    other: IdentityRef
    column: str


@dataclass(slots=True)
class Purchase:
    """What a line of a shop or till says happened. `key` tells it from every other line of the same origin."""

    name: str
    at: datetime
    amount: Decimal
    currency: str
    payload: dict[str, Any]
    key: str


@dataclass(slots=True)
class Row:
    """What of a row can land. `values` are columns of Customer, `own` values of own fields by their key."""

    number: int
    cells: list[str]
    who: tuple[IdentityRef, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    purchase: Purchase | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken of a row and why; `has_landed` when the rest of the row was."""

    number: int
    column: str
    problem: Problem
    cells: list[str]
    has_landed: bool = False

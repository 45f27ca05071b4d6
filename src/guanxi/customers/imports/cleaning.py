"""From rows of text to rows that can land: cells are read column by column, then each row is put together.

What can't be read is told apart by what it costs. A bad cell that is only an ornament (a birthday, a city) is left
out and noted; the row lands. A bad phone, e-mail or id is left out too as long as another one names the customer;
when none is left, the row is refused, since it would make a customer whom nobody could tell from others. A
transaction without its moment or its amount is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.imports.cells import Remembered, phone_reader, reader
from guanxi.customers.imports.keys import LineKeys
from guanxi.customers.imports.lookups import Lookups
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.purchases import purchase_of
from guanxi.customers.imports.rows import Link, Problem, Refusal, Row
from guanxi.customers.imports.targets import IDENTITIES
from guanxi.kit.text import has_han

# Targets that are columns of Customer, as they are.
_VALUES = frozenset(
    [
        "name",
        "title",
        "company_name",
        "gender",
        "birth_date",
        "language",
        "kind",
        "description",
        "country",
        "region",
        "city",
        "address",
        "postcode",
        "created_at",
        "source",
    ]
)


@dataclass(slots=True)
class Cleaned:
    """What became of some rows: those that can land, and what can't. `count` is how many were looked at."""

    count: int = 0
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class _Mapped:
    """A mapped column: where it stands, what it is, and how its cells read."""

    place: int
    column: Column
    family: str
    read: Remembered


class Cleaner:
    """Cleans rows by a plan. Keeps count of repeated lines, so one cleaner goes through a file once, from its start."""

    def __init__(self, plan: Plan, lookups: Lookups, *, now: datetime) -> None:
        self.plan = plan
        self.lookups = lookups
        self.keys = LineKeys(plan)
        self.width = len(plan.columns)
        self.mapped = [
            _Mapped(place, column, column.family, reader(column, plan, now=now, own=lookups.fields))
            for place, column in enumerate(plan.columns)
            if column.target
        ]
        self._phone = phone_reader(plan)
        self._countries = plan.places("country")
        self._has_parts = plan.has("first_name") or plan.has("last_name")

    def clean(self, numbered: Sequence[tuple[int, list[str]]]) -> Cleaned:
        """The rows, each given with its number, as they can land."""
        cleaned = Cleaned(count=len(numbered))
        fitting = [each for each in numbered if len(each[1]) <= self.width]
        if len(fitting) != len(numbered):
            cleaned.refusals += [
                Refusal(number, "", self._too_wide(len(cells)), cells)
                for number, cells in numbered
                if len(cells) > self.width
            ]
        read = self.read([cells for _number, cells in fitting])
        for (number, cells), values in zip(fitting, zip(*read, strict=True), strict=True):
            self._assemble(Row(number, cells), values, cleaned)
        return cleaned

    def skip(self, numbered: Iterable[tuple[int, list[str]]]) -> None:
        """Pass over rows that landed before the work was interrupted, counting only what later rows depend on."""
        for _number, cells in numbered:
            if self.plan.is_transactions and len(cells) <= self.width:
                self.keys.of(cells)

    def read(self, rows: Sequence[list[str]]) -> list[list[Any]]:
        """For each mapped column, what every row says there: a value, a Problem, or None."""
        by_column = list(zip(*rows, strict=True)) or [()] * self.width
        read = [list(map(mapped.read.__getitem__, by_column[mapped.place])) for mapped in self.mapped]
        if self._countries:
            self._read_phones_by_country(by_column, read)
        return read

    def _read_phones_by_country(self, by_column: Sequence[Sequence[str]], read: list[list[Any]]) -> None:
        """A phone without a code is of its own row's country."""
        countries = next(values for mapped, values in zip(self.mapped, read, strict=True) if mapped.family == "country")
        for mapped, values in zip(self.mapped, read, strict=True):
            if mapped.family == "phone":
                for at, country in enumerate(countries):
                    if isinstance(country, str) and country != self.plan.country:
                        values[at] = self._phone(by_column[mapped.place][at], country)

    def _assemble(self, row: Row, values: tuple[Any, ...], cleaned: Cleaned) -> None:
        told: dict[str, Any] = {}
        who: dict[IdentityRef, None] = {}
        problems: list[tuple[Column, Problem]] = []
        for mapped, value in zip(self.mapped, values, strict=True):
            if value is None:
                continue
            family = mapped.family
            if type(value) is Problem:
                problems.append((mapped.column, value))
            elif family in _PLAIN:
                told.setdefault(family, value)
            elif family in ("phone", "email"):
                who.update(dict.fromkeys(value))
            elif family in IDENTITIES:
                who[value] = None
            else:
                self._add(row, told, mapped.column, value, problems)
        row.who = tuple(who)
        if self._has_parts and (name := _full_name(told)):
            told.setdefault("name", name)
        row.values |= {name: told[name] for name in told.keys() & _VALUES}
        self._judge(row, told, problems, cleaned)

    def _add(
        self, row: Row, told: dict[str, Any], column: Column, value: Any, problems: list[tuple[Column, Problem]]
    ) -> None:
        """What of a cell is more than one plain value of the customer."""
        match column.family:
            case "field":
                row.own[column.detail] = value
            case "relation":
                row.links += (Link(column.detail, value, column.name),)
            case "tags":
                row.tags += value
            case "description":
                told["description"] = f"{told['description']}\n{value}" if "description" in told else value
            case "property":
                told.setdefault("property", {})[column.name] = value
            case family:  # stage or owner
                found = self.lookups.find(family, value)
                if isinstance(found, Problem):
                    problems.append((column, found))
                else:
                    row.values[f"{family}_id"] = found

    def _judge(self, row: Row, told: dict[str, Any], problems: list[tuple[Column, Problem]], cleaned: Cleaned) -> None:
        """Whether the row lands, and what of it does not."""
        fatal = self._nobody(row, problems)
        if self.plan.is_transactions:
            purchase = purchase_of(self.plan, told, self.keys.of(row.cells), problems)
            if isinstance(purchase, tuple):
                fatal = fatal or purchase
            else:
                row.purchase = purchase
        if fatal is not None:
            cleaned.refusals.append(Refusal(row.number, *fatal, row.cells))
            return
        cleaned.rows.append(row)
        if problems:
            cleaned.refusals += [
                Refusal(row.number, column.name, problem, row.cells, has_landed=True) for column, problem in problems
            ]

    def _nobody(self, row: Row, problems: list[tuple[Column, Problem]]) -> tuple[str, Problem] | None:
        """Why the row names nobody it could land on; None when it names somebody, or a line need not."""
        if row.who:
            return None
        has_name = bool(row.values.get("name") or row.values.get("company_name"))
        bad = next(((column.name, problem) for column, problem in problems if column.family in IDENTITIES), None)
        if bad and not (has_name and self.plan.takes_unreachable):
            return bad
        if has_name or self.plan.is_transactions:
            return None
        return "", Problem("row_nameless", _("The row has no name, phone, e-mail or id."))

    def _too_wide(self, count: int) -> Problem:
        return Problem(
            "row_too_wide",
            _("The row has %(count)d cells where the table has %(width)d. A quotation mark or a delimiter is too many.")
            % {"count": count, "width": self.width},
        )


_PLAIN = (_VALUES - {"description"}) | frozenset(
    [
        "first_name",
        "last_name",
        "at",
        "amount",
        "quantity",
        "price",
        "currency",
        "order",
        "product",
        "product_id",
        "category",
        "event_key",
    ]
)


def _full_name(told: dict[str, Any]) -> str:
    """Given and family name as one: 张三 in Chinese, Jane Smith elsewhere."""
    given, family = told.get("first_name") or "", told.get("last_name") or ""
    if has_han(given + family):
        return f"{family}{given}"
    return f"{given} {family}".strip()

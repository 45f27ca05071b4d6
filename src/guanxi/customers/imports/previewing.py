"""The first rows as they will land: each cell's cleaned value in words, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.actions.values import show_value
from guanxi.customers.imports.cleaning import Cleaner
from guanxi.customers.imports.lookups import Lookups
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.rows import Problem, Refusal
from guanxi.customers.imports.targets import LABELS
from guanxi.customers.models import Customer, Field, RelationshipKind
from guanxi.design import formats
from guanxi.kit.money import Money
from guanxi.kit.phone import format_phone

PREVIEWED = 20


@dataclass(slots=True)
class Cell:
    """What a cell will be; `was` is the file's own text where that differs."""

    text: str
    was: str = ""
    problem: str = ""


@dataclass(slots=True)
class PreviewRow:
    """A row as it will land, or why it will not."""

    number: int
    cells: list[Cell]
    refused: str = ""
    notes: list[str] = field(default_factory=list)


def preview(plan: Plan, numbered: Sequence[tuple[int, list[str]]], *, now: datetime) -> list[PreviewRow]:
    """The rows as they will land, without touching the database. Columns that are left out are not shown."""
    lookups = Lookups(plan)
    read = Cleaner(plan, lookups, now=now)
    refusals: dict[int, list[Refusal]] = {}
    for refusal in Cleaner(plan, lookups, now=now).clean(numbered).refusals:
        refusals.setdefault(refusal.number, []).append(refusal)
    rows: list[PreviewRow] = []
    for number, cells in numbered:
        told = refusals.get(number, [])
        whole = next((str(each.problem.sentence) for each in told if not each.has_landed), "")
        at_fault = {each.column for each in told}
        row = PreviewRow(number, [], refused=whole)
        if len(cells) <= len(plan.columns):
            for mapped, (value,) in zip(read.mapped, read.read([cells]), strict=True):
                shown = show(mapped.column, value, cells[mapped.place], plan, lookups)
                row.cells.append(shown)
                if mapped.column.name in at_fault and not shown.problem:
                    shown.problem = next(
                        str(each.problem.sentence) for each in told if each.column == mapped.column.name
                    )
        rows.append(row)
    return rows


def show(column: Column, value: Any, raw: str, plan: Plan, lookups: Lookups) -> Cell:
    """One cell in words."""
    if isinstance(value, Problem):
        return Cell(raw[:80], problem=value.sentence)
    text = "" if value is None else _words(column, value, plan, lookups)
    return Cell(text, was=raw[:80] if text != raw else "")


def heading(column: Column) -> str:
    """What a mapped column becomes, in words."""
    if column.family == "field":
        found = Field.objects.filter(pk=column.detail).first()
        return found.name if found else column.name
    if column.family == "new_field":
        return _("New field: %(name)s") % {"name": column.name}
    if column.family == "relation":
        kind = RelationshipKind.objects.filter(slug=column.detail).first()
        return kind.name if kind else _("Works at")
    if column.family == "property":
        return column.name
    return str(LABELS.get(column.target, column.target))


def _words(column: Column, value: Any, plan: Plan, lookups: Lookups) -> str:
    if isinstance(value, IdentityRef):
        return format_phone(value.value, plan.country) if value.kind == "phone" else value.value
    if isinstance(value, tuple):
        return ", ".join(each if isinstance(each, str) else _words(column, each, plan, lookups) for each in value)
    if isinstance(value, Money):
        return formats.money(value.amount, value.currency)
    if isinstance(value, datetime):
        return formats.datetime(value.astimezone(plan.zone))
    if isinstance(value, date):
        return formats.date(value)
    if column.family == "field":
        return str(show_value(lookups.fields[column.detail], value))
    if column.family in ("gender", "kind"):
        choices = dict(Customer.Gender.choices if column.family == "gender" else Customer.Kind.choices)
        return str(choices.get(value, value))
    if column.family == "country":
        from guanxi.customers.imports.countries import country_names

        return country_names().get(str(value), str(value))
    return str(value)

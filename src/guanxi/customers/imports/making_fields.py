"""Making what a mapping asks for and is not there yet, when its import starts: own fields, a kind of relationship."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.targets import WORKS_AT
from guanxi.customers.imports.words import is_placeholder
from guanxi.customers.models import Field, Import, RelationshipKind
from guanxi.kit.tables import Table
from guanxi.kit.text import clean

MOST_CHOICES = 200
_CHOSEN = frozenset({"choice", "multi_choice"})


def make_fields(imported: Import, table: Table) -> None:
    """Make each field that is mapped as new and map its column to it; saves nothing of the import itself.

    A field of this name that is there already is used when its kind is the same. Choices are all that the whole
    file holds; a column with more than 200 of them becomes a text.
    """
    plan = Plan.of(imported)
    if any(column.target == f"relation:{WORKS_AT}" for column in plan.columns):
        _make_works_at()
    if not plan.has("new_field"):
        return
    choices = _choices(plan, table)
    columns = tuple(
        replace(column, target=f"field:{_field(column, choices.get(place, [])).pk}")
        if column.family == "new_field"
        else column
        for place, column in enumerate(plan.columns)
    )
    replace(plan, columns=columns).keep_in(imported)


def _make_works_at() -> None:
    last = RelationshipKind.objects.aggregate(last=Max("position"))["last"] or 0
    RelationshipKind.objects.get_or_create(
        slug=WORKS_AT, defaults={"name": _("works at"), "reverse_name": _("employs"), "position": last + 1}
    )


def _choices(plan: Plan, table: Table) -> dict[int, list[str]]:
    wanted = [
        place for place, column in enumerate(plan.columns) if column.family == "new_field" and column.detail in _CHOSEN
    ]
    found: dict[int, dict[str, str]] = {place: {} for place in wanted}
    if wanted:
        for row in table.rows():
            for place in wanted:
                if len(found[place]) <= MOST_CHOICES and place < len(row) and row[place]:
                    for part in _parts(row[place], plan.columns[place].detail):
                        found[place].setdefault(part.casefold(), part)
    return {place: list(each.values()) for place, each in found.items()}


def _parts(cell: str, kind: str) -> list[str]:
    if is_placeholder(cell):
        return []
    pieces = (
        cell.replace("、", ",").replace(";", ",").replace("|", ",").split(",") if kind == "multi_choice" else [cell]
    )
    return [part for piece in pieces if (part := clean(piece))]


def _field(column: Column, choices: list[str]) -> Field:
    kind = column.detail
    if kind in _CHOSEN and (not choices or len(choices) > MOST_CHOICES or max(map(len, choices)) > 120):
        kind, choices = Field.Kind.TEXT.value, []
    name = clean(column.name)[:80]
    there = Field.objects.filter(name__iexact=name).first()
    if there is not None and there.kind == kind:
        there.archived_at = None
        there.choices = [*there.choices, *(choice for choice in choices if choice not in there.choices)]
        there.save(update_fields=["archived_at", "choices"])
        return there
    last = Field.objects.aggregate(last=Max("position"))["last"] or 0
    return Field.objects.create(
        name=name if there is None else _free(name, "name", " "),
        slug=_free(slugify(name, allow_unicode=True)[:50] or "field", "slug", "-"),
        kind=kind,
        choices=choices,
        position=last + 1,
    )


def _free(wanted: str, column: str, mark: str) -> str:
    taken = set(Field.objects.filter(**{f"{column}__startswith": wanted}).values_list(column, flat=True))
    return next(each for each in (wanted, *(f"{wanted[:74]}{mark}{n}" for n in range(2, 1_000))) if each not in taken)

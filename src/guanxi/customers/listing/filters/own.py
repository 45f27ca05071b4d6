"""Filters over the company's own fields, by kind of field. `field.<slug>` in an address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Q, TextField, Value
from django.db.models.lookups import Exact, GreaterThanOrEqual, IContains, IsNull, LessThan, LessThanOrEqual
from django.utils.translation import gettext as _

from guanxi.customers.listing.expressions import LONGEST_KEY, HasAllOf, HasAnyOf, own_json, own_key, own_text
from guanxi.customers.listing.filters.base import Asking, Filter, Given, Walk, given_one, given_values
from guanxi.customers.listing.filters.builtin import OWN
from guanxi.customers.listing.filters.ranging import Between, Dates, DateSpan
from guanxi.customers.models import Customer, Field

PREFIX = "field."


def index_name(field: Field) -> str:
    """The index that carries filters and sorts by this field."""
    return f"customers_own_{field.pk}"


def own_filter(field: Field) -> list[Filter]:
    """The filters of one field."""
    name = PREFIX + field.slug
    return _KINDS[Field.Kind(field.kind)](field, name)


class OwnBetween(Between):
    def __init__(self, field: Field, name: str) -> None:
        super().__init__(name, field.name, column="", group=OWN, index=index_name(field), sort=name)
        self.field = field

    def condition(self, value: tuple[Decimal | None, Decimal | None], asking: Asking) -> Q:
        low, high = value
        asked = Q(GreaterThanOrEqual(own_key(self.field), low)) if low is not None else Q()
        return asked & Q(LessThanOrEqual(own_key(self.field), high)) if high is not None else asked


class OwnDates(Dates):
    def __init__(self, field: Field, name: str) -> None:
        super().__init__(name, field.name, column="", group=OWN, index=index_name(field), sort=name)
        self.field = field

    def condition(self, value: DateSpan, asking: Asking) -> Q:
        low, below = self.ends(value, asking)
        asked = Q(GreaterThanOrEqual(own_key(self.field), _iso(low))) if low else Q()
        return asked & Q(LessThan(own_key(self.field), _iso(below))) if below else asked


class OwnAnyOf(Filter):
    """The field holds one of the values: choices, texts, links, references."""

    editor = "any_of"
    suggests = False

    def __init__(self, field: Field, name: str) -> None:
        super().__init__(name, field.name, group=OWN, index=index_name(field))
        self.field = field

    def read(self, given: Given, asking: Asking) -> tuple[str, ...] | None:
        values = given_values(given, self.name)
        known = {value.casefold(): value for value, _label in self.choices(asking)}
        if known:
            for value in values:
                if value.casefold() not in known:
                    raise self.unusable(value)
            values = [known[value.casefold()] for value in values]
        return tuple(dict.fromkeys(values)) or None

    def write(self, value: tuple[str, ...]) -> dict[str, list[str]]:
        return {self.name: list(value)}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        return [(str(choice), str(choice)) for choice in self.field.choices]

    def condition(self, value: tuple[str, ...], asking: Asking) -> Q:
        asked = Q()
        for each in value:
            same = Q(Exact(own_key(self.field), each[:LONGEST_KEY]))
            asked |= same & Q(Exact(own_text(self.field), each)) if len(each) > LONGEST_KEY else same
        return asked

    def walk(self, value: tuple[str, ...], asking: Asking) -> Walk | None:
        if not self.field.is_indexed or any(len(each) > LONGEST_KEY for each in value):
            return None
        return Walk(Customer.objects.present(), own_key(self.field), value)

    def words(self, value: tuple[str, ...], asking: Asking) -> str:
        return ", ".join(value)


class OwnSeveral(OwnAnyOf):
    """Of several choices, any (or all) are held."""

    def __init__(self, field: Field, name: str, *, every: bool = False) -> None:
        super().__init__(field, name)
        if every:
            self.label = _("%(field)s: all of") % {"field": field.name}
        self.every = every

    def condition(self, value: tuple[str, ...], asking: Asking) -> Q:
        holds = HasAllOf if self.every else HasAnyOf
        return Q(holds(own_json(self.field), Value(list(value), output_field=ArrayField(TextField()))))

    def walk(self, value: tuple[str, ...], asking: Asking) -> Walk | None:
        return None


class OwnYesNo(OwnAnyOf):
    """A field of yes and no, as `yes` and `no` in the address."""

    editor = "yes_no"

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        return [("yes", _("yes")), ("no", _("no"))]

    def condition(self, value: tuple[str, ...], asking: Asking) -> Q:
        return super().condition(tuple(_BOOLEANS[each] for each in value), asking)

    def walk(self, value: tuple[str, ...], asking: Asking) -> Walk | None:
        return super().walk(tuple(_BOOLEANS[each] for each in value), asking)

    def words(self, value: tuple[str, ...], asking: Asking) -> str:
        known = dict(self.choices(asking))
        return ", ".join(known[each] for each in value)


class OwnHas(Filter):
    """A text holds these letters."""

    editor = "text"

    def __init__(self, field: Field, name: str) -> None:
        super().__init__(name, _("%(field)s contains") % {"field": field.name}, group=OWN, index=index_name(field))
        self.field = field

    def read(self, given: Given, asking: Asking) -> str | None:
        return given_one(given, self.name).replace("\0", "") or None

    def write(self, value: str) -> dict[str, list[str]]:
        return {self.name: [value]}

    def condition(self, value: str, asking: Asking) -> Q:
        return Q(IContains(own_text(self.field), value))

    def words(self, value: str, asking: Asking) -> str:
        return f"“{value}”"


class OwnEmpty(Filter):
    """The field has a value, or has none."""

    editor = "yes_no"

    def __init__(self, field: Field, name: str) -> None:
        super().__init__(name, _("%(field)s is empty") % {"field": field.name}, group=OWN, index=index_name(field))
        self.field = field

    def read(self, given: Given, asking: Asking) -> bool | None:
        typed = given_one(given, self.name).lower()
        if typed and typed not in _BOOLEANS:
            raise self.unusable(typed)
        return typed == "yes" if typed else None

    def write(self, value: bool) -> dict[str, list[str]]:
        return {self.name: ["yes" if value else "no"]}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        return [("yes", _("yes")), ("no", _("no"))]

    def condition(self, value: bool, asking: Asking) -> Q:
        if self.field.kind == Field.Kind.MULTI_CHOICE:
            return Q(IsNull(own_json(self.field), value))
        return Q(IsNull(own_key(self.field), value))

    def words(self, value: bool, asking: Asking) -> str:
        return _("yes") if value else _("no")


_BOOLEANS = {"yes": "true", "no": "false"}


def _iso(day: date) -> Any:
    return Value(day.isoformat())


def _of(*kinds: Callable[[Field, str], Filter]) -> Callable[[Field, str], list[Filter]]:
    return lambda field, name: [*(kind(field, name) for kind in kinds), OwnEmpty(field, f"{name}_empty")]


def _texts(field: Field, name: str) -> list[Filter]:
    return [OwnAnyOf(field, name), OwnHas(field, f"{name}_has"), OwnEmpty(field, f"{name}_empty")]


def _several(field: Field, name: str) -> list[Filter]:
    every = OwnSeveral(field, f"{name}_all", every=True)
    return [OwnSeveral(field, name), every, OwnEmpty(field, f"{name}_empty")]


_KINDS: dict[Field.Kind, Callable[[Field, str], list[Filter]]] = {
    Field.Kind.TEXT: _texts,
    Field.Kind.LINK: _texts,
    Field.Kind.NUMBER: _of(OwnBetween),
    Field.Kind.DATE: _of(OwnDates),
    Field.Kind.CHOICE: _of(OwnAnyOf),
    Field.Kind.MULTI_CHOICE: _several,
    Field.Kind.YES_NO: _of(OwnYesNo),
    Field.Kind.REFERENCE: _of(OwnAnyOf),
}

"""SQL that the list needs and Django has no words for: own fields' values, row comparison, a fence for the planner."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, DecimalField, F, Func, JSONField, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from guanxi.customers.models import Field

LONGEST_KEY = 100
"""So much of a text stands in an index: PostgreSQL refuses index entries above a third of a page."""


def own_json(field: Field) -> Func:
    """The value of one of the company's own fields, as JSON (carried by a GIN index for several choices)."""
    return Func(
        F("fields"), Value(field.key), template="(%(expressions)s)", arg_joiner=" -> ", output_field=JSONField()
    )


def own_text(field: Field) -> Func:
    """The value as text; dates are YYYY-MM-DD, so their text sorts as they do."""
    return Func(
        F("fields"), Value(field.key), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField()
    )


def own_key(field: Field) -> Func:
    """What an index of the field holds and the list sorts by: a number, or the beginning of the text."""
    if field.kind == Field.Kind.NUMBER:
        number: DecimalField[Any, Any] = DecimalField(max_digits=60, decimal_places=30)
        return Func(own_text(field), function="customers_number", output_field=number)
    return Func(own_text(field), Value(LONGEST_KEY), function="left", output_field=TextField())


class Compared(Func):
    """`(a, b) < (x, y)`: the place in a list after which a page begins, as one range of an index on (a, b)."""

    output_field = BooleanField()

    def __init__(self, pair: tuple[Any, Any], sign: str, place: tuple[Any, Any]) -> None:
        if sign not in ("<", ">"):
            raise ValueError(sign)
        super().__init__(*pair, *place)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **more: Any) -> Any:
        """The four expressions as two rows, compared."""
        written = [compiler.compile(expression) for expression in self.source_expressions]
        (a, _a), (b, _b), (x, _x), (y, _y) = written
        return f"({a}, {b}) {self.sign} ({x}, {y})", [value for _sql, values in written for value in values]


class HasAnyOf(Func):
    """`json ?| array[…]`: a list of several choices holds one of these."""

    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " ?| "


class HasAllOf(Func):
    """`json ?& array[…]`: a list of several choices holds all of these."""

    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " ?& "


def fenced(expression: Any) -> Combinable:
    """The same value in a form that no index offers: the planner gathers what matches, then sorts it.

    It stands where walking an index in the wanted order would meet a match too rarely.
    """
    return Coalesce(expression, expression)

"""The language in which customers are narrowed: an address, a saved view, an API call and an export say it alike.

    filters = Filters.read(request.GET, asking)         ?tag=3&tag=5&city=上海&no_purchase_days=90
    filters = Filters.from_json(view.query, asking)     {"tag": ["3", "5"], "city": "上海", "no_purchase_days": 90}
    customers = filters.apply(Customer.objects.visible_to(member))
    filters.to_query(), filters.to_json()               the same again
    filters.problems                                    sentences about what could not be applied

What is unknown or unusable is left out and told; work on what matches must not go on then (`refuse_problems`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.customers.listing.filters import builtin, own
from guanxi.customers.listing.filters.base import Asking, Filter, Unusable, Walk
from guanxi.customers.models import Customer, Field
from guanxi.customers.models.customer import CustomerQuerySet

__all__ = ["RESERVED", "Asking", "Catalogue", "Chosen", "Filter", "Filters", "Unusable", "Walk"]

RESERVED = frozenset(
    {"sort", "after", "before", "view", "columns", "format", "page", "limit", "cursor", "clear", "undo"}
)
"""Parameters of the list's address that are no filters."""


class Catalogue:
    """Every filter there is now: the built-in ones and those of the company's own fields."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.fields = list(fields)
        found = builtin.filters()
        for field in self.fields:
            found += own.own_filter(field)
        self.filters = {each.name: each for each in found}
        self.parameters = {parameter for each in found for parameter in each.parameters}

    @classmethod
    def now(cls) -> Catalogue:
        return cls(Field.objects.filter(archived_at=None))

    def groups(self) -> list[tuple[str, list[Filter]]]:
        """The filters under their headings, for the menu."""
        grouped: dict[str, list[Filter]] = {}
        for each in self.filters.values():
            grouped.setdefault(str(each.group), []).append(each)
        return list(grouped.items())


@dataclass(frozen=True)
class Chosen:
    """A filter with its value."""

    filter: Filter
    value: Any

    def words(self, asking: Asking) -> str:
        return self.filter.words(self.value, asking)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to."""

    chosen: tuple[Chosen, ...]
    problems: tuple[str, ...]
    asking: Asking

    @classmethod
    def read(cls, query: QueryDict | str, asking: Asking, catalogue: Catalogue | None = None) -> Filters:
        """From the parameters of an address."""
        given = QueryDict(query) if isinstance(query, str) else query
        return cls._read(dict(given.lists()), asking, catalogue or Catalogue.now())

    @classmethod
    def from_json(cls, value: Mapping[str, Any], asking: Asking, catalogue: Catalogue | None = None) -> Filters:
        """From a saved view or an API call: a value, or a list of them, by name."""
        given = {
            str(name): [_text(each) for each in (each if isinstance(each, list | tuple) else [each])]
            for name, each in value.items()
            if each is not None
        }
        return cls._read(given, asking, catalogue or Catalogue.now())

    @classmethod
    def _read(cls, given: Mapping[str, Sequence[str]], asking: Asking, catalogue: Catalogue) -> Filters:
        chosen: list[Chosen] = []
        known = catalogue.parameters | RESERVED
        problems = [_unknown(name) for name in given if name not in known and any(given[name])]
        for each in catalogue.filters.values():
            if not any(parameter in given for parameter in each.parameters):
                continue
            try:
                value = each.read(given, asking)
            except Unusable as error:
                problems.append(str(error))
                continue
            if value is not None:
                chosen.append(Chosen(each, value))
        return cls(tuple(chosen), tuple(problems), asking)

    def __bool__(self) -> bool:
        return bool(self.chosen)

    def to_query(self) -> list[tuple[str, str]]:
        """The parameters of an address, for urlencode."""
        written = [each.filter.write(each.value) for each in self.chosen]
        return [(name, value) for part in written for name, values in part.items() for value in values]

    def to_json(self) -> dict[str, Any]:
        """The form that saved views keep and programs send."""
        return {name: value for each in self.chosen for name, value in each.filter.write_json(each.value).items()}

    def without(self, name: str) -> Filters:
        """The same, less the filter of that name."""
        return Filters(tuple(each for each in self.chosen if each.filter.name != name), self.problems, self.asking)

    def condition(self, *, on_the_way: bool = False) -> Q:
        """All filters as one condition; `on_the_way` for walking a list rather than for seeking the matches."""
        asked = Q()
        for each in self.chosen:
            say = each.filter.condition_on_the_way if on_the_way else each.filter.condition
            asked &= say(each.value, self.asking)
        return asked

    def apply(self, customers: CustomerQuerySet, *, on_the_way: bool = False) -> CustomerQuerySet:
        """Narrow customers; in no particular order."""
        return customers.filter(self.condition(on_the_way=on_the_way)) if self.chosen else customers

    def visible(self, *, on_the_way: bool = False) -> CustomerQuerySet:
        """The matches among the customers that the asking member may see."""
        return self.apply(Customer.objects.visible_to(self.asking.member), on_the_way=on_the_way)

    def refuse_problems(self) -> None:
        """Raise Unusable when something was left out: work on all that match would then reach too many."""
        if self.problems:
            raise Unusable(" ".join(self.problems))

    def words(self) -> str:
        """The filters in words, for records."""
        return "; ".join(f"{each.filter.label}: {each.words(self.asking)}" for each in self.chosen)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _unknown(name: str) -> str:
    shown = name.removeprefix(own.PREFIX)[:60]
    return _("There is no filter “%(name)s” any more, so it was left out.") % {"name": shown}

"""What a filter is: read from an address, written back, said in words, compiled to one SQL condition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.models import Customer
from guanxi.staff.models import Department, Member

Given = Mapping[str, Sequence[str]]
Words = str | Promise

MOST_VALUES = 50


class Unusable(Refused):
    """A filter that cannot be applied as it is given: its sentence is shown on the page, the rest is applied."""

    code = "unusable_filter"


@dataclass(frozen=True)
class Asking:
    """Who asks, and when: what "me", "my department" and "the last 30 days" mean."""

    member: Member
    now: datetime
    kept: dict[str, list[tuple[str, str]]] = field(default_factory=dict, compare=False)
    """Choices read from the database once for the page."""

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def department_ids(self) -> list[int]:
        """The members of my department and below; only me where I belong to none."""
        if self.member.department is None:
            return [self.member.pk]
        within = Department.objects.within(self.member.department)
        return sorted(Member.objects.get_queryset().filter(department__in=within).values_list("pk", flat=True))


@dataclass(frozen=True)
class Walk:
    """A way to meet a filter's matches in the order of the list: for each of `keys` one range of an index.

    `rows` are customers, or rows that point at one with `customer_id`. The index is on (key, customer).
    `may_repeat`: a customer may come twice under one key. `for_many`: worth it where many match only.
    """

    rows: QuerySet[Any]
    key: Any
    keys: tuple[Any, ...]
    customer: str = "pk"
    may_repeat: bool = False
    for_many: bool = False
    counted: QuerySet[Any] | None = None
    """The same rows to be counted by the index alone, without a look at each customer."""

    @classmethod
    def of_column(cls, column: str, keys: Sequence[Any]) -> Walk:
        return cls(Customer.objects.present(), F(column), tuple(keys))


class Filter(ABC):
    """One thing by which customers are narrowed.

    `name` is what the address calls it; `index` names what carries it; `sort` is the list's order while it is
    the only filter, because the same index gives both. `editor` is the macro that draws its inputs.
    """

    editor: ClassVar[str] = "text"
    suffixes: ClassVar[tuple[str, ...]] = ("",)
    is_scattered: ClassVar[bool] = False
    """Matches are spread evenly over the customers, old and new, so that walking the list meets them soon."""

    def __init__(self, name: str, label: Words, *, group: Words = "", index: str = "", sort: str = "") -> None:
        self.name = name
        self.label = label
        self.group = group
        self.index = index
        self.sort = sort

    @property
    def parameters(self) -> tuple[str, ...]:
        """What an address may hold of this filter."""
        return tuple(self.name + suffix for suffix in self.suffixes)

    @abstractmethod
    def read(self, given: Given, asking: Asking) -> Any:
        """The filter's value, or None when the address says nothing of it. Raises Unusable."""

    @abstractmethod
    def write(self, value: Any) -> dict[str, list[str]]:
        """The value as an address holds it; `read` takes it back."""

    @abstractmethod
    def condition(self, value: Any, asking: Asking) -> Q:
        """The SQL condition on customers."""

    def condition_on_the_way(self, value: Any, asking: Asking) -> Q:
        """The same condition for a walk along the list, where each customer is at hand and no candidates are sought."""
        return self.condition(value, asking)

    @abstractmethod
    def words(self, value: Any, asking: Asking) -> str:
        """The value as a person would say it."""

    def walk(self, value: Any, asking: Asking) -> Walk | None:
        """How to meet the matches in the order of their ids, when an index can do that."""
        return None

    def candidates(self, value: Any, asking: Asking) -> QuerySet[Any] | None:
        """Customers' ids among which the matches are, by an index alone: what a count says when time is up."""
        return None

    def write_json(self, value: Any) -> dict[str, Any]:
        """The value for saved views and programs: the same names, lists where several are allowed."""
        return {name: values if len(values) > 1 else values[0] for name, values in self.write(value).items()}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        """What may be chosen, for the editor; empty where people type."""
        return []

    def unusable(self, typed: object) -> Unusable:
        return Unusable(
            _("The filter “%(filter)s” cannot be “%(value)s”, so it was left out.")
            % {"filter": self.label, "value": str(typed)[:60]},
            field=self.name,
        )


def given_values(given: Given, name: str) -> list[str]:
    """What was typed for a parameter, without blanks and repetitions."""
    cleaned = (str(value).strip() for value in given.get(name, ()))
    return list(dict.fromkeys(value for value in cleaned if value))[:MOST_VALUES]


def given_one(given: Given, name: str) -> str:
    """The last value typed for a parameter, or nothing."""
    values = given_values(given, name)
    return values[-1][:200] if values else ""

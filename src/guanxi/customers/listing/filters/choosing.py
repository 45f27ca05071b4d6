"""Filters where one picks among values: columns of the customer, stage, owner, tags, yes or no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.customers.listing.filters.base import Asking, Filter, Given, Walk, Words, given_one, given_values
from guanxi.customers.models import Collaborator, CustomerTag, Tag
from guanxi.staff.models import Member

NONE = "none"
Options = Callable[[Asking], Sequence[tuple[str, Words]]]


class AnyOf(Filter):
    """A column holds one of the values. Without options people type them (cities, companies).

    `none` stands for customers without a value.
    """

    editor = "any_of"

    def __init__(
        self,
        name: str,
        label: Words,
        *,
        column: str,
        options: Options | None = None,
        suggest: bool = False,
        unwalked: str = "",
        empty: Any = "",
        **more: Any,
    ) -> None:
        super().__init__(name, label, **more)
        self.column = column
        self.options = options
        self.suggests = suggest
        self.unwalked = unwalked  # the usual value, which the index leaves out
        self.empty = empty

    def read(self, given: Given, asking: Asking) -> tuple[str, ...] | None:
        values = given_values(given, self.name)
        if self.options is not None:
            known = dict(self.choices(asking))
            for value in values:
                if value not in known:
                    raise self.unusable(value)
        return tuple(values) or None

    def write(self, value: tuple[str, ...]) -> dict[str, list[str]]:
        return {self.name: list(value)}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        if self.options is None:
            return []
        if self.name not in asking.kept:
            asking.kept[self.name] = [(value, str(label)) for value, label in self.options(asking)]
        return asking.kept[self.name]

    def condition(self, value: tuple[str, ...], asking: Asking) -> Q:
        keys = self.keys(value, asking)
        asked = Q(**{f"{self.column}__in": keys}) if keys else Q(pk__in=[])
        if len(keys) == 1:
            asked = Q(**{self.column: keys[0]})
        if NONE in value:
            nothing = Q(**{self.column: self.empty})
            return (asked | nothing) if keys else nothing
        return asked

    def walk(self, value: tuple[str, ...], asking: Asking) -> Walk | None:
        keys = self.keys(value, asking)
        if not keys or NONE in value or self.unwalked in value:
            return None
        return Walk.of_column(self.column, keys)

    def keys(self, value: tuple[str, ...], asking: Asking) -> list[Any]:
        """The column's values that are meant."""
        return [self.key(each) for each in value if each != NONE]

    def key(self, value: str) -> Any:
        return value

    def words(self, value: tuple[str, ...], asking: Asking) -> str:
        known = dict(self.choices(asking)) | {NONE: _("none")}
        return ", ".join(known.get(each, each) for each in value)


class AnyRow(AnyOf):
    """As AnyOf, where the column points at a row: stage, source."""

    def __init__(self, name: str, label: Words, *, rows: Callable[[], QuerySet[Any]], **more: Any) -> None:
        super().__init__(name, label, options=self._options, empty=None, **more)
        self.rows = rows

    def _options(self, asking: Asking) -> list[tuple[str, Words]]:
        return [(str(pk), name) for pk, name in self.rows().values_list("pk", "name")] + [(NONE, _("none"))]

    def key(self, value: str) -> Any:
        return int(value)


class Owner(AnyRow):
    """Whose customers: certain colleagues, `me`, `department` (mine and below), or `none`."""

    def _options(self, asking: Asking) -> list[tuple[str, Words]]:
        special = [("me", _("me")), ("department", _("my department")), (NONE, _("nobody"))]
        return special + [option for option in super()._options(asking) if option[0] != NONE]

    def keys(self, value: tuple[str, ...], asking: Asking) -> list[Any]:
        meant: dict[int, None] = {}
        for each in value:
            if each == "me":
                meant[asking.member.pk] = None
            elif each == "department":
                meant |= dict.fromkeys(asking.department_ids)
            elif each != NONE:
                meant[int(each)] = None
        return list(meant)


class SharedWith(AnyRow):
    """Customers on whom somebody collaborates; `me` is allowed."""

    def _options(self, asking: Asking) -> list[tuple[str, Words]]:
        return [("me", _("me"))] + [option for option in super()._options(asking) if option[0] != NONE]

    def condition(self, value: tuple[str, ...], asking: Asking) -> Q:
        members = [asking.member.pk if each == "me" else int(each) for each in value]
        return Q(pk__in=Collaborator.objects.filter(member__in=members).values("customer_id"))

    def walk(self, value: tuple[str, ...], asking: Asking) -> Walk | None:
        return None


class Tagged(Filter):
    """Customers with any of some tags, with all, or with none of them (`how`)."""

    editor = "any_of"
    suggests: ClassVar[bool] = False

    def __init__(self, name: str, label: Words, *, how: str, **more: Any) -> None:
        super().__init__(name, label, **more)
        self.how = how

    def read(self, given: Given, asking: Asking) -> tuple[int, ...] | None:
        values = given_values(given, self.name)
        known = dict(self.choices(asking)) if values else {}
        for value in values:
            if value not in known:
                raise self.unusable(value)
        return tuple(int(value) for value in values) or None

    def write(self, value: tuple[int, ...]) -> dict[str, list[str]]:
        return {self.name: [str(each) for each in value]}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        if "tags" not in asking.kept:
            tags = Tag.objects.select_related("group")
            asking.kept["tags"] = [(str(tag.pk), tag.name) for tag in tags]
        return asking.kept["tags"]

    def condition(self, value: tuple[int, ...], asking: Asking) -> Q:
        on = CustomerTag.objects.filter(customer=OuterRef("pk"))
        if self.how == "all":
            asked = Q()
            for tag in value:
                asked &= Q(Exists(on.filter(tag=tag)))
            return asked
        carried = Q(Exists(on.filter(tag__in=value)))
        return ~carried if self.how == "none" else carried

    def walk(self, value: tuple[int, ...], asking: Asking) -> Walk | None:
        if self.how == "none":
            return None
        rows = CustomerTag.objects.filter(customer__merged_into=None)
        if self.how == "any" or len(value) == 1:
            counted = CustomerTag.objects.filter(tag__in=value)
            return Walk(rows, "tag_id", value, customer="customer_id", counted=counted)
        for tag in value[1:]:
            rows = rows.filter(Exists(CustomerTag.objects.filter(tag=tag, customer=OuterRef("customer_id"))))
        return Walk(rows, "tag_id", value[:1], customer="customer_id", for_many=True)

    def words(self, value: tuple[int, ...], asking: Asking) -> str:
        known = dict(self.choices(asking))
        joint = _(" and ") if self.how == "all" else _(" or ")
        return joint.join(known.get(str(each), str(each)) for each in value)


class YesNo(Filter):
    """Whether something is so. `rows` are those whose customer it is so for."""

    editor = "yes_no"

    def __init__(
        self,
        name: str,
        label: Words,
        *,
        rows: Callable[[], QuerySet[Any]],
        key: str = "",
        keys: tuple[Any, ...] = (),
        **more: Any,
    ) -> None:
        super().__init__(name, label, **more)
        self.rows = rows
        self.walk_key = key
        self.walk_keys = keys

    def read(self, given: Given, asking: Asking) -> bool | None:
        typed = given_one(given, self.name).lower()
        if not typed:
            return None
        if typed not in ("yes", "no"):
            raise self.unusable(typed)
        return typed == "yes"

    def write(self, value: bool) -> dict[str, list[str]]:
        return {self.name: ["yes" if value else "no"]}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        return [("yes", pgettext("there is one", "yes")), ("no", pgettext("there is one", "no"))]

    def condition(self, value: bool, asking: Asking) -> Q:
        there = Q(Exists(self.rows().filter(customer=OuterRef("pk"))))
        return there if value else ~there

    def walk(self, value: bool, asking: Asking) -> Walk | None:
        if not value or not self.walk_key:
            return None
        rows = self.rows().filter(customer__merged_into=None)
        return Walk(rows, self.walk_key, self.walk_keys, customer="customer_id", may_repeat=True, counted=self.rows())

    def words(self, value: bool, asking: Asking) -> str:
        return dict(self.choices(asking))["yes" if value else "no"]


def member_rows() -> QuerySet[Any]:
    """Everybody who may own a customer, those who left included, whose customers are to be found."""
    return Member.objects.get_queryset().by_name()

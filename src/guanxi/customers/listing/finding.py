"""Finding one page of a filtered, sorted list in a million customers.

A page is met by walking an index that already has the wanted order, from the place where the last one ended.
What may go wrong is a filter whose matches the walk meets too rarely, or far away: the planner expects matches
to be spread evenly, and customers who lapsed are all old. Hence three ways, chosen by what is known:

- *straight*: no filter, or one on the very index of the order; also many matches, which any walk meets soon;
- *walk*: one filter whose index gives (value, id): a range for each value, merged by id;
- *gather*: few matches, counted beforehand: take them all, then sort. Also the fallback of a straight walk that
  took too long.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When

from guanxi.customers.listing.bounded import TimeIsUp, count_within, rows_within
from guanxi.customers.listing.expressions import Compared, fenced
from guanxi.customers.listing.filters import Filters, Walk
from guanxi.customers.listing.places import Place
from guanxi.customers.listing.sorts import NEWEST, Sort

COUNT_CAP = 10_000
COUNT_MS = 40
STRAIGHT_MS = 300
LONGEST_MS = 20_000
MOST_WALKS = 20
GATHER_SCATTERED = 2_000


@dataclass(frozen=True)
class Count:
    """How many match: exactly, more than can be counted in time (`number` is COUNT_CAP), or as the planner guesses."""

    number: int
    is_estimate: bool = False

    @property
    def is_capped(self) -> bool:
        return self.number >= COUNT_CAP


@dataclass(frozen=True)
class Page:
    """The ids of one page in order, and the places before and after it; None at either end."""

    ids: list[int]
    before: str
    after: str


@dataclass(frozen=True)
class Listing:
    """Customers narrowed by filters, in an order."""

    filters: Filters
    sort: Sort
    falling: bool

    def count(self) -> Count:
        """How many match, counted up to COUNT_CAP and no longer than COUNT_MS."""
        matches: QuerySet[Any, Any] = self.filters.visible().order_by().values("pk")
        if (walk := self._walk_alone()) is not None and walk.counted is not None:
            matches = walk.counted.order_by().values(walk.customer).distinct()
        try:
            return Count(min(count_within(COUNT_MS, matches[: COUNT_CAP + 1]), COUNT_CAP))
        except TimeIsUp:
            return Count(min(self._estimate(matches), COUNT_CAP), is_estimate=True)

    def _estimate(self, matches: QuerySet[Any, Any]) -> int:
        """How many candidates the only filter has, or how many rows the planner expects."""
        if len(self.filters.chosen) == 1:
            (only,) = self.filters.chosen
            among = only.filter.candidates(only.value, self.filters.asking)
            if among is not None:
                with suppress(TimeIsUp):
                    return count_within(COUNT_MS, among.distinct()[: COUNT_CAP + 1])
        told = matches.explain(format="json")
        return int(json.loads(told)[0]["Plan"]["Plan Rows"])

    def page(self, *, size: int, count: Count, after: str = "", before: str = "") -> Page:
        """The page after, or before, a place; the first one for a place that cannot be read."""
        backward = bool(before)
        place = Place.read(before or after, self.sort) if before or after else None
        backward = backward and place is not None
        found = self._find(place, size + 1, backward, count)
        more = len(found) > size
        rows = found[:size]
        if backward:
            rows.reverse()
        further_back, further_on = (more, True) if backward else (place is not None, more)
        return Page(
            [row.id for row in rows],
            rows[0].write(self.sort) if rows and further_back else "",
            rows[-1].write(self.sort) if rows and further_on else "",
        )

    def ids(self) -> QuerySet[Any]:
        """Every match in the list's order, for exports: to be read with `iterator`."""
        matches: QuerySet[Any, Any] = self.filters.visible()
        dash = "-" if self.falling else ""
        if self.sort.by_id:
            return matches.order_by(f"{dash}pk").values_list("pk", flat=True)
        empty = ExpressionWrapper(self.sort.absent or Q(), output_field=BooleanField())
        matches = matches.annotate(found_empty=empty, found_value=self.sort.value)
        # Those without a value differ by id alone, whatever their emptiness looks like to the database.
        value = Case(When(found_empty=False, then=F("found_value")))
        order = value.desc(nulls_last=True) if self.falling else value.asc(nulls_last=True)
        return matches.order_by("found_empty", order, f"{dash}pk").values_list("pk", flat=True)

    def _find(self, place: Place | None, limit: int, backward: bool, count: Count) -> list[Place]:
        way = self._way(count)
        if way == "walk" and (walk := self._walk(count)):
            return self._merge(walk, place, limit, backward)
        if way != "straight":
            return self._through(place, limit, backward, gather=way == "gather")
        try:
            return self._through(place, limit, backward, within=STRAIGHT_MS)
        except TimeIsUp:
            return self._through(place, limit, backward, gather=True)

    def _way(self, count: Count) -> str:
        """`sure` and `walk` need no guessing; otherwise few matches are gathered and many met on the way."""
        chosen = self.filters.chosen
        sees_all = self.filters.asking.member.visible_member_ids() is None
        if sees_all and (not chosen or (len(chosen) == 1 and chosen[0].filter.sort == self.sort.key)):
            return "sure"
        if self._walk(count) is not None:
            return "walk"
        scattered = sees_all and all(each.filter.is_scattered for each in chosen)
        few = GATHER_SCATTERED if scattered else COUNT_CAP
        return "gather" if count.number < few and not (count.is_estimate and scattered) else "straight"

    def _walk_alone(self) -> Walk | None:
        """The walk of the only filter, for a member who sees every customer."""
        if len(self.filters.chosen) != 1 or self.filters.asking.member.visible_member_ids() is not None:
            return None
        (only,) = self.filters.chosen
        return only.filter.walk(only.value, self.filters.asking)

    def _walk(self, count: Count) -> Walk | None:
        walk = self._walk_alone() if self.sort.by_id else None
        if walk is None or len(walk.keys) > MOST_WALKS or (walk.for_many and not count.is_capped):
            return None
        return walk

    def _merge(self, walk: Walk, place: Place | None, limit: int, backward: bool) -> list[Place]:
        """Of each of the filter's values the next customers, merged by id."""
        down = self.falling != backward
        sign, dash = ("<", "-") if down else (">", "")
        branches = []
        for key in walk.keys:
            rows = walk.rows.annotate(walk_key=_as_expression(walk.key))
            # A range rather than an equality: with an equality the planner may walk the ids instead, and search.
            rows = rows.filter(walk_key__gte=key, walk_key__lte=key).annotate(found=F(walk.customer))
            if place is not None:
                rows = rows.filter(Compared((F("walk_key"), F("found")), sign, (Value(key), Value(place.id))))
            rows = rows.order_by(f"{dash}walk_key", f"{dash}found").values_list("walk_key", "found")
            branches.append((rows.distinct() if walk.may_repeat else rows)[:limit])
        found = list(branches[0].union(*branches[1:], all=True)) if len(branches) > 1 else list(branches[0])
        ids = sorted({pk for _key, pk in found}, reverse=down)
        return [Place(False, None, pk) for pk in ids[:limit]]

    def _through(
        self, place: Place | None, limit: int, backward: bool, *, gather: bool = False, within: int = LONGEST_MS
    ) -> list[Place]:
        """First the customers with a value to sort by, then those without; backwards the other way round."""
        parts = [False] if self.sort.by_id else [False, True]
        if backward:
            parts.reverse()
        if place is not None and place.empty in parts:
            parts = parts[parts.index(place.empty) :]
        found: list[Place] = []
        for empty in parts:
            here = place if place is not None and place.empty == empty else None
            if len(found) < limit and self._may_hold(empty):
                rows = self._part(empty, here, limit - len(found), backward, gather=gather)
                found += [Place(empty, *row) for row in rows_within(within, rows)]
        return found

    def _may_hold(self, empty: bool) -> bool:
        """Whom a filter on the sorted value finds has a value."""
        return not (empty and any(each.filter.sort == self.sort.key for each in self.filters.chosen))

    def _part(
        self, empty: bool, place: Place | None, limit: int, backward: bool, *, gather: bool
    ) -> QuerySet[Any, Any]:
        """(value, id) of the next customers of one part, with a value to sort by or without."""
        down = self.falling != backward
        sign, dash = ("<", "-") if down else (">", "")
        customer = F("pk" if empty else self.sort.customer)
        rows = self.filters.visible(on_the_way=not gather).annotate(found=fenced(customer) if gather else customer)
        if self.sort.by_id or empty:
            rows = rows.filter(self.sort.absent or Q())
            if place is not None:
                rows = rows.filter(**{"found__lt" if down else "found__gt": place.id})
            rows = rows.annotate(nothing=Value(None, output_field=IntegerField())).order_by(f"{dash}found")
            return rows.values_list("nothing", "found")[:limit]
        rows = rows.filter(self.sort.present or Q())
        rows = rows.annotate(found_value=fenced(self.sort.value) if gather else self.sort.value)
        if place is not None:
            rows = rows.filter(Compared((F("found_value"), F("found")), sign, (Value(place.value), Value(place.id))))
        rows = rows.order_by(f"{dash}found_value", f"{dash}found")
        return rows.values_list("found_value", "found")[:limit]


def choose_sort(asked: str, filters: Filters, sorts: dict[str, Sort]) -> tuple[Sort, bool]:
    """The order that an address asks for, `name` or `-name`; else that of the only filter; else newest first."""
    key = asked.removeprefix("-")
    if key in sorts:
        return sorts[key], (asked.startswith("-") if key != NEWEST else True)
    own = filters.chosen[0].filter.sort if len(filters.chosen) == 1 else ""
    sort = sorts.get(own, sorts[NEWEST])
    return sort, sort.falls


def _as_expression(key: Any) -> Any:
    return F(key) if isinstance(key, str) else key


__all__ = ["COUNT_CAP", "Count", "Listing", "Page", "choose_sort"]

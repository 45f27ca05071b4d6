"""Filters between two ends, filters of time, and filters of words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.customers.listing.filters.base import Asking, Filter, Given, Walk, Words, given_one, given_values
from guanxi.customers.models import Customer, SearchTerm, Tally
from guanxi.design import formats
from guanxi.kit.dates import BadDate, parse_date
from guanxi.kit.search import query_ranges

Days = int
DateSpan = tuple[date | None, date | None, int | None]
MOST_DAYS = 36_500


class Between(Filter):
    """Numbers between two ends, each end included and either left open."""

    editor = "between"
    suffixes = ("_from", "_to")

    def __init__(self, name: str, label: Words, *, column: str, whole: bool = False, **more: Any) -> None:
        super().__init__(name, label, **more)
        self.column = column
        self.whole = whole

    def read(self, given: Given, asking: Asking) -> tuple[Decimal | None, Decimal | None] | None:
        low, high = (self._number(given_one(given, parameter)) for parameter in self.parameters)
        if low is None and high is None:
            return None
        if low is not None and high is not None and low > high:
            low, high = high, low
        return low, high

    def _number(self, typed: str) -> Decimal | None:
        if not typed:
            return None
        try:
            number = Decimal(typed.replace(",", ""))
        except InvalidOperation:
            raise self.unusable(typed) from None
        if not number.is_finite() or abs(number.adjusted()) > 18 or (self.whole and number != int(number)):
            raise self.unusable(typed)
        return number.normalize() + 0

    def write(self, value: tuple[Decimal | None, Decimal | None]) -> dict[str, list[str]]:
        ends = zip(self.parameters, value, strict=True)
        return {parameter: [format(end, "f")] for parameter, end in ends if end is not None}

    def condition(self, value: tuple[Decimal | None, Decimal | None], asking: Asking) -> Q:
        low, high = value
        asked = Q(**{f"{self.column}__gte": low}) if low is not None else Q()
        return asked & Q(**{f"{self.column}__lte": high}) if high is not None else asked

    def words(self, value: tuple[Decimal | None, Decimal | None], asking: Asking) -> str:
        low, high = (None if end is None else formats.number(end) for end in value)
        return span_words(low, high)


class Dates(Filter):
    """Days between two ends, both included, or the last so many days. `moments`: the column holds times of day."""

    editor = "dates"
    suffixes = ("_from", "_to", "_days")

    def __init__(self, name: str, label: Words, *, column: str, moments: bool = False, **more: Any) -> None:
        super().__init__(name, label, **more)
        self.column = column
        self.moments = moments

    def read(self, given: Given, asking: Asking) -> DateSpan | None:
        low, high = (self._day(given_one(given, self.name + suffix)) for suffix in ("_from", "_to"))
        days = self._days(given_one(given, f"{self.name}_days"))
        if low is None and high is None and days is None:
            return None
        if low is not None and high is not None and low > high:
            low, high = high, low
        return low, high, days

    def _day(self, typed: str) -> date | None:
        if not typed:
            return None
        try:
            return parse_date(typed)
        except BadDate:
            raise self.unusable(typed) from None

    def _days(self, typed: str) -> int | None:
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST_DAYS):
            raise self.unusable(typed)
        return int(typed)

    def write(self, value: DateSpan) -> dict[str, list[str]]:
        low, high, days = value
        written = {"_from": low and low.isoformat(), "_to": high and high.isoformat(), "_days": days and str(days)}
        return {self.name + suffix: [text] for suffix, text in written.items() if text}

    def condition(self, value: DateSpan, asking: Asking) -> Q:
        low, below = self.ends(value, asking)
        asked = Q(**{f"{self.column}__gte": self.key(low)}) if low else Q()
        return asked & Q(**{f"{self.column}__lt": self.key(below)}) if below else asked

    def ends(self, value: DateSpan, asking: Asking) -> tuple[date | None, date | None]:
        """The first day and the day after the last. "The last 30 days" end today."""
        low, high, days = value
        below = min(high, date.max - timedelta(days=1)) + timedelta(days=1) if high else None
        if days is not None:
            since = asking.today - timedelta(days=days)
            low = max(low, since) if low else since
            below = below or asking.today + timedelta(days=1)
        return low, below

    def key(self, day: date) -> Any:
        return day_start(day) if self.moments else day

    def words(self, value: DateSpan, asking: Asking) -> str:
        low, high, days = value
        parts = (
            [span_words(formats.date(low) if low else None, formats.date(high) if high else None)]
            if low or high
            else []
        )
        if days is not None:
            parts.append(_("the last %(days)d days") % {"days": days})
        return ", ".join(parts)


class NotSince(Filter):
    """Nothing of a kind for so many days, or never: `no_purchase_days=90`."""

    editor = "days"

    def __init__(self, name: str, label: Words, *, tally: str, **more: Any) -> None:
        super().__init__(name, label, **more)
        self.tally = tally

    def read(self, given: Given, asking: Asking) -> Days | None:
        typed = given_one(given, self.name)
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST_DAYS):
            raise self.unusable(typed)
        return int(typed)

    def write(self, value: Days) -> dict[str, list[str]]:
        return {self.name: [str(value)]}

    def write_json(self, value: Days) -> dict[str, Any]:
        return {self.name: value}

    def condition(self, value: Days, asking: Asking) -> Q:
        since = asking.now - timedelta(days=value)
        lately = Tally.objects.filter(customer=OuterRef("pk"), **{f"{self.tally}__gte": since})
        return ~Q(Exists(lately))

    def words(self, value: Days, asking: Asking) -> str:
        return _("for %(days)d days") % {"days": value}


class Months(Filter):
    """Birthdays in these months, 1 to 12."""

    editor = "any_of"
    suggests = False

    def read(self, given: Given, asking: Asking) -> tuple[int, ...] | None:
        values = given_values(given, self.name)
        for value in values:
            if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 12):
                raise self.unusable(value)
        return tuple(dict.fromkeys(int(value) for value in values)) or None

    def write(self, value: tuple[int, ...]) -> dict[str, list[str]]:
        return {self.name: [str(month) for month in value]}

    def choices(self, asking: Asking) -> list[tuple[str, str]]:
        return [(str(month), formats.date(date(2000, month, 1), "LLLL")) for month in range(1, 13)]

    def condition(self, value: tuple[int, ...], asking: Asking) -> Q:
        return Q(birth_date__month__in=value) & ~Q(birth_date=None)

    def walk(self, value: tuple[int, ...], asking: Asking) -> Walk | None:
        return Walk(Customer.objects.present().exclude(birth_date=None), ExtractMonth(F("birth_date")), value)

    def words(self, value: tuple[int, ...], asking: Asking) -> str:
        known = dict(self.choices(asking))
        return ", ".join(known[str(month)] for month in value)


class NameHas(Filter):
    """Any part of a Chinese name, words of other names from their beginning; `starts`: only the name's own beginning.

    The search terms, which hold every such part, find the candidates; the name itself decides.
    """

    editor = "text"
    is_scattered = True

    def __init__(self, name: str, label: Words, *, starts: bool = False, **more: Any) -> None:
        super().__init__(name, label, **more)
        self.lookup = "name__istartswith" if starts else "name__icontains"

    def read(self, given: Given, asking: Asking) -> str | None:
        return given_one(given, self.name).replace("\0", "") or None

    def write(self, value: str) -> dict[str, list[str]]:
        return {self.name: [value]}

    def condition_on_the_way(self, value: str, asking: Asking) -> Q:
        return Q(**{self.lookup: value})

    def condition(self, value: str, asking: Asking) -> Q:
        asked = self.condition_on_the_way(value, asking)
        found = self.candidates(value, asking)
        return asked if found is None else Q(pk__in=found) & asked

    def candidates(self, value: str, asking: Asking) -> QuerySet[Any] | None:
        terms = Q()
        for low, below in query_ranges(value):
            terms |= Q(term__gte=low, term__lt=below)
        return SearchTerm.objects.filter(terms).values("customer_id") if terms else None

    def words(self, value: str, asking: Asking) -> str:
        return f"“{value}”"


def day_start(day: date) -> datetime:
    """The first moment of a day where the member is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def span_words(low: str | None, high: str | None) -> str:
    """A range in words, either end open."""
    if low and high:
        return f"{low} – {high}"
    return _("from %(low)s") % {"low": low} if low else _("up to %(high)s") % {"high": high}

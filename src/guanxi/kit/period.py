"""Stretches of time: named periods such as *last 7 days*, and durations in words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext, gettext_lazy, ngettext

from .errors import BadInput

_UNKNOWN = gettext_lazy("There is no period called “%(name)s”.")

PERIODS = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "last_7_days": gettext_lazy("Last 7 days"),
    "last_30_days": gettext_lazy("Last 30 days"),
    "last_90_days": gettext_lazy("Last 90 days"),
    "this_week": gettext_lazy("This week"),
    "last_week": gettext_lazy("Last week"),
    "this_month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "this_quarter": gettext_lazy("This quarter"),
    "last_quarter": gettext_lazy("Last quarter"),
    "this_year": gettext_lazy("This year"),
    "last_year": gettext_lazy("Last year"),
}
"""Names of the periods with what they are called on screen. Besides these, `last_N_days` works for any N."""


class BadPeriod(BadInput):
    """The name is not that of a period."""


@dataclass(frozen=True, slots=True)
class Period:
    """Half open: from the first moment to the one after the last."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def period(name: str, *, now: datetime, tz: tzinfo) -> Period:
    """The named period around `now`, cut at midnights of `tz`. Weeks begin on Monday. Raises `BadPeriod`."""
    first, after = _days(name, now.astimezone(tz).date())
    return Period(_midnight(first, tz), _midnight(after, tz))


def previous(stretch: Period) -> Period:
    """The stretch of equal length just before, for comparison."""
    return Period(stretch.start - (stretch.end - stretch.start), stretch.start)


def in_words(duration: timedelta) -> str:
    """A duration in the language now active, in its largest one or two units: `3 hours 20 minutes`."""
    seconds = max(round(duration.total_seconds()), 0)
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _two(
            ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours},
            ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes} if minutes else "",
        )
    days, hours = divmod(round(seconds / 3600), 24)
    return _two(
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours and days < 7 else "",
    )


def time_left(done: int, total: int, elapsed: timedelta) -> timedelta | None:
    """How long the rest of some work takes at the pace so far; None while nothing tells."""
    if done <= 0 or total < done or elapsed <= timedelta(0):
        return None
    return elapsed * ((total - done) / done)


def _two(first: str, second: str) -> str:
    return gettext("%(first)s %(second)s") % {"first": first, "second": second} if second else first


def _days(name: str, today: date) -> tuple[date, date]:
    """First day of the period, and the day after its last."""
    tomorrow = today + timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = date(today.year, 1, 1)
    days = {
        "today": (today, tomorrow),
        "yesterday": (today - timedelta(days=1), today),
        "this_week": (monday, monday + timedelta(days=7)),
        "last_week": (monday - timedelta(days=7), monday),
        "this_month": (month, months_after(month, 1)),
        "last_month": (months_after(month, -1), month),
        "this_quarter": (quarter, months_after(quarter, 3)),
        "last_quarter": (months_after(quarter, -3), quarter),
        "this_year": (year, months_after(year, 12)),
        "last_year": (months_after(year, -12), year),
    }
    if name in days:
        return days[name]
    number = name.removeprefix("last_").removesuffix("_days")
    if name == f"last_{number}_days" and number.isascii() and number.isdigit() and 0 < int(number[:6]) <= 36500:
        return tomorrow - timedelta(days=int(number[:6])), tomorrow
    raise BadPeriod("period_unknown", _UNKNOWN, name=name[:40])


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the last of that month when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _midnight(day: date, tz: tzinfo) -> datetime:
    return datetime.combine(day, time(), tz)

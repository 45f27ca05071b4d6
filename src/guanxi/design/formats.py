"""How values are written: by the reader's language and in the reader's time zone.

The language and the zone are Django's current ones; `staff` sets them for each request.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale
from markupsafe import Markup

if TYPE_CHECKING:
    from babel import Locale

EMPTY = "—"
_MOMENT = dt.timedelta(seconds=45)
_FOREIGN = re.compile(r"^[A-Z]{1,3}(?=[^\w\s.,])")  # the CN of CN¥, the US of US$


@cache
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(to_locale(language))


def locale() -> Locale:
    """Babel's locale of the current language."""
    return _locale(get_language() or "en")


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def date(value: dt.date | dt.datetime | None, form: str = "medium") -> str:
    """A day: "Mar 8, 2026", 2026年3月8日. `form` is short, medium, long, full or a CLDR pattern."""
    from babel.dates import format_date

    if value is None:
        return EMPTY
    day = _local(value).date() if isinstance(value, dt.datetime) else value
    return format_date(day, form, locale=locale())


def datetime(value: dt.datetime | None, form: str = "medium") -> str:
    """A moment in the reader's zone, to the minute."""
    from babel.dates import format_time

    if value is None:
        return EMPTY
    return f"{date(value, form)} {format_time(_local(value).time(), 'short', locale=locale())}"


def time(value: dt.datetime | dt.time | None) -> str:
    """The time of day in the reader's zone, to the minute."""
    from babel.dates import format_time

    if value is None:
        return EMPTY
    clock = _local(value).time() if isinstance(value, dt.datetime) else value
    return format_time(clock, "short", locale=locale())


def ago(value: dt.datetime | None, now: dt.datetime | None = None) -> Markup | str:
    """How long since, or until, as a `<time>` that carries the exact moment: "3 hours ago", 3小时前."""
    from babel.dates import format_timedelta

    if value is None:
        return EMPTY
    since = value - (now or timezone.now())
    words = format_timedelta(since, add_direction=True, locale=locale())
    if abs(since) < _MOMENT:
        words = gettext("just now")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), datetime(value), words)


def duration(seconds: float | None) -> str:
    """A length of time in its largest unit: "2 minutes"."""
    from babel.dates import format_timedelta

    return EMPTY if seconds is None else format_timedelta(dt.timedelta(seconds=seconds), locale=locale(), threshold=1.5)


def number(value: float | Decimal | None, digits: int | None = None) -> str:
    """A number with the locale's separators; with `digits`, exactly so many decimal places."""
    from babel.numbers import format_decimal

    if value is None:
        return EMPTY
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale())


def percent(value: float | Decimal | None, digits: int = 0) -> str:
    """A share of one as a percentage."""
    from babel.numbers import format_percent

    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return EMPTY if value is None else format_percent(value, format=pattern, locale=locale())


def money(value: Decimal | float | None, currency: str) -> str:
    """An amount with its currency's sign, as the locale writes it; the company's own currency needs no country."""
    from babel.numbers import format_currency, get_currency_symbol

    if value is None:
        return EMPTY
    if not currency:
        return number(value, 2)
    written = format_currency(value, currency, locale=locale())
    if currency != settings.DEFAULT_CURRENCY:
        return written
    sign = get_currency_symbol(currency, locale=locale())
    return written.replace(sign, _FOREIGN.sub("", sign))


def filesize(value: int | None) -> str:
    """Bytes in the unit a person would use."""
    from django.template.defaultfilters import filesizeformat

    return EMPTY if value is None else filesizeformat(value).replace("\xa0", " ")


def count(value: int, cap: int | None = None) -> str:
    """How many, where counting stops at `cap`: "10,000+"."""
    return f"{number(cap)}+" if cap is not None and value >= cap else number(value)

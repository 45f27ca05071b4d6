"""Dates and times as files write them: any usual form in, Python dates and aware datetimes out."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext_lazy

from .errors import BadInput
from .text import half_width

Order = Literal["dmy", "mdy"]

# Files mark "never" and "not known" by years at both ends; they would also overflow when moved between zones.
EARLIEST_YEAR, LATEST_YEAR = 1000, 9998

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*[日号號])?(.*)", re.S)
_SHORT_YEAR_CHINESE = re.compile(r"(\d{2})年(\d{1,2})月(\d{1,2})[日号號]?(.*)", re.S)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)(.*)", re.S)
_DAY_AND_CLOCK = re.compile(r"(.*[\d日号號]) ((?:[01]?\d|2[0-3])(?::[0-5]\d){1,2})")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s*|(?:星期|周|週|礼拜)[一二三四五六日天]\s*",
    re.I,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]*(?:of\s+)?{_MONTH}[\s\-/.,]*(\d{{4}}|\d{{2}})(?!\d)(.*)",
    re.I | re.S,
)
_MONTH_DAY = re.compile(rf"{_MONTH}[\s\-/.]*(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]+(\d{{4}})(?!\d)(.*)", re.I | re.S)
_YEAR_MONTH_DAY = re.compile(rf"(\d{{4}})[\s\-/.,]*{_MONTH}[\s\-/.,]*(\d{{1,2}})(?!\d)(.*)", re.I | re.S)
_TIME = re.compile(
    r"[\sT,]*(?P<part>上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|夜里|[ap]\.?m\.?)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:.时時点點h]\s*(?P<minute>\d{1,2})?\s*分?"
    r"(?:\s*[:.]?\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*"
    r"(?P<zone>z|(?:utc|gmt)?\s*[+-]\d{1,2}:?(?:\d{2})?|utc|gmt)?(?:\s*\([A-Za-z ]+\))?\s*",
    re.I,
)

_EMPTY = gettext_lazy("There is no date here.")
_SHAPE = gettext_lazy("“%(raw)s” is not a date in a known form. Write it as 2024-03-05.")
_IMPOSSIBLE = gettext_lazy("“%(raw)s” is a day that does not exist.")
_NO_TIME = gettext_lazy("“%(raw)s” holds a time of day that does not exist.")
_AMBIGUOUS = gettext_lazy("“%(raw)s” can be read day first or month first. Choose which the file means.")
_FAR = gettext_lazy("“%(raw)s” lies in a year outside %(first)s to %(last)s.")


class BadDate(BadInput):
    """The text is not a date, or is one that never was."""


def parse_date(raw: str, order: Order | None = None) -> date:
    """The calendar day written in `raw`; a time of day beside it is read and left out.

    `order` says how `03/04/2024` is meant (see `guess_order`). Raises `BadDate`.
    """
    return parse_datetime(raw, UTC, order).date()


def parse_datetime(raw: str, tz: tzinfo, order: Order | None = None) -> datetime:
    """The moment written in `raw`, aware; without a zone it is of `tz`, without a time it is midnight.

    Understands ISO 8601, `2024/3/5`, `2024年3月5日 下午3:04`, `20240305`, `5.3.2024`, `03/04/2024` by
    `order`, `Mar 5, 2024 3:04 PM`, spreadsheet serial numbers, and Unix time in seconds or milliseconds.
    Raises `BadDate`.
    """
    text = raw.strip()
    try:
        moment = _read_iso(text) or _read(text, tz, order)
    except BadDate:
        raise
    except (ValueError, OverflowError):
        raise BadDate("date_impossible", _IMPOSSIBLE, raw=raw[:40]) from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise BadDate("date_far", _FAR, raw=raw[:40], first=EARLIEST_YEAR, last=LATEST_YEAR)
    return moment if moment.tzinfo else moment.replace(tzinfo=tz)


def guess_order(samples: Iterable[str]) -> Order | None:
    """Whether a column of dates such as `03/04/2024` puts day or month first; None when it can't be told."""
    day_first = month_first = 0
    for sample in samples:
        if found := _YEAR_LAST.match(half_width(sample.strip()[:60])):
            day_first += int(found[1]) > 12 >= int(found[3])
            month_first += int(found[3]) > 12 >= int(found[1])
    if day_first == month_first:
        return None
    return "dmy" if day_first > month_first else "mdy"


def _read_iso(text: str) -> datetime | None:
    """The common case, in C. Digits alone are left to `_read_number`, which knows serial numbers too."""
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read(text: str, tz: tzinfo, order: Order | None) -> datetime:
    if not text:
        raise BadDate("date_empty", _EMPTY)
    if len(text) > 80:
        raise BadDate("date_shape", _SHAPE, raw=text[:40])
    narrow = half_width(text)
    if _NUMBER.fullmatch(narrow) and (number := _read_number(narrow, tz)):
        return number
    if plain := _DAY_AND_CLOCK.fullmatch(narrow):  # days and clocks repeat in a column, their pairs do not
        day, rest = _read_day(plain[1], order)
        if not rest:
            return datetime.combine(day, time.fromisoformat(plain[2].zfill(5 if plain[2].count(":") == 1 else 8)))
    day, rest = _read_day(narrow, order)
    return _with_time(day, rest, text) if rest and not rest.isspace() else datetime.combine(day, time())


def _read_clock(text: str) -> time:
    return time.fromisoformat(text if text[1] != ":" else f"0{text}")


def _read_number(text: str, tz: tzinfo) -> datetime | None:
    """Digits alone: written-out dates, Unix time, or days since 30 December 1899 (spreadsheets)."""
    whole, _, fraction = text.partition(".")
    if len(whole) == 8 and not fraction.strip("0"):
        return datetime(int(whole[:4]), int(whole[4:6]), int(whole[6:]), tzinfo=tz)
    if len(whole) in (12, 14) and not fraction and whole[:2] in ("19", "20"):
        month, day, hour, minute, second = (int(whole[at : at + 2] or 0) for at in range(4, 14, 2))
        return datetime(int(whole[:4]), month, day, hour, minute, second, tzinfo=tz)
    if len(whole) in (9, 10):
        return datetime.fromtimestamp(float(text), UTC).astimezone(tz)
    if len(whole) == 13 and not fraction:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(whole))).astimezone(tz)
    if len(whole) == 5 or (len(whole) == 4 and fraction):
        moment = datetime(1899, 12, 30, tzinfo=tz) + timedelta(days=float(text), milliseconds=500)
        return moment.replace(microsecond=0)  # rounded: serials are binary fractions of a day
    return None


@lru_cache(maxsize=32768)
def _read_day(text: str, order: Order | None) -> tuple[date, str]:
    """The day, and what is left behind it. Cached, for columns repeat themselves."""
    body = _WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text
    if found := _YEAR_FIRST.match(body) or _SHORT_YEAR_CHINESE.match(body):
        return _day(found[1], found[2], found[3], text), _WEEKDAY.sub("", found[4], count=1)
    if found := _YEAR_LAST.match(body):
        day, month = _day_and_month(int(found[1]), int(found[3]), found[2], order, text)
        return _day(found[4], month, day, text), found[5]
    if found := _DAY_MONTH.match(body):
        return _day(found[3], _MONTHS[found[2].lower()], found[1], text), found[4]
    if found := _MONTH_DAY.match(body):
        return _day(found[3], _MONTHS[found[1].lower()], found[2], text), found[4]
    if found := _YEAR_MONTH_DAY.match(body):
        return _day(found[1], _MONTHS[found[2].lower()], found[3], text), found[4]
    raise BadDate("date_shape", _SHAPE, raw=text[:40])


def _day(year: str, month: int | str, day: int | str, shown: str) -> date:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full > 68 else 2000  # as POSIX reads two digits
    try:
        return date(full, int(month), int(day))
    except ValueError:
        raise BadDate("date_impossible", _IMPOSSIBLE, raw=shown[:40]) from None


def _day_and_month(first: int, second: int, mark: str, order: Order | None, shown: str) -> tuple[int, int]:
    if first > 12 or second > 12 or first == second:
        # The number above twelve tells, whatever the column as a whole says.
        return (second, first) if second > 12 else (first, second)
    order = order or ("dmy" if mark == "." else None)  # dots are written day first wherever they are written
    if order is None:
        raise BadDate("date_ambiguous", _AMBIGUOUS, raw=shown[:40])
    return (first, second) if order == "dmy" else (second, first)


def _with_time(day: date, rest: str, shown: str) -> datetime:
    found = _TIME.fullmatch(rest)
    if not found or not (found["minute"] or found["half"] or found["part"] or rest.strip()[-1] in "时時点點h"):
        raise BadDate("date_shape", _SHAPE, raw=shown[:40])
    hour, later = int(found["hour"]), 0
    if hour == 24 and not int(found["minute"] or 0) and not int(found["second"] or 0):
        hour, later = 0, 1  # ISO 8601 ends a day at 24:00
    micros = int(found["fraction"][:6].ljust(6, "0")) if found["fraction"] else 0
    try:
        clock = time(
            _hour_of_day(hour, (found["half"] or found["part"] or "").lower()),
            int(found["minute"] or 0),
            min(int(found["second"] or 0), 60) if found["second"] != "60" else 59,  # a leap second
            micros,
            _zone(found["zone"]),
        )
    except ValueError:
        raise BadDate("date_time", _NO_TIME, raw=shown[:40]) from None
    return datetime.combine(day + timedelta(days=later), clock)


def _hour_of_day(hour: int, part: str) -> int:
    if part[:1] == "a" or part in ("上午", "凌晨", "清晨", "早上", "早晨"):
        return 0 if hour == 12 else hour
    if part == "中午":
        return hour + 12 if hour < 3 else hour
    if part in ("晚上", "夜里") and hour == 12:
        return 0
    if part and hour < 12:
        return hour + 12
    return hour


@lru_cache(maxsize=256)
def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    digits = re.sub(r"[^0-9+-]", "", text)
    if not digits:
        return UTC
    sign = -1 if digits[0] == "-" else 1
    hours, minutes = int(digits[1:3]), int(digits[3:5] or 0)
    return timezone(sign * timedelta(hours=hours, minutes=minutes))

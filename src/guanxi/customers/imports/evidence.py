"""What the values of a column look like: the questions that guessing asks of the first rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC

from guanxi.customers.imports.words import is_placeholder, read_gender, read_yes_no
from guanxi.kit.dates import parse_datetime
from guanxi.kit.email import normalise_email
from guanxi.kit.errors import BadInput
from guanxi.kit.money import parse_amount
from guanxi.kit.phone import to_e164

ENOUGH, MOST, SOME = 0.8, 0.6, 0.2
"""Shares of values that speak for a column by themselves, for phones (the worst typed of all), and that do not speak
against what a column's name says."""

MOST_CHOICES = 25

_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d+)?")
_DIGITS = re.compile(r"[\d\s\-()+./转xX,;*#]{5,}")
_CODE = re.compile(r"0\d|\+")
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|io|co|edu|gov)(?:/\S*)?", re.I)
_DATE_MARK = re.compile(r"\d[-/.年月,\s:]|\d{8}")
_SERIAL = re.compile(r"[2-9]\d{4}(?:\.\d+)?")


@dataclass(frozen=True)
class Sample:
    """A column's name and the first rows' values; `values` are those that say anything."""

    name: str
    cells: Sequence[str]
    values: list[str] = field(init=False)

    def __post_init__(self) -> None:
        said = [cell for cell in self.cells if cell and not is_placeholder(cell)]
        object.__setattr__(self, "values", said)

    @property
    def is_blank(self) -> bool:
        return not self.values

    def share(self, holds: Callable[[str], object]) -> float:
        """How much of what is said passes a test; what raises BadInput does not pass."""
        distinct = list(dict.fromkeys(self.values))[:200]
        passed = 0
        for value in distinct:
            try:
                passed += holds(value) not in (None, False)
            except BadInput:
                continue
        return passed / len(distinct) if distinct else 0.0


def is_email(sample: Sample) -> bool:
    return sample.share(lambda value: "@" in value and normalise_email(value)) >= 0.5


def is_phone(sample: Sample, country: str) -> bool:
    """Digits that are numbers in use in the country, or abroad with their code."""
    if sample.share(lambda value: _DIGITS.fullmatch(value) is not None and len(value) >= 7) < MOST:
        return False
    if sample.share(is_date_text) >= ENOUGH:
        return False
    return sample.share(lambda value: to_e164(value, country or "ZZ")) >= MOST


def looks_dialled(sample: Sample) -> bool:
    """Whether the values could be phone numbers of any country; one that a yes or no stands in could not."""
    return sample.share(lambda value: sum(c.isdigit() for c in value) >= 5) >= 0.5


def is_date_text(value: str) -> bool:
    return bool(_DATE_MARK.search(value)) and parse_datetime(value, UTC, "mdy") is not None


def is_date(sample: Sample) -> bool:
    """Dates as people write them, in either order of day and month."""
    if sample.share(is_date_text) >= ENOUGH:
        return True
    return sample.share(lambda value: bool(_DATE_MARK.search(value)) and parse_datetime(value, UTC, "dmy")) >= ENOUGH


def has_dates(sample: Sample) -> bool:
    """Some dates, or numbers that spreadsheets keep for them: enough where a column's name says that it holds dates."""
    return (
        sample.share(is_date_text) >= SOME
        or sample.share(lambda value: bool(_DATE_MARK.search(value)) and parse_datetime(value, UTC, "dmy")) >= SOME
        or sample.share(lambda value: _SERIAL.fullmatch(value) is not None) >= ENOUGH
    )


def has_amounts(sample: Sample) -> bool:
    return sample.share(lambda value: parse_amount(value) is not None) >= SOME


def has_emails(sample: Sample) -> bool:
    return sample.share(lambda value: "@" in value and normalise_email(value)) >= SOME


def is_amount(sample: Sample) -> bool:
    return sample.share(lambda value: parse_amount(value) is not None) >= ENOUGH


def is_plain_number(sample: Sample) -> bool:
    return sample.share(lambda value: _NUMBER.fullmatch(value) is not None) >= ENOUGH


def is_number(sample: Sample) -> bool:
    """Numbers that can be added up: those with leading zeros or a plus are codes."""
    return is_plain_number(sample) and not any(_CODE.match(value) for value in sample.values)


def is_whole(sample: Sample) -> bool:
    return sample.share(lambda value: value.lstrip("-+").isdigit()) >= 0.95


def has_cents(sample: Sample) -> bool:
    return sample.share(lambda value: re.search(r"\d[.,]\d", value) is not None) >= 0.3


def is_gender(sample: Sample) -> bool:
    return sample.share(lambda value: read_gender(value) is not None) >= ENOUGH


def is_short_list(sample: Sample) -> bool:
    """Few different values, each met often enough to be a choice rather than a text."""
    distinct = set(sample.values)
    return len(distinct) <= MOST_CHOICES and len(sample.values) >= 3 * len(distinct) and max(map(len, distinct)) <= 60


def is_distinct(sample: Sample) -> bool:
    return len(set(sample.values)) == len(sample.values)


def field_kind(sample: Sample) -> str:
    """The kind that a new field for these values should have."""
    if sample.is_blank:
        return "text"
    yes_no = {value.casefold() for value in sample.values}
    if len(yes_no) <= 2 and all(read_yes_no(value) is not None for value in yes_no):
        return "yes_no"
    if is_date(sample) and not is_plain_number(sample):
        return "date"
    if is_number(sample):
        return "number"
    if sample.share(lambda value: _LINK.fullmatch(value) is not None) >= ENOUGH:
        return "link"
    if is_short_list(sample):
        return "choice"
    return "text"

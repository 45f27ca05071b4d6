"""Reading one cell: each target's own reader, from the file's text to a value, or to the reason it can't be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.actions.creating import EARLIEST_BIRTH
from guanxi.customers.actions.identities import IdentityRef, normalise
from guanxi.customers.actions.values import clean_value
from guanxi.customers.imports.countries import to_country
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.rows import Problem
from guanxi.customers.imports.words import is_placeholder, read_gender, read_kind, read_yes_no
from guanxi.customers.models import Customer, Field
from guanxi.kit.dates import parse_date, parse_datetime
from guanxi.kit.errors import BadInput
from guanxi.kit.money import parse_amount, parse_money, to_currency
from guanxi.kit.text import clean, clean_lines

Reader = Callable[[str], Any]

TEXTS = frozenset({"name", "first_name", "last_name", "title", "company_name", "region", "city", "address", "postcode"})
MOST_PROSE = 20_000
MOST_TAG = 60
_MOST_REMEMBERED = 50_000
_SEPARATED = re.compile(r"[;,，；、|/\n]+")
_TAGS = re.compile(r"[;,，；、|\n]+")
_WHOLE = re.compile(r"(\d+)\.0+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_LANGUAGES = {
    "english": "en",
    "英语": "en",
    "英文": "en",
    "chinese": "zh-hans",
    "中文": "zh-hans",
    "简体中文": "zh-hans",
    "繁體中文": "zh-hant",
}


class Unreadable(BadInput):
    """A cell that its target can't hold."""


def reader(column: Column, plan: Plan, *, now: datetime, own: dict[str, Field]) -> Remembered:
    """How cells of this column are read: by cell a value, a `Problem`, or None where nothing is said."""
    return Remembered(_with_problems(_raw_reader(column, plan, now=now, own=own)))


def _raw_reader(column: Column, plan: Plan, *, now: datetime, own: dict[str, Field]) -> Reader:
    family = column.family
    if family in TEXTS:
        return _text(100 if family in ("first_name", "last_name") else _longest(family))
    if family == "field":
        return _own_value(own[column.detail], plan)
    if family in ("external", "unionid", "openid", "cookie", "relation"):
        kind = "external" if family == "relation" else family
        return lambda cell: normalise(kind, _WHOLE.sub(r"\1", cell), namespace=column.namespace)
    if family == "phone":
        return lambda cell: _several(cell, lambda each: normalise("phone", each, region=plan.country))
    readers: dict[str, Reader] = {
        "email": lambda cell: _several(cell, lambda each: normalise("email", each)),
        "description": _prose,
        "kind": _kind,
        "gender": _gender,
        "birth_date": lambda cell: _birth_date(cell, plan, now),
        "created_at": lambda cell: _past(cell, plan, now),
        "language": _language,
        "country": to_country,
        "tags": _tags,
        "source": _text(80),
        "stage": _text(60),
        "owner": _text(254),
        "at": lambda cell: _past(cell, plan, now),
        "amount": lambda cell: parse_money(cell, plan.currency, _mark(plan)),
        "price": lambda cell: parse_money(cell, plan.currency, _mark(plan)),
        "quantity": lambda cell: parse_amount(cell, _mark(plan)),
        "currency": to_currency,
    }
    return readers.get(family, _text(500))


def phone_reader(plan: Plan) -> Callable[[str, str], Any]:
    """As `reader` for phones whose row says which country they are of."""

    @lru_cache(maxsize=65536)
    def read(cell: str, region: str) -> Any:
        return _with_problems(lambda text: _several(text, lambda each: normalise("phone", each, region=region)))(cell)

    return read


class Remembered(dict[str, Any]):
    """What each cell of a column reads as. Columns repeat themselves: most cells were met before."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        value = self._read(cell)
        if len(cell) <= 200:
            self[cell] = value
        return value


def _with_problems(read: Reader) -> Reader:
    def reading(cell: str) -> Any:
        if not cell or is_placeholder(cell):
            return None
        try:
            return read(cell)
        except BadInput as error:
            return Problem(error.code, error.message)
        except Refused as error:
            return Problem(error.code, str(error.message))

    return reading


def _longest(name: str) -> int:
    return int(getattr(Customer._meta.get_field(name), "max_length", 0) or MOST_PROSE)


def _text(most: int) -> Reader:
    def read(cell: str) -> str | None:
        if len(cell) > 10 * most:
            raise _too_long(most)
        text = clean(cell)
        if len(text) > most:
            raise _too_long(most)
        return text or None

    return read


def _too_long(most: int) -> Unreadable:
    return Unreadable("text_too_long", _("The text is longer than the %(most)s characters that are kept."), most=most)


def _prose(cell: str) -> str | None:
    if len(cell) > MOST_PROSE:
        raise _too_long(MOST_PROSE)
    return clean_lines(cell) or None


def _several(cell: str, read: Callable[[str], IdentityRef]) -> tuple[IdentityRef, ...]:
    """The one value of a cell, or all of several written into it; refused when none of them can be read."""
    try:
        return (read(cell),)
    except (BadInput, Refused):
        parts = [part.strip() for part in _SEPARATED.split(cell[:1000]) if part.strip()]
        if len(parts) < 2:
            raise
    return tuple(read(part) for part in parts)


def _kind(cell: str) -> str:
    kind = read_kind(cell)
    if kind is None:
        raise Unreadable("kind_unknown", _("“%(raw)s” is neither a person nor a company."), raw=cell[:40])
    return kind


def _gender(cell: str) -> str | None:
    gender = read_gender(cell)
    if gender is None:
        raise Unreadable("gender_unknown", _("“%(raw)s” is no gender. Write female, male or other."), raw=cell[:40])
    return gender or None


def _birth_date(cell: str, plan: Plan, now: datetime) -> date:
    day = parse_date(cell, _order(plan))
    if not EARLIEST_BIRTH <= day <= now.date():
        raise Unreadable("birthday_impossible", _("“%(raw)s” can’t be the birthday of anybody alive."), raw=cell[:40])
    return day


def _past(cell: str, plan: Plan, now: datetime) -> datetime:
    moment = parse_datetime(cell, plan.zone, _order(plan))
    if (moment - now).total_seconds() > 86_400:  # a day's grace for clocks of other zones
        raise Unreadable("date_future", _("“%(raw)s” lies in the future."), raw=cell[:40])
    return moment


def _language(cell: str) -> str:
    known = _LANGUAGES.get(cell.strip().lower())
    if known is None and not _LANGUAGE.fullmatch(cell.strip()):
        raise Unreadable("language_unknown", _("“%(raw)s” is no language code such as en or zh-hans."), raw=cell[:40])
    return known or cell.strip().lower().replace("_", "-")


def _tags(cell: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for part in _TAGS.split(cell[:5_000]) if (name := clean(part))))
    if any(len(name) > MOST_TAG for name in names) or len(cell) > 5_000:
        raise Unreadable("tag_too_long", _("A tag is longer than %(most)s characters."), most=MOST_TAG)
    return names


def _own_value(field: Field, plan: Plan) -> Reader:
    def read(cell: str) -> Any:
        if field.kind == Field.Kind.DATE:
            cell = parse_date(cell, _order(plan)).isoformat()
        elif field.kind == Field.Kind.NUMBER:
            cell = str(parse_amount(cell, _mark(plan)))
        elif field.kind == Field.Kind.YES_NO and (told := read_yes_no(cell)) is not None:
            return told
        elif field.kind == Field.Kind.MULTI_CHOICE:
            return clean_value(field, [part for part in _TAGS.split(cell) if part.strip()])
        elif len(cell) > MOST_PROSE:
            raise _too_long(MOST_PROSE)
        return clean_value(field, cell)

    return read


def _order(plan: Plan) -> Any:
    return plan.date_order or None


def _mark(plan: Plan) -> Any:
    return plan.decimal or None

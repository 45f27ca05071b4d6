"""Values of the company's own fields: from what somebody typed to what Customer.fields keeps, and back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.models import Customer, Field
from guanxi.kit.dates import BadDate, parse_date
from guanxi.kit.text import clean, clean_lines, half_width

LONGEST_TEXT = 2_000
_YES = {"1", "true", "yes", "y", "on", "是", "有", "对"}
_NO = {"0", "false", "no", "n", "off", "否", "无", "没有"}


class UnusableValue(Refused):
    """A value that a field of the company's cannot take."""

    code = "unusable_value"


def clean_value(field: Field, raw: Any) -> Any:
    """The JSON form in which Customer.fields keeps `raw`; None when it is empty.

    Raises UnusableValue with the field's name as its field.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
        return None
    return _CLEANERS[Field.Kind(field.kind)](field, raw)


def show_value(field: Field, value: Any) -> str:
    """A kept value in words, for lists and exports."""
    if value is None or value == "":
        return ""
    if field.kind == Field.Kind.YES_NO:
        return _("Yes") if value else _("No")
    if field.kind == Field.Kind.MULTI_CHOICE:
        return ", ".join(value)
    return str(value)


def _refuse(field: Field, sentence: str, **values: object) -> UnusableValue:
    return UnusableValue(sentence % {"field": field.name, **values}, field=field.key)


def _text(field: Field, raw: Any) -> str:
    text = clean_lines(str(raw))
    if len(text) > LONGEST_TEXT:
        raise _refuse(field, _("%(field)s is longer than %(most)d characters."), most=LONGEST_TEXT)
    return text


def _number(field: Field, raw: Any) -> str:
    try:
        number = Decimal(half_width(str(raw)).replace(",", "").strip())
        if not number.is_finite() or abs(number.adjusted()) > 20:
            raise InvalidOperation
    except InvalidOperation:
        raise _refuse(field, _("%(field)s is not a number: %(value)s."), value=str(raw)[:40]) from None
    return format(number.normalize(), "f")


def _date(field: Field, raw: Any) -> str:
    try:
        return parse_date(str(raw)).isoformat()
    except BadDate as error:
        raise UnusableValue(f"{field.name}: {error.message}", code=error.code, field=field.key) from None


def _choice(field: Field, raw: Any) -> str:
    text = clean(str(raw))
    for choice in field.choices:
        if choice.casefold() == text.casefold():
            return str(choice)
    raise _refuse(
        field,
        _("%(field)s has no choice “%(value)s”. Its choices: %(choices)s."),
        value=text[:40],
        choices=", ".join(field.choices[:12]),
    )


def _multi_choice(field: Field, raw: Any) -> list[str]:
    parts = raw if isinstance(raw, list | tuple) else str(raw).replace("、", ",").replace(";", ",").split(",")
    chosen = [_choice(field, part) for part in parts if str(part).strip()]
    return list(dict.fromkeys(chosen))


def _yes_no(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = clean(str(raw)).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise _refuse(field, _("%(field)s is neither yes nor no: %(value)s."), value=word[:40])


def _link(field: Field, raw: Any) -> str:
    text = clean(str(raw))
    url = text if "://" in text else f"https://{text}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > LONGEST_TEXT:
        raise _refuse(field, _("%(field)s is not a web address: %(value)s."), value=text[:40])
    return url


def _reference(field: Field, raw: Any) -> int:
    try:
        customer_id = int(raw)
    except (TypeError, ValueError):
        customer_id = 0
    if not Customer.objects.present().filter(pk=customer_id).exists():
        raise _refuse(field, _("%(field)s names a customer that does not exist: %(value)s."), value=str(raw)[:40])
    return customer_id


_CLEANERS: dict[Field.Kind, Callable[[Field, Any], Any]] = {
    Field.Kind.TEXT: _text,
    Field.Kind.NUMBER: _number,
    Field.Kind.DATE: _date,
    Field.Kind.CHOICE: _choice,
    Field.Kind.MULTI_CHOICE: _multi_choice,
    Field.Kind.YES_NO: _yes_no,
    Field.Kind.LINK: _link,
    Field.Kind.REFERENCE: _reference,
}

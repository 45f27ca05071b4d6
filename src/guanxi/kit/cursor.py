"""Where a reader of a long list stands: the sort values of the last row, as one opaque word.

A cursor is not secret and not signed. It names a place, never a right: whoever reads on is checked again.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy

from .errors import BadInput

Value = int | str | Decimal | datetime | date | None

_LONGEST = 2048
_BAD = gettext_lazy("This place in the list can't be found any more. Start again from the first page.")


class BadCursor(BadInput):
    """The text is no cursor of ours."""


def encode_cursor(values: Sequence[Value]) -> str:
    """The values, with their types, as one word for addresses. Datetimes must be aware."""
    content = json.dumps([_packed(value) for value in values], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(content.encode()).rstrip(b"=").decode()


def decode_cursor(word: str, types: Sequence[type] = ()) -> list[Value]:
    """The values that were encoded. With `types`, each must be of its type or None. Raises `BadCursor`."""
    try:
        if len(word) > _LONGEST:
            raise ValueError
        content = json.loads(urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4)))
        values = [_unpacked(*pair) for pair in content]
    except (ValueError, TypeError, KeyError, RecursionError, InvalidOperation, OverflowError):
        raise BadCursor("cursor_unknown", _BAD) from None
    if types and (
        len(types) != len(values)
        or not all(value is None or type(value) is wanted for value, wanted in zip(values, types, strict=True))
    ):
        raise BadCursor("cursor_unknown", _BAD)
    return values


def _packed(value: Value) -> list[str]:
    if isinstance(value, datetime):
        return ["t", value.astimezone(UTC).isoformat()]
    kind = "n" if value is None else {int: "i", str: "s", Decimal: "d", date: "y"}[type(value)]
    return [kind, "" if value is None else str(value)]


def _unpacked(kind: str, text: str) -> Value:
    if not isinstance(text, str) or "\0" in text:
        raise ValueError
    match kind:
        case "n":
            return None
        case "i" if -(2**63) <= (number := int(text)) < 2**63:
            return number
        case "s" if text.isprintable() or text.encode():
            return text
        case "d" if (amount := Decimal(text)).is_finite():
            return amount
        case "t" if (moment := datetime.fromisoformat(text)).tzinfo:
            return moment.astimezone(UTC)
        case "y":
            return date.fromisoformat(text)
    raise ValueError

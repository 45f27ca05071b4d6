"""Reading an event as a program tells it, into a Fact; what is wrong is named, field by field.

{"who": {"phone": "13800138000", "external": {"namespace": "shop", "value": "42"}},
 "name": "shop.purchase_made", "at": "2026-03-01T10:00:00+08:00", "amount": "129.00", "currency": "CNY",
 "channel": "shop", "properties": {"product": "茶"}, "key": "order-77", "traits": {"name": "张三"}}
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.actions.absorb import FURTHEST_FUTURE, Fact
from guanxi.customers.actions.identities import IdentityRef, normalise

EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,38}\.[a-z][a-z0-9_]{0,58}")
# What the product itself records; a program cannot speak in its name.
RESERVED = frozenset({"customers", "staff", "core", "compliance", "segments", "journeys"})
KNOWN = frozenset({"who", "name", "at", "amount", "currency", "channel", "properties", "key", "traits"})
MOST_IDENTITIES = 10
MOST_PROPERTY_BYTES = 16_000
LONGEST_KEY = 200
LARGEST_AMOUNT = Decimal(10) ** 15
EARLIEST = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


class UnusableEvent(Refused):
    """An event that cannot be taken in."""

    code = "unusable_event"


def parse_event(raw: Any, *, now: datetime) -> Fact:
    """The fact that `raw` tells. Raises UnusableEvent or UnusableIdentity, naming the field."""
    if not isinstance(raw, dict):
        _refuse("event", _("An event is a JSON object."))
    if raw.keys() - KNOWN:
        name = sorted(map(str, raw.keys() - KNOWN))[0]
        _refuse(name, _("Events have no field %(field)s. Put your own data under properties.") % {"field": name[:60]})
    return Fact(
        who=_who(raw.get("who")),
        name=_name(raw.get("name")),
        at=_at(raw.get("at"), now),
        amount=_amount(raw.get("amount")),
        currency=_currency(raw.get("currency"), raw.get("amount")),
        channel=_short_text(raw, "channel", 40),
        payload=_properties(raw.get("properties")),
        key=_short_text(raw, "key", LONGEST_KEY),
        traits=_traits(raw.get("traits")),
    )


def _refuse(field: str, sentence: str, code: str = "") -> NoReturn:
    raise UnusableEvent(sentence, field=field, code=code)


def _who(raw: Any) -> tuple[IdentityRef, ...]:
    if not isinstance(raw, dict) or not raw:
        _refuse("who", _('Say who: an object such as {"phone": "+8613800138000"}.'), "nobody")
    if len(raw) > MOST_IDENTITIES:
        _refuse("who", _("At most %(most)d identities name one person.") % {"most": MOST_IDENTITIES})
    return tuple([_identity(kind, value) for kind, value in raw.items()])


def _identity(kind: str, raw: Any) -> IdentityRef:
    namespace = ""
    if isinstance(raw, dict):
        namespace, raw = raw.get("namespace", ""), raw.get("value")
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str) or not isinstance(namespace, str):
        _refuse(f"who.{kind}", _("An identity is a text, or an object with namespace and value."))
    return normalise(kind, raw, namespace=namespace)


def _name(raw: Any) -> str:
    if not isinstance(raw, str) or not _is_name(raw):
        _refuse(
            "name", _("Name the event as domain.what_happened, in small letters: shop.purchase_made."), "event_name"
        )
    return raw


@lru_cache(maxsize=4_096)
def _is_name(text: str) -> bool:
    return bool(EVENT_NAME.fullmatch(text)) and text.partition(".")[0] not in RESERVED


def _at(raw: Any, now: datetime) -> datetime | None:
    if raw is None:
        return None
    try:
        at = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        _refuse("at", _("Write the time as ISO 8601: 2026-03-01T10:00:00+08:00."), "unreadable_time")
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if at > now + FURTHEST_FUTURE:
        _refuse("at", _("%(at)s lies in the future. Tell what has happened.") % {"at": raw}, "future_time")
    if at < EARLIEST:
        _refuse("at", _("%(at)s lies before 1970.") % {"at": raw}, "ancient_time")
    return at


def _amount(raw: Any) -> Decimal | None:
    if raw is None:
        return None
    try:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise InvalidOperation
        amount = Decimal(str(raw))
        if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
            raise InvalidOperation
    except InvalidOperation:
        _refuse("amount", _("The amount is a number such as 129.00."), "unreadable_amount")
    return amount


def _currency(raw: Any, amount: Any) -> str:
    if raw is None:
        return "" if amount is None else str(settings.DEFAULT_CURRENCY)
    if not isinstance(raw, str) or not (len(raw) == 3 and raw.isascii() and raw.isalpha()):
        _refuse("currency", _("A currency is three letters of ISO 4217, such as CNY."))
    return raw.upper()


def _short_text(raw: dict[str, Any], field: str, most: int) -> str:
    value = raw.get(field, "")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        _refuse(field, _("%(field)s is a text of at most %(most)d characters.") % {"field": field, "most": most})
    return value


def _properties(raw: Any) -> dict[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        _refuse("properties", _("Properties are a JSON object."))
    written = orjson.dumps(raw)
    if len(written) > MOST_PROPERTY_BYTES:
        _refuse("properties", _("Properties hold at most %(most)d bytes.") % {"most": MOST_PROPERTY_BYTES})
    if b"\\u0000" in written:
        _refuse("properties", _("Text cannot hold the character NUL."))
    return raw


def _traits(raw: Any) -> dict[str, Any] | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or not all(isinstance(value, str) and "\0" not in value for value in raw.values()):
        _refuse("traits", _('Traits are a JSON object of texts, such as {"name": "张三"}.'))
    return raw

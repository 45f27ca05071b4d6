"""Reading what a page tells of a visit, into facts; what is wrong is named, event by event.

    {"site": "9f2c…", "visitor": "0b7a…", "consent": true, "events": [
        {"name": "web.page_viewed", "key": "c1d0…", "age": 120, "properties": {"url": "https://…", "title": "…"}},
        {"name": "shop.purchase_made", "key": "order:77", "amount": "129.00", "currency": "CNY", "properties": {…}},
        {"name": "web.visitor_identified", "key": "…", "claims": "{\"external\": \"42\"}", "signature": "5f1e…"}]}

`age` is how many milliseconds ago it happened: the clocks of visitors are not to be trusted, their stopwatches are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.actions.absorb import Fact
from guanxi.customers.actions.identities import IdentityRef, normalise
from guanxi.customers.events import CART_UPDATED, PAGE_VIEWED, PRODUCT_VIEWED, PURCHASE_MADE, VISITOR_IDENTIFIED
from guanxi.customers.intake.parsing import UnusableEvent, parse_event
from guanxi.customers.intake.signing import is_signed
from guanxi.customers.intake.sites import Site

NAMES = frozenset({PAGE_VIEWED, PRODUCT_VIEWED, CART_UPDATED, PURCHASE_MADE, VISITOR_IDENTIFIED})
OLDEST = timedelta(days=7)
LONGEST_CLAIMS = 4_000
TIES = ("external", "email", "phone")
_KNOWN = frozenset({"name", "key", "age", "amount", "currency", "properties", "claims", "signature"})
_ANYBODY = {"cookie": {"namespace": "", "value": "anybody"}}


def parse_visit(raw: Any, *, site: Site, visitor: str, now: datetime) -> Fact:
    """The fact that one event of a visitor tells. Raises Refused, naming the field."""
    if not isinstance(raw, dict) or raw.keys() - _KNOWN:
        raise UnusableEvent(_("An event has a name, a key, an age in milliseconds, and properties."), field="event")
    name, key = raw.get("name"), raw.get("key")
    if name not in NAMES:
        raise UnusableEvent(
            _("Pages may tell: %(names)s.") % {"names": ", ".join(sorted(NAMES))}, field="name", code="event_name"
        )
    if not isinstance(key, str) or not key:
        raise UnusableEvent(_("Each event carries a key of its own, so that it is never told twice."), field="key")
    told = {part: raw[part] for part in ("amount", "currency", "properties") if part in raw}
    if name != PURCHASE_MADE:
        told.pop("amount", None)
        told.pop("currency", None)
    fact = parse_event({"who": _ANYBODY, "name": name, "key": key, "channel": "web", **told}, now=now)
    if name == VISITOR_IDENTIFIED:
        return _identified(fact, raw, site=site, visitor=visitor, now=now)
    return _told_by(fact, site, visitor, at=_moment(raw.get("age"), now))


def _told_by(fact: Fact, site: Site, visitor: str, *, at: datetime, **more: Any) -> Fact:
    return Fact(
        who=(IdentityRef("cookie", visitor, site.key), *more.pop("ties", ())),
        name=fact.name,
        at=at,
        amount=fact.amount,
        currency=fact.currency,
        channel=fact.channel,
        payload=more.pop("payload", fact.payload),
        key=fact.key,
        traits=more.pop("traits", None),
    )


def _moment(age: Any, now: datetime) -> datetime:
    """When it happened; what is older than a week, or not a number, happened as long ago as is believed."""
    if isinstance(age, bool) or not isinstance(age, int | float):
        return now
    return now - min(timedelta(milliseconds=max(0, min(age, 1e12))), OLDEST)


def _identified(fact: Fact, raw: Mapping[str, Any], *, site: Site, visitor: str, now: datetime) -> Fact:
    """The visitor with the identities that are claimed, if the site's server signed them or its pages are trusted."""
    written, signature = raw.get("claims"), raw.get("signature", "")
    if not isinstance(written, str) or not isinstance(signature, str) or len(written) > LONGEST_CLAIMS:
        raise UnusableEvent(_("Claims are the text of a JSON object."), field="claims")
    try:
        claims = orjson.loads(written)
    except orjson.JSONDecodeError:
        claims = None
    if not isinstance(claims, dict) or "\\u0000" in written:
        raise UnusableEvent(_("Claims are the text of a JSON object."), field="claims")
    signed = bool(signature) and is_signed(written, signature, key=site.key) and not _is_past(claims, now)
    if signature and not signed:
        raise UnusableEvent(
            _("The signature does not fit the claims, or they have expired."), field="signature", code="bad_signature"
        )
    at = _moment(raw.get("age"), now)
    payload = {"claims": claims, "signed": signed}
    if not (signed or site.trusts_pages):
        return _told_by(fact, site, visitor, at=at, payload=payload)
    traits = {trait: value for trait, value in claims.items() if isinstance(value, str) and trait not in TIES}
    return _told_by(fact, site, visitor, at=at, payload=payload, ties=_ties(claims), traits=traits)


def _ties(claims: Mapping[str, Any]) -> list[IdentityRef]:
    """The identities claimed; one that cannot be read does not hinder the others."""
    namespace = claims.get("namespace", "")
    ties = []
    for kind in TIES:
        value = claims.get(kind)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            try:
                within = str(namespace) if kind == "external" else ""
                ties.append(normalise(kind, value, namespace=within))
            except Refused:
                continue
    return ties


def _is_past(claims: Mapping[str, Any], now: datetime) -> bool:
    expires = claims.get("expires")
    return isinstance(expires, int | float) and expires < now.timestamp()

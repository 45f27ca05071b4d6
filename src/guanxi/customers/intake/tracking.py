"""`POST /v1/track`: what the snippet on the company's web pages tells (docs/tracking.md).

The body is JSON sent as text/plain, so that no preflight is needed. What comes from pages of other origins, from
robots, and from visitors who refuse to be tracked is not stored.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from typing import Any

import orjson
import structlog
from django.db import DatabaseError
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.customers.actions.absorb import Fact
from guanxi.customers.intake.braking import Brake
from guanxi.customers.intake.http import Headers, Problem, Receive, Scope, Send, read_body, tell
from guanxi.customers.intake.robots import is_robot
from guanxi.customers.intake.sites import Site, SiteMemory, find_site, note_traffic
from guanxi.customers.intake.together import Telling
from guanxi.customers.intake.visits import parse_visit

LARGEST_BODY = 64 * 1024
MOST_EVENTS = 50
VISITOR = re.compile(r"[A-Za-z0-9-]{16,64}")

log = structlog.get_logger(__name__)
sites = SiteMemory()
visitors = Brake(most=300, a_second=5)
addresses = Brake(most=3_000, a_second=50)


async def track(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request of a page."""
    asked = _headers(scope)
    origin = asked.get("origin", "").lower()
    try:
        if scope["method"] == "OPTIONS":
            await _answer(send, 204, b"", origin, preflight=True)
            return
        status, body = await _take_in(scope, receive, asked, origin)
        await _answer(send, status, orjson.dumps(body), origin)
    except Problem as problem:
        told = {"type": "about:blank", "title": problem.detail, "status": problem.status, "code": problem.code}
        await _answer(send, problem.status, orjson.dumps(told | problem.more), origin, kind=b"application/problem+json")


async def _take_in(scope: Scope, receive: Receive, asked: dict[str, str], origin: str) -> tuple[int, dict[str, Any]]:
    if scope["method"] != "POST":
        raise Problem(405, "method_not_allowed", _("Send events with POST."))
    told = _decode(await read_body(receive, LARGEST_BODY))
    site = await _site(told, origin)
    if is_robot(asked.get("user-agent", "")):
        await _note(site, ignored=1)
        return 200, {"accepted": 0, "repeated": 0, "refused": [], "ignored": "robot"}
    if (
        asked.get("sec-gpc") == "1"
        or asked.get("dnt") == "1"
        or (site.needs_consent and told.get("consent") is not True)
    ):
        return 200, {"accepted": 0, "repeated": 0, "refused": [], "ignored": "consent"}
    visitor, events = _visit(told)
    _brake(scope, asked, site, visitor, len(events))
    facts, refused = _facts(events, site, visitor)
    repeated = await tell(Telling(facts, Actor("customer"), site.source)) if facts else frozenset()
    if facts:
        await _note(site)
    answer = {"accepted": len(facts) - len(repeated), "repeated": len(repeated), "refused": refused}
    return (422 if refused and not facts else 200), answer


def _decode(body: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "not_json", _("The body is not JSON: %(why)s.") % {"why": error.msg}) from None
    if not isinstance(told, dict):
        raise Problem(422, "unusable_body", _('Send {"site": …, "visitor": …, "events": […]}.'))
    return told


async def _site(told: dict[str, Any], origin: str) -> Site:
    key = told.get("site")
    if not isinstance(key, str):
        raise Problem(422, "no_site", _("Say which site: the key in the snippet."))
    known, site = sites.recall(key, at=time.monotonic())
    if not known:
        try:
            site = await asyncio.get_running_loop().run_in_executor(None, find_site, key)
        except DatabaseError:
            raise Problem(503, "database", _("The database does not answer. Try again in a moment.")) from None
        sites.keep(key, site, at=time.monotonic())
    if site is None:
        raise Problem(404, "unknown_site", _("No website has this key."))
    if not site.allows(origin):
        raise Problem(
            403, "foreign_origin", _("Pages of %(origin)s may not tell events here.") % {"origin": origin or "?"}
        )
    return site


def _visit(told: dict[str, Any]) -> tuple[str, list[Any]]:
    visitor, events = told.get("visitor"), told.get("events")
    if not isinstance(visitor, str) or not VISITOR.fullmatch(visitor):
        raise Problem(422, "no_visitor", _("A visitor's id is a random word of 16 to 64 letters and digits."))
    if not isinstance(events, list) or not events:
        raise Problem(422, "unusable_body", _('Send {"site": …, "visitor": …, "events": […]}.'))
    if len(events) > MOST_EVENTS:
        raise Problem(413, "too_many_events", _("Send at most %(most)d events in one request.") % {"most": MOST_EVENTS})
    return visitor, events


def _facts(events: list[Any], site: Site, visitor: str) -> tuple[list[Fact], list[dict[str, Any]]]:
    facts: list[Fact] = []
    refused: list[dict[str, Any]] = []
    now = clock.now()
    for place, raw in enumerate(events):
        try:
            facts.append(parse_visit(raw, site=site, visitor=visitor, now=now))
        except Refused as why:
            refused.append({"index": place, "code": why.code, "field": why.field, "detail": str(why)})
    return facts, refused


def _brake(scope: Scope, asked: dict[str, str], site: Site, visitor: str, count: int) -> None:
    at = time.monotonic()
    if not visitors.lets(f"{site.id}:{visitor}", at=at, cost=count) or not addresses.lets(
        _address(scope, asked), at=at, cost=count
    ):
        raise Problem(429, "too_much", _("Too many events at once. Try again in a moment."))


def _address(scope: Scope, asked: dict[str, str]) -> str:
    """The visitor's address; behind a proxy of our own network the one that it names."""
    near = (scope.get("client") or ("", 0))[0]
    try:
        is_ours = ipaddress.ip_address(near).is_private
    except ValueError:
        is_ours = True
    named = asked.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return named if is_ours and named else near


async def _note(site: Site, *, ignored: int = 0) -> None:
    try:
        await asyncio.get_running_loop().run_in_executor(None, note_traffic, site.id, ignored)
    except DatabaseError:  # the events are committed; this is only a sign of life
        log.warning("site_traffic_not_noted", site=site.id)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _answer(
    send: Send, status: int, body: bytes, origin: str, *, kind: bytes = b"application/json", preflight: bool = False
) -> None:
    # Any page may read the answer, as it holds nothing; whether its events are taken is decided by its origin.
    headers: Headers = [
        (b"access-control-allow-origin", origin.encode("latin-1") or b"*"),
        (b"vary", b"Origin"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    if preflight:
        headers += [
            (b"access-control-allow-methods", b"POST"),
            (b"access-control-allow-headers", b"content-type"),
            (b"access-control-max-age", b"86400"),
        ]
    else:
        headers.append((b"content-type", kind))
    if status in {429, 503}:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""The native path of `/v1/`: no session, no middleware, one JSON body in, one answer out after the commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import structlog
from django.db import DatabaseError, close_old_connections, connection
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.absorb import Fact
from guanxi.customers.intake.parsing import parse_event
from guanxi.customers.intake.together import Telling, Together, TooBusy
from guanxi.staff.key_lookup import FIND_KEY, TOUCH_KEY, FoundKey, KeyMemory, looks_like_token
from guanxi.staff.models.api_key import hash_token

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

LARGEST_BODY = 10_000_000
MOST_EVENTS = 5_000

log = structlog.get_logger(__name__)
together = Together()
_keys = KeyMemory()


class Problem(Exception):
    """A request that gets no further, as problem details (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request below /v1/."""
    try:
        if scope["path"] == "/v1/events":
            status, body = await _events(scope, receive)
            await _answer(send, status, body)
        elif scope["path"] == "/v1/track":
            from guanxi.customers.intake.tracking import track

            await track(scope, receive, send)
        else:
            raise Problem(404, "not_found", _("There is nothing here. Events go to /v1/events."))
    except Problem as problem:
        await answer_problem(send, problem)


async def _events(scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
    if scope["method"] != "POST":
        raise Problem(405, "method_not_allowed", _("Send events with POST."))
    key = await _caller(scope)
    told = _decode(await read_body(receive, LARGEST_BODY))
    if isinstance(told, dict) and "events" not in told:
        return await _one(told, key)
    events = told.get("events") if isinstance(told, dict) else told
    if not isinstance(events, list):
        raise Problem(422, "unusable_body", _('Send an event, a list of events, or {"events": […]}.'))
    if len(events) > MOST_EVENTS:
        raise Problem(413, "too_many_events", _("Send at most %(most)d events in one request.") % {"most": MOST_EVENTS})
    return await _many(events, key)


async def _one(raw: dict[str, Any], key: FoundKey) -> tuple[int, dict[str, Any]]:
    try:
        fact = parse_event(raw, now=clock.now())
    except Refused as refused:
        raise Problem(refused.status, refused.code, str(refused), field=refused.field) from None
    told = await tell(Telling([fact], key.actor, key.source))
    return 200, {"accepted": 1 - len(told), "repeated": len(told)}


async def _many(events: list[Any], key: FoundKey) -> tuple[int, dict[str, Any]]:
    facts: list[Fact] = []
    refusals: list[dict[str, Any]] = []
    now = clock.now()
    for place, raw in enumerate(events):
        try:
            facts.append(parse_event(raw, now=now))
        except Refused as refused:
            refusals.append({"index": place, "code": refused.code, "field": refused.field, "detail": str(refused)})
    repeated = await tell(Telling(facts, key.actor, key.source)) if facts else frozenset()
    body = {"accepted": len(facts) - len(repeated), "repeated": len(repeated), "refused": refusals}
    return (422 if refusals and not facts else 200), body


async def tell(telling: Telling) -> frozenset[int]:
    """Absorb and commit; the places of facts told before. Raises Problem when it cannot be done now."""
    try:
        return (await together.tell(telling)).repeated
    except TooBusy:
        raise Problem(503, "busy", _("More is arriving than can be taken in. Try again in a moment.")) from None
    except DatabaseError:
        log.exception("intake_failed")
        raise Problem(503, "database", _("The database does not answer. Try again in a moment.")) from None


async def _caller(scope: Scope) -> FoundKey:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode("latin-1")
    scheme, _space, token = given.partition(" ")
    if scheme.lower() != "bearer" or not looks_like_token(token):
        raise Problem(401, "no_key", _("Send an API key: Authorization: Bearer gx_…"))
    known, key = _keys.recall(token, at=time.monotonic())
    if not known:
        key = await asyncio.get_running_loop().run_in_executor(None, _find_key, token)
        _keys.keep(token, key, at=time.monotonic())
    if key is None:
        raise Problem(401, "bad_key", _("This API key is unknown, expired or revoked."))
    if not key.can("events", "edit"):
        raise Problem(403, "forbidden", _("This API key may not tell events: it needs the scope events:edit."))
    return key


def _find_key(token: str) -> FoundKey | None:
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(FIND_KEY, [hash_token(token)])
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(TOUCH_KEY, [row[0]])
    return FoundKey.from_row(row)


async def read_body(receive: Receive, most: int) -> bytes:
    """The whole body. Raises Problem when it is larger than `most` bytes."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "incomplete", _("The request ended early."))
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > most:
            raise Problem(413, "too_large", _("A request holds at most %(most)d bytes.") % {"most": most})
        if not message.get("more_body"):
            return b"".join(pieces)


def _decode(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "not_json", _("The body is not JSON: %(why)s.") % {"why": error.msg}) from None


async def _answer(send: Send, status: int, body: dict[str, Any], kind: bytes = b"application/json") -> None:
    written = orjson.dumps(body)
    headers: Headers = [(b"content-type", kind), (b"content-length", str(len(written)).encode())]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": written})


async def answer_problem(send: Send, problem: Problem) -> None:
    """Send problem details."""
    body = {
        "type": "about:blank",
        "title": problem.detail,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **problem.more,
    }
    await _answer(send, problem.status, body, b"application/problem+json")

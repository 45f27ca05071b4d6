"""`/live?topics=a,b`: what `guanxi.core.live.publish` tells, as server-sent events to those who may see it.

One connection per process listens to the database and hands each message to the browsers that follow its
topic. A browser that does not keep up is let go; it comes back by itself with the id of its last event.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import orjson
import psycopg
import structlog
from asgiref.sync import sync_to_async

from guanxi.config import live_access
from guanxi.config.http import Receive, Scope, Send, respond
from guanxi.core import metrics
from guanxi.core.live import CHANNEL

log = structlog.get_logger(__name__)

_HEARTBEAT_SECONDS = 15.0
_LOOK_AGAIN_EVERY = 4  # heartbeats, after which the session and the rights are looked at again
_WAITING_MESSAGES = 100
_REMEMBERED = 500
_RETRY_SECONDS = (0.2, 0.5, 1, 2, 5)


@dataclass(eq=False)
class Follower:
    """One browser's stream: what it follows and what waits to be sent to it."""

    topics: frozenset[str]
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(_WAITING_MESSAGES))
    is_behind: bool = False

    def hand(self, message: bytes) -> None:
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.is_behind = True


class Hub:
    """Listens once for all followers of this process, from the first follower on."""

    def __init__(self) -> None:
        self.followers: set[Follower] = set()
        self._recent: deque[tuple[int, str, bytes]] = deque(maxlen=_REMEMBERED)
        self._listening: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self._last_id = 0

    async def join(self, topics: frozenset[str], since: int | None) -> Follower:
        """Follow topics from now on, or from the message after `since` as far as it is remembered."""
        follower = Follower(topics)
        if self._listening is None or self._listening.done():
            self._heard = asyncio.Event()
            self._listening = asyncio.create_task(self._listen())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), timeout=5)  # nothing told from here on is missed
        if since is not None:
            for number, topic, message in self._recent:
                if number > since and topic in topics:
                    follower.hand(message)
        self.followers.add(follower)
        metrics.live_followers.inc()
        return follower

    def leave(self, follower: Follower) -> None:
        if follower in self.followers:
            self.followers.remove(follower)
            metrics.live_followers.dec()

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **live_access.connection_parameters(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    if failures:
                        self._tell_all(b"event: resync\ndata: {}\n\n")
                    failures = 0
                    self._heard.set()
                    async for notice in connection.notifies():
                        self._pass_on(notice.payload)
            except psycopg.OperationalError as error:
                log.warning("live_lost_database", reason=str(error).splitlines()[0])
                await asyncio.sleep(_RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)])
                failures += 1

    def _pass_on(self, text: str) -> None:
        told = orjson.loads(text)
        topic = told["topic"]
        self._last_id = max(self._last_id + 1, time.time_ns() // 1_000_000)
        payload = orjson.dumps(told["payload"]).decode()
        message = f"id: {self._last_id}\nevent: {topic}\ndata: {payload}\n\n".encode()
        self._recent.append((self._last_id, topic, message))
        for follower in self.followers:
            if topic in follower.topics:
                follower.hand(message)

    def _tell_all(self, message: bytes) -> None:
        for follower in self.followers:
            follower.hand(message)


hub = Hub()


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one browser until it goes, its session ends or it falls behind."""
    wanted = frozenset(_topics(scope))
    visitor = await sync_to_async(live_access.visitor, thread_sensitive=False)(scope, wanted)
    if visitor is None:
        await respond(send, 401, b"Sign in first.\n")
        return
    if not visitor.topics:
        await respond(send, 403, b"None of these topics is open to you.\n")
        return
    follower = await hub.join(visitor.topics, _last_event_id(scope))
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 2000\n: open\n\n", "more_body": True})
        await _send_until_gone(send, scope, follower, gone)
    finally:
        gone.cancel()
        hub.leave(follower)
    with contextlib.suppress(Exception):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def _send_until_gone(send: Send, scope: Scope, follower: Follower, gone: asyncio.Task[None]) -> None:
    beats = 0
    while not gone.done() and not follower.is_behind:
        getting = asyncio.ensure_future(follower.waiting.get())
        await asyncio.wait({getting, gone}, timeout=_HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            message = getting.result()
        else:
            getting.cancel()
            message = b": still here\n\n"
            beats += 1
        if beats and beats % _LOOK_AGAIN_EVERY == 0:
            beats = 0
            found = await sync_to_async(live_access.visitor, thread_sensitive=False)(scope, follower.topics)
            if found is None or found.topics != follower.topics:
                return
        await send({"type": "http.response.body", "body": message, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _topics(scope: Scope) -> list[str]:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("topics", [])
    return [topic for value in asked for topic in value.split(",") if topic][:50]


def _last_event_id(scope: Scope) -> int | None:
    told = dict(scope["headers"]).get(b"last-event-id", b"")
    return int(told) if told.isdigit() and len(told) < 20 else None

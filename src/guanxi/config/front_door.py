"""The front door: one ASGI application on one port.

`/live` are server-sent events, `/v1/…` the native path for events, `/static/…` files from memory, `/health`,
`/ready` and `/metrics` for those who watch; everything else is Django's, through a pool of threads.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import structlog
from a2wsgi import WSGIMiddleware

from guanxi.config import live, watch
from guanxi.config.envelope import Envelope, Refusal
from guanxi.config.http import Application, Receive, Scope, Send, respond
from guanxi.core import metrics

log = structlog.get_logger(__name__)

THREADS = int(os.environ.get("GUANXI_WEB_THREADS", "8"))
"""Requests that Django handles at once in one process; each thread keeps one database connection."""

_SLOW_SECONDS = 1.0
_UNTOLD = {"live", "watch"}  # long by nature, and asked over and over while something is down


def _django() -> Application:
    from django.core.handlers.wsgi import WSGIHandler

    bridge: Any = WSGIMiddleware
    pages: Application = bridge(WSGIHandler(), workers=THREADS)
    return pages


def _intake() -> Application | None:
    try:
        from guanxi.customers.intake.http import app
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("guanxi.customers.intake"):
            return None
        raise
    found: Application = app
    return found


_pages = _django()
_events = _intake()


def warm_up() -> None:
    """Load what the first request would: addresses, templates, static files, translations."""
    from django.urls import get_resolver
    from django.utils.translation import activate, deactivate

    from guanxi.config import static

    get_resolver().url_patterns  # noqa: B018 -- reading it imports every view
    static.build()
    for language in ("en", "zh-hans"):
        activate(language)
    deactivate()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Dispatch one connection, inside an envelope that carries its id, its headers and its limits."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    kind, handle = _route(scope["path"])
    envelope = Envelope(scope, receive, send)
    started = time.perf_counter()
    with structlog.contextvars.bound_contextvars(request_id=envelope.request_id):
        try:
            await handle(scope, envelope.receive, envelope.send)
        except Refusal as refusal:
            await envelope.refuse(refusal)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("request_failed", method=scope["method"], path=scope["path"])
            await envelope.refuse(Refusal(500, "Something went wrong here; it has been logged."))
        finally:
            seconds = time.perf_counter() - started
            metrics.request_answered(kind, scope["method"], envelope.status, seconds)
            if kind not in _UNTOLD and (seconds > _SLOW_SECONDS or envelope.status >= 500):
                log.warning(
                    "request_slow" if envelope.status < 500 else "request_broken",
                    method=scope["method"],
                    path=scope["path"],
                    status=envelope.status,
                    seconds=round(seconds, 3),
                )


def _route(path: str) -> tuple[str, Application]:
    if path.startswith("/static/"):
        return "static", _serve_static
    if path.startswith("/v1/") and _events is not None:
        return "intake", _events
    if path == "/live":
        return "live", live.stream
    if path in watch.ROUTES:
        return "watch", watch.ROUTES[path]
    return ("api" if path.startswith("/api/") else "page"), _pages


async def _serve_static(scope: Scope, receive: Receive, send: Send) -> None:
    from guanxi.config import static

    found = static.find(scope["path"].removeprefix("/static/"))
    if found is None or scope["method"] not in {"GET", "HEAD"}:
        await respond(send, 404, b"There is no such file.\n")
        return
    file, kept = found
    asked = dict(scope["headers"])
    headers = [
        (b"content-type", file.kind.encode()),
        (b"cache-control", kept.encode()),
        (b"etag", file.etag.encode()),
        (b"vary", b"Accept-Encoding"),
    ]
    if asked.get(b"if-none-match", b"").decode("latin-1") == file.etag:
        await respond(send, 304, b"", headers)
        return
    body = file.body
    if file.packed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        body = file.packed
        headers.append((b"content-encoding", b"gzip"))
    await respond(send, 200, body, headers, head=scope["method"] == "HEAD")


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await live.hub.close()
            await send({"type": "lifespan.shutdown.complete"})
            return

"""`/ready`, `/health` and `/metrics`: for load balancers, administrators and Prometheus."""

from __future__ import annotations

import hmac
import ipaddress
import os

import orjson
from asgiref.sync import sync_to_async

from guanxi.config.http import Application, Receive, Scope, Send, respond
from guanxi.core import health, metrics

_JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


async def _ready(scope: Scope, receive: Receive, send: Send) -> None:
    """200 when this process can answer pages: its database is there and has the tables."""
    found = await sync_to_async(health.database, thread_sensitive=False)()
    await respond(send, 200 if found.is_good else 503, orjson.dumps({"ready": found.is_good}), _JSON)


async def _health(scope: Scope, receive: Receive, send: Send) -> None:
    """All parts; 503 when the pages cannot work, 200 and "degraded" when only background work is late."""
    found = await sync_to_async(health.everything, thread_sensitive=False)()
    status = "failing" if not found[0].is_good else "ok" if all(part.is_good for part in found) else "degraded"
    body = {"status": status, **{part.name: part.told() for part in found}}
    await respond(send, 503 if status == "failing" else 200, orjson.dumps(body), _JSON)


async def _metrics(scope: Scope, receive: Receive, send: Send) -> None:
    if not _may_read_metrics(scope):
        await respond(send, 403, b"Send GUANXI_METRICS_TOKEN as a bearer token, or ask from this machine.\n")
        return
    body, kind = await sync_to_async(metrics.exposition, thread_sensitive=False)()
    await respond(send, 200, body, [(b"content-type", kind.encode()), (b"cache-control", b"no-store")])


def _may_read_metrics(scope: Scope) -> bool:
    """By token; without one configured, from this machine and not through a proxy on it."""
    headers = dict(scope["headers"])
    if token := os.environ.get("GUANXI_METRICS_TOKEN"):
        return hmac.compare_digest(headers.get(b"authorization", b""), f"Bearer {token}".encode())
    if any(name in headers for name in (b"x-forwarded-for", b"forwarded", b"x-real-ip")):
        return False
    host = (scope.get("client") or ("", 0))[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


ROUTES: dict[str, Application] = {"/ready": _ready, "/health": _health, "/metrics": _metrics}

"""The shapes of ASGI, and the plainest answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PLAIN = b"text/plain; charset=utf-8"


async def respond(send: Send, status: int, body: bytes, headers: Headers | None = None, *, head: bool = False) -> None:
    """Send a whole response; plain text unless the headers say otherwise."""
    told = list(headers or [(b"content-type", PLAIN)])
    if status != 304:
        told.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": b"" if head else body})

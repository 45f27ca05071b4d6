"""What every request and response carries: an id, safe headers, a limit on the body."""

from __future__ import annotations

import itertools
import json
import os
import re
import uuid

from guanxi.config.http import Message, Receive, Scope, Send, respond

LARGEST_BODY = int(os.environ.get("GUANXI_MAX_BODY_MB", "200")) * 1_000_000

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

# Pages load nothing from elsewhere. Styles may be inline, for chart sizes and tag colours; scripts may not.
_POLICY = (
    b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    b"font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"content-security-policy": _POLICY,
}


class _Ids:
    """Request ids: a word of the process's own and a count, since to ask the system for randomness takes longer."""

    def __init__(self) -> None:
        self.renew()
        os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        self._process = uuid.uuid4().hex[:20]
        self._numbers = itertools.count()

    def next(self) -> bytes:
        return f"{self._process}{next(self._numbers):012x}".encode()


_ids = _Ids()


class Refusal(Exception):
    """A request that is not let in, with the status and the sentence that say why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Envelope:
    """Wraps one request's `receive` and `send`."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._received = 0
        self.status = 0
        asked = dict(scope["headers"])
        given = asked.get(b"x-request-id", b"")
        known = given if _REQUEST_ID.fullmatch(given) else _ids.next()
        self.request_id = known.decode()
        kept = [(name, value) for name, value in scope["headers"] if name != b"x-request-id"]
        scope["headers"] = [*kept, (b"x-request-id", known)]
        length = asked.get(b"content-length", b"0")
        self._too_large = not length.isdigit() or int(length) > LARGEST_BODY

    async def receive(self) -> Message:
        """The next piece of the request; raises Refusal once the body is larger than allowed."""
        if self._too_large:
            raise _too_large()
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > LARGEST_BODY:
            raise _too_large()
        return message

    async def send(self, message: Message) -> None:
        """Pass a response on, with the headers it did not set itself."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told = list(message.get("headers", []))
            set_already = {name.lower() for name, _ in told}
            told += [(name, value) for name, value in _HEADERS.items() if name not in set_already]
            told.append((b"x-request-id", self.request_id.encode()))
            message = {**message, "headers": told}
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer with problem details (RFC 9457), unless an answer has begun."""
        if self.status:
            return
        body = {"type": "about:blank", "title": refusal.detail, "status": refusal.status}
        headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
        await respond(self.send, refusal.status, json.dumps(body).encode(), headers)


def _too_large() -> Refusal:
    return Refusal(413, f"The request is larger than {LARGEST_BODY // 1_000_000} MB.")

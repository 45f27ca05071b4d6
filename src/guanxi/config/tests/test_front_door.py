"""The front door as a browser and a load balancer meet it, asked through ASGI itself."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest

from guanxi.config import live, live_access, static, watch
from guanxi.config.envelope import Envelope, Refusal
from guanxi.config.front_door import application


def _ask(path: str, *, method: str = "GET", headers: dict[str, str] | None = None, **scope: Any) -> Any:
    path, _, query = path.partition("?")
    told = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    } | scope
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(application(told, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


def test_static_files_may_be_kept_for_ever_under_their_build_number() -> None:
    name = next(iter(static.library()))
    status, headers, body = _ask(f"/static/{static.build()}/{name}")
    assert (status, body) == (200, static.library()[name].body)
    assert "immutable" in headers["cache-control"]

    status, headers, _ = _ask(f"/static/older/{name}")
    assert (status, headers["cache-control"]) == (200, "no-cache")

    status, _, body = _ask(f"/static/older/{name}", headers={"if-none-match": headers["etag"]})
    assert (status, body) == (304, b"")


def test_static_files_are_packed_for_those_who_can_unpack() -> None:
    name, file = next((name, file) for name, file in static.library().items() if file.packed)
    _, headers, body = _ask(f"/static/x/{name}", headers={"accept-encoding": "gzip, br"})
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == file.body


@pytest.mark.parametrize("path", ["/static/x/../settings.py", "/static/x/%2e%2e/secret", "/static/", "/static/x"])
def test_nothing_but_static_files_is_served_as_one(path: str) -> None:
    assert _ask(path)[0] == 404


def test_every_answer_carries_an_id_and_safe_headers() -> None:
    _, headers, _ = _ask("/static/none", headers={"x-request-id": "from-the-proxy-1"})
    assert headers["x-request-id"] == "from-the-proxy-1"
    assert headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert _ask("/static/none", headers={"x-request-id": "bad id\n"})[1]["x-request-id"].isalnum()


def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    scope = {"headers": [(b"content-length", b"999000000")]}
    sent: list[Any] = []

    async def ask() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        envelope = Envelope(scope, None, send)  # type: ignore[arg-type]
        with pytest.raises(Refusal) as refused:
            await envelope.receive()
        await envelope.refuse(refused.value)

    asyncio.run(ask())
    assert sent[0]["status"] == 413
    assert json.loads(sent[1]["body"])["title"] == "The request is larger than 200 MB."


def test_metrics_are_for_this_machine_or_those_with_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"headers": [], "client": ("127.0.0.1", 1)}
    assert watch._may_read_metrics(here)
    assert not watch._may_read_metrics({**here, "client": ("192.0.2.7", 1)})
    assert not watch._may_read_metrics({**here, "headers": [(b"x-forwarded-for", b"127.0.0.1")]})

    monkeypatch.setenv("GUANXI_METRICS_TOKEN", "open sesame")
    assert not watch._may_read_metrics(here)
    assert watch._may_read_metrics({**here, "headers": [(b"authorization", b"Bearer open sesame")]})


def test_strangers_hear_nothing_live(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask("/live?topics=progress:1")[0] == 401
    nobody = live_access.Visitor(member=object(), topics=frozenset())
    monkeypatch.setattr(live_access, "visitor", lambda scope, wanted: nobody)
    assert _ask("/live?topics=progress:1")[0] == 403


def test_a_follower_hears_its_topics_and_what_it_missed_and_is_dropped_when_behind() -> None:
    async def follow() -> None:
        hub = live.Hub()
        hub._listening = asyncio.create_task(asyncio.sleep(60))
        hub._heard.set()
        hub._pass_on('{"topic": "progress:1", "payload": {"done": 1}}')
        first = hub._recent[0][0]
        hub._pass_on('{"topic": "progress:1", "payload": {"done": 2}}')
        hub._pass_on('{"topic": "progress:9", "payload": {}}')

        follower = await hub.join(frozenset({"progress:1"}), since=first)
        assert b'data: {"done":2}' in follower.waiting.get_nowait()
        assert follower.waiting.empty()

        for _ in range(live._WAITING_MESSAGES + 1):
            hub._pass_on('{"topic": "progress:1", "payload": {}}')
        assert follower.is_behind
        await hub.close()

    asyncio.run(follow())

"""`POST /v1/track` as pages send it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from guanxi.core.models import Event
from guanxi.customers.intake import http, tracking
from guanxi.customers.intake.braking import Brake
from guanxi.customers.intake.signing import sign
from guanxi.customers.intake.together import Together
from guanxi.customers.models import Customer, Identity, Website

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = "https://tea.example.com"
VISITOR = "0b7a11112222333344445555"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36"
VIEW = {"name": "web.page_viewed", "key": "view-1", "properties": {"url": f"{ORIGIN}/"}}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A memory, a brake and threads of the test's own."""
    together = Together()
    monkeypatch.setattr(http, "together", together)
    monkeypatch.setattr(tracking, "visitors", Brake(most=60, a_second=1))
    monkeypatch.setattr(tracking, "addresses", Brake(most=1_000, a_second=1))
    tracking.sites.forget()
    yield
    together._threads.shutdown()


@pytest.fixture
def site() -> Website:
    return Website.objects.create(name="Tea", key="teashop", origins=[ORIGIN], needs_consent=False)


def track(body: Any, *, origin: str = ORIGIN, method: str = "POST", **headers: str) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body of the answer to one request of a page."""
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"origin": origin, "user-agent": BROWSER} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    scope = {
        "type": "http",
        "method": method,
        "path": "/v1/track",
        "client": ("203.0.113.9", 1234),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": written, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(http.app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    answer = sent[1]["body"]
    return sent[0]["status"], told, json.loads(answer) if answer else None


def visit(*events: Any, **more: Any) -> dict[str, Any]:
    return {"site": "teashop", "visitor": VISITOR, "events": list(events), **more}


def test_a_visit_makes_a_customer_known_by_the_browser_and_is_told_once(site):
    status, headers, answer = track(visit(VIEW))
    assert (status, answer) == (200, {"accepted": 1, "repeated": 0, "refused": []})
    assert headers["access-control-allow-origin"] == ORIGIN
    assert track(visit(VIEW))[2] == {"accepted": 0, "repeated": 1, "refused": []}
    event = Event.objects.get(name="web.page_viewed")
    assert (event.source, event.actor_kind) == (f"website:{site.pk}", "customer")
    identity = Identity.objects.get(customer_id=event.customer_id)
    assert (identity.kind, identity.namespace, identity.value) == ("cookie", "teashop", VISITOR)
    site.refresh_from_db()
    assert site.last_event_at is not None


def test_signed_claims_make_visitor_and_customer_one(site):
    claims = json.dumps({"email": "zsf@example.com", "name": "张三丰"})
    signed = {"name": "web.visitor_identified", "key": "id", "claims": claims, "signature": sign(claims, key="teashop")}
    assert track(visit(VIEW, signed))[0] == 200
    customer = Customer.objects.get()
    assert customer.name == "张三丰"
    assert set(customer.identities.values_list("kind", flat=True)) == {"cookie", "email"}


def test_one_bad_event_does_not_cost_the_others(site):
    status, _headers, answer = track(visit(VIEW, {"name": "staff.member_joined", "key": "x"}))
    assert (status, answer["accepted"]) == (200, 1)
    assert (answer["refused"][0]["index"], answer["refused"][0]["code"]) == (1, "event_name")
    assert track(visit({"name": "nonsense", "key": "x"}))[0] == 422


def test_robots_are_counted_and_not_stored(site):
    assert track(visit(VIEW), user_agent="Googlebot/2.1")[2]["ignored"] == "robot"
    site.refresh_from_db()
    assert (site.ignored_count, site.last_event_at) == (1, None)
    assert not Event.objects.exists()


@pytest.mark.parametrize("header", ["dnt", "sec-gpc"])
def test_who_refuses_to_be_tracked_is_not(site, header):
    assert track(visit(VIEW, consent=True), **{header: "1"})[2]["ignored"] == "consent"
    assert not Event.objects.exists()


def test_a_site_that_needs_consent_takes_nothing_without(site):
    Website.objects.update(needs_consent=True)
    assert track(visit(VIEW))[2]["ignored"] == "consent"
    assert track(visit(VIEW, consent=True))[2]["accepted"] == 1


def test_pages_of_others_unknown_sites_and_archived_ones_are_refused(site):
    assert track(visit(VIEW), origin="https://evil.example")[0] == 403
    assert track({**visit(VIEW), "site": "nobody"})[0] == 404
    Website.objects.update(archived_at="2026-01-01T00:00Z")
    tracking.sites.forget()
    assert track(visit(VIEW))[0] == 404
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        ({"site": "teashop"}, 422),
        ({"site": 5}, 422),
        ({"site": "tea\0shop"}, 404),
        ({"site": "teashop", "visitor": "short", "events": [VIEW]}, 422),
        ({"site": "teashop", "visitor": VISITOR, "events": []}, 422),
        ({"site": "teashop", "visitor": VISITOR, "events": [VIEW] * 51}, 413),
        (b" " * 70_000, 413),
    ],
)
def test_unusable_requests_get_a_clear_refusal(site, body, status):
    answered, headers, answer = track(body)
    assert answered == status
    assert headers["content-type"] == "application/problem+json"
    assert answer["title"]


def test_a_preflight_is_answered_and_other_methods_are_not(site):
    status, headers, _answer = track(b"", method="OPTIONS")
    assert (status, headers["access-control-allow-methods"]) == (204, "POST")
    assert track(b"", method="GET")[0] == 405


def test_a_flood_of_one_visitor_is_braked(site):
    views = [{**VIEW, "key": f"view-{number}"} for number in range(50)]
    assert track(visit(*views))[0] == 200
    status, headers, _answer = track(visit(*views))
    assert (status, headers["retry-after"]) == (429, "5")

"""What a page tells, read into facts; and the small parts that tracking stands on. No database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guanxi.core.errors import Refused
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.intake.braking import Brake
from guanxi.customers.intake.robots import is_robot
from guanxi.customers.intake.signing import is_signed, secret_of, sign
from guanxi.customers.intake.sites import Site
from guanxi.customers.intake.visits import parse_visit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = Site(7, "teashop", frozenset({"https://tea.example.com", "https://*.tea.cn"}), True, False)
TRUSTING = Site(8, "trusting", SITE.origins, True, True)
VISITOR = "0b7a11112222333344445555"
COOKIE = IdentityRef("cookie", VISITOR, "teashop")


def read(raw: Any, site: Site = SITE):
    return parse_visit(raw, site=site, visitor=VISITOR, now=NOW)


def identified(claims: dict[str, Any], *, signature: str | None = None, site: Site = SITE):
    written = json.dumps(claims, ensure_ascii=False)
    raw = {"name": "web.visitor_identified", "key": "k", "claims": written}
    if signature is None:
        signature = sign(written, key=site.key)
    return read(raw | ({"signature": signature} if signature else {}), site)


def test_a_page_view_is_the_browsers_and_happened_so_long_ago():
    fact = read(
        {"name": "web.page_viewed", "key": "k", "age": 90_000, "properties": {"url": "https://tea.example.com/"}}
    )
    assert fact.who == (COOKIE,)
    assert fact.at == NOW - timedelta(seconds=90)
    assert (fact.channel, fact.payload) == ("web", {"url": "https://tea.example.com/"})


@pytest.mark.parametrize(
    ("age", "at"), [(None, NOW), ("x", NOW), (-5, NOW), (1e15, NOW - timedelta(days=7)), (True, NOW)]
)
def test_an_impossible_age_is_not_believed(age, at):
    assert read({"name": "web.page_viewed", "key": "k", "age": age}).at == at


def test_a_purchase_has_its_amount_and_other_events_have_none():
    bought = read({"name": "shop.purchase_made", "key": "order:7", "amount": "129.00", "currency": "cny"})
    assert (bought.amount, bought.currency, bought.key) == (Decimal("129.00"), "CNY", "order:7")
    assert read({"name": "web.cart_updated", "key": "k", "amount": "5", "currency": "CNY"}).amount is None


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("text", "event"),
        ({"name": "web.page_viewed"}, "key"),
        ({"name": "customers.customer_created", "key": "k"}, "name"),
        ({"name": "shop.refund_made", "key": "k", "amount": "-5"}, "name"),
        ({"name": "web.page_viewed", "key": "k", "who": {"phone": "1"}}, "event"),
        ({"name": "web.page_viewed", "key": "k", "properties": []}, "properties"),
        ({"name": "shop.purchase_made", "key": "k", "amount": "much"}, "amount"),
        ({"name": "web.visitor_identified", "key": "k"}, "claims"),
        ({"name": "web.visitor_identified", "key": "k", "claims": "[]"}, "claims"),
        ({"name": "web.visitor_identified", "key": "k", "claims": "{}", "signature": "00"}, "signature"),
    ],
)
def test_what_cannot_be_taken_is_named(raw, field):
    with pytest.raises(Refused) as refused:
        read(raw)
    assert refused.value.field == field


def test_signed_claims_tie_identities_to_the_visitor():
    fact = identified({"external": 42, "namespace": "shop", "email": "ZSF@example.com", "name": "张三丰"})
    assert fact.who == (COOKIE, IdentityRef("external", "42", "shop"), IdentityRef("email", "zsf@example.com"))
    assert fact.traits == {"namespace": "shop", "name": "张三丰"}
    assert fact.payload["signed"] is True


def test_unsigned_claims_are_kept_and_tie_nothing():
    fact = identified({"email": "boss@example.com", "name": "Boss"}, signature="")
    assert fact.who == (COOKIE,)
    assert fact.traits is None
    assert fact.payload == {"claims": {"email": "boss@example.com", "name": "Boss"}, "signed": False}


def test_a_trusting_site_believes_its_pages():
    fact = identified({"email": "a@example.com"}, signature="", site=TRUSTING)
    assert IdentityRef("email", "a@example.com") in fact.who


def test_an_unreadable_claim_does_not_hinder_the_others():
    fact = identified({"phone": "12", "email": "a@example.com"})
    assert fact.who == (COOKIE, IdentityRef("email", "a@example.com"))


def test_expired_claims_are_refused():
    assert identified({"email": "a@example.com", "expires": NOW.timestamp() + 1}).payload["signed"] is True
    with pytest.raises(Refused):
        identified({"email": "a@example.com", "expires": NOW.timestamp() - 1})


def test_the_signature_of_one_site_is_none_at_another():
    assert secret_of("a") != secret_of("b")
    assert is_signed("{}", sign("{}", key="a"), key="a")
    assert not is_signed("{}", sign("{}", key="a"), key="b")
    assert not is_signed("{}", "ü", key="a")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://tea.example.com", True),
        ("http://tea.example.com", False),
        ("https://tea.example.com:8443", False),
        ("https://shop.tea.cn", True),
        ("https://tea.cn", False),
        ("https://evil-tea.cn", False),
        ("", False),
        ("null", False),
    ],
)
def test_only_pages_of_the_sites_own_addresses_tell(origin, allowed):
    assert SITE.allows(origin) is allowed


@pytest.mark.parametrize(
    ("named", "robot"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0)", True),
        ("curl/8.5.0", True),
        ("", True),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.49 NetType/WIFI", False),
    ],
)
def test_robots_are_known_by_their_names(named, robot):
    assert is_robot(named) is robot


def test_a_brake_lets_through_again_with_time():
    brake = Brake(most=2, a_second=1)
    assert [brake.lets("a", at=0) for _each in range(3)] == [True, True, False]
    assert brake.lets("b", at=0)
    assert brake.lets("a", at=1.5)
    assert not brake.lets("a", at=1.5)

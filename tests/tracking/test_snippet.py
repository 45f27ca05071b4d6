"""The snippet in a real browser, on a shop's pages, telling the real front door."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from guanxi.core.models import Event
from guanxi.customers.intake.signing import sign
from guanxi.customers.models import Customer, Website
from tests.conftest import free_port, wait_until
from tests.tracking.teashop import Teashop, open_teashop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("tracking")]

_CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
_PERSON = "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
_SECONDS = 20.0


@pytest.fixture(scope="module")
def front_door(django_db_setup: None) -> Iterator[str]:
    """`guanxi web` on the test's own database."""
    told = connection.settings_dict
    who = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}" if told["PASSWORD"] else quote(told["USER"])
    port, name = free_port(), connection.settings_dict["NAME"]
    query = f"?host={quote(told['HOST'])}" + (f"&port={told['PORT']}" if told["PORT"] else "")
    environment = {**os.environ, "DATABASE_URL": f"postgresql://{who}@/{quote(name)}{query}"}
    command = [sys.executable, "-m", "guanxi.config.cli", "web", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--processes", "1"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or _answers(f"{address}/track.js"))
        assert process.poll() is None
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps a loop running in this thread
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def shop(front_door: str) -> Iterator[Teashop]:
    with open_teashop() as shop:
        shop.guanxi = front_door
        shop.key = f"teashop{shop.url.rpartition(':')[2]}"
        Website.objects.create(name="Teashop", key=shop.key, origins=[shop.url], needs_consent=True)
        yield shop


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(user_agent=_PERSON)
    context.set_default_timeout(_SECONDS * 1000)
    yield context
    context.close()


def told(name: str = "") -> list[Event]:
    events = Event.objects.filter(source__startswith="website:", name__regex=r"^(web|shop)\.").order_by(
        "occurred_at", "id"
    )
    return list(events.filter(name=name) if name else events)


def open_page(visitor: BrowserContext, shop: Teashop, path: str = "/") -> Page:
    page = visitor.new_page()
    page.goto(shop.url + path, wait_until="load")
    page.wait_for_function("() => !window.guanxi.q")  # the script has taken the place of the queue
    return page


def arrived(count: int, name: str = "") -> list[Event]:
    wait_until(lambda: len(told(name)) >= count, seconds=_SECONDS)
    found = told(name)
    assert len(found) == count
    return found


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => ({...localStorage})")
    return found


def test_nothing_is_stored_or_sent_before_the_visitor_agrees(visitor: BrowserContext, shop: Teashop) -> None:
    shop.pages["/"] = 'guanxi("product", {id: "T-7", name: "大红袍"})'
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    page = open_page(visitor, shop)
    page.reload(wait_until="networkidle")
    assert kept(page) == {}
    assert page.context.cookies() == []
    assert not any("/v1/track" in address for address in asked)
    page.evaluate('() => guanxi("consent", true)')
    arrived(2)
    (viewed,), (product,) = told("web.page_viewed"), told("web.product_viewed")
    assert viewed.payload["title"] == "Teashop"
    assert product.payload["product"]["name"] == "大红袍"
    assert Customer.objects.get().identities.get().namespace == shop.key


def test_a_visit_from_page_to_purchase_is_one_customers(visitor: BrowserContext, shop: Teashop) -> None:
    shop.asks_consent = False
    Website.objects.update(needs_consent=False)
    claims = json.dumps({"external": "42", "namespace": "shop", "email": "zsf@example.com", "name": "张三丰"})
    signature = sign(claims, key=shop.key)
    shop.pages |= {
        "/": f'guanxi("identify", {json.dumps(claims)}, "{signature}")',
        "/cart": 'guanxi("cart", {items: [{id: "T-7", quantity: 2}], total: "258.00", currency: "CNY"})',
        "/thanks": 'guanxi("purchase", {order: "77", amount: "258.00", currency: "CNY", items: []})',
    }
    for path in ("/", "/cart", "/thanks", "/thanks"):
        open_page(visitor, shop, path)
    assert len(arrived(4, "web.page_viewed")) == 4
    (bought,) = arrived(1, "shop.purchase_made")  # its page was opened twice
    assert (str(bought.amount), bought.currency, bought.payload["order"]) == ("258.0000", "CNY", "77")
    arrived(1, "web.cart_updated")
    (known,) = arrived(1, "web.visitor_identified")
    assert known.payload["signed"] is True
    customer = Customer.objects.get()
    assert customer.name == "张三丰"
    assert set(customer.identities.values_list("kind", flat=True)) == {"cookie", "external", "email"}
    assert {event.customer_id for event in told()} == {customer.pk}


def test_what_happens_offline_is_told_later_and_once(visitor: BrowserContext, shop: Teashop) -> None:
    shop.asks_consent = False
    Website.objects.update(needs_consent=False)
    page = open_page(visitor, shop)
    arrived(1)
    visitor.set_offline(True)
    page.evaluate('() => guanxi("product", {id: "T-8"})')
    page.wait_for_function("(key) => localStorage[key].includes('T-8')", arg=f"guanxi.{shop.key}.queue")
    visitor.set_offline(False)
    (product,) = arrived(1, "web.product_viewed")
    assert product.payload["product"] == {"id": "T-8"}
    page.wait_for_function("(key) => localStorage[key] === '[]'", arg=f"guanxi.{shop.key}.queue")


def test_an_answer_that_was_lost_doubles_nothing(visitor: BrowserContext, shop: Teashop) -> None:
    shop.asks_consent = False
    Website.objects.update(needs_consent=False)
    lost: list[int] = []

    def lose_the_first(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    visitor.route("**/v1/track", lose_the_first)
    page = open_page(visitor, shop)
    page.wait_for_function("(key) => localStorage[key] === '[]'", arg=f"guanxi.{shop.key}.queue")
    assert lost == [200]
    arrived(1)


def test_moving_within_a_page_is_a_view_of_its_own(visitor: BrowserContext, shop: Teashop) -> None:
    shop.asks_consent = False
    Website.objects.update(needs_consent=False)
    page = open_page(visitor, shop)
    arrived(1)
    page.evaluate('() => history.pushState({}, "", "/teas/7")')
    page.evaluate('() => history.replaceState({}, "", "/teas/7#leaves")')
    page.go_back()
    views = arrived(3, "web.page_viewed")
    came_from = {view.payload["url"].removeprefix(shop.url): view.payload["referrer"] for view in views}
    assert sorted(view.payload["url"].removeprefix(shop.url) for view in views) == ["/", "/", "/teas/7"]
    assert came_from["/teas/7"] == f"{shop.url}/"


def test_consent_withdrawn_forgets_who_it_was(visitor: BrowserContext, shop: Teashop) -> None:
    page = open_page(visitor, shop)
    page.evaluate('() => guanxi("consent", true)')
    arrived(1)
    page.evaluate('() => guanxi("consent", false)')
    assert kept(page) == {f"guanxi.{shop.key}.consent": "no"}
    again = open_page(visitor, shop)
    again.wait_for_load_state("networkidle")
    assert kept(again) == {f"guanxi.{shop.key}.consent": "no"}
    arrived(1)


def test_a_browser_that_asks_not_to_be_tracked_is_not(visitor: BrowserContext, shop: Teashop) -> None:
    shop.asks_consent = False
    Website.objects.update(needs_consent=False)
    visitor.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})")
    page = open_page(visitor, shop)
    page.evaluate('() => { guanxi("consent", true); guanxi("product", {id: "T-7"}) }')
    page.wait_for_load_state("networkidle")
    assert [name for name in kept(page) if not name.endswith(".consent")] == []
    assert told() == []


def test_somebody_else_at_the_same_browser_is_another_visitor(visitor: BrowserContext, shop: Teashop) -> None:
    shop.asks_consent = False
    Website.objects.update(needs_consent=False)
    page = open_page(visitor, shop)
    for number, who in enumerate(("a@example.com", "b@example.com"), start=1):
        claims = json.dumps({"email": who})
        page.evaluate(
            "([claims, signature]) => guanxi('identify', claims, signature)", [claims, sign(claims, key=shop.key)]
        )
        arrived(number, "web.visitor_identified")
    assert Customer.objects.count() == 2
    assert len({event.customer_id for event in told("web.visitor_identified")}) == 2

"""Story 3: log what was said on a call and set a reminder for Friday, from the 360° page, in five actions."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator

from tests.stories.conftest import Meet, at_each
from tests.stories.demo_product import DemoProduct
from tests.stories.person import Person


@at_each(phone=True)
def test_a_call_is_logged_with_a_reminder_for_friday(
    meet: Meet, shop: DemoProduct, language: str, is_on_phone: bool
) -> None:
    words = f"Wants forty gift boxes before the festival ({language}, {'phone' if is_on_phone else 'desktop'})"
    customer = shop.ask("SELECT id FROM customers_customer WHERE name = '张三丰'")
    seller = meet(language, is_on_phone=is_on_phone)
    seller.page.goto(f"/customers/{customer}/")
    composer = seller.page.locator("#composer")
    with seller.within(5):
        seller.press_on(_chip(seller, composer, "Call"), "Call")
        seller.fill_in(composer.get_by_role("textbox").first, words, "what was said")
        seller.press_on(_chip(seller, composer, "Friday"), "Friday")
        seller.click("button", "Keep", inside=composer)
    seller.sees(seller.page.locator("#timeline").get_by_text(words).first)
    if not is_on_phone:  # there it stands behind a tab
        seller.sees(seller.page.locator("#follow_ups").get_by_text(words).first)
    due = shop.ask("SELECT due_at FROM customers_followup WHERE text = %s", words)
    assert due.astimezone(ZoneInfo("Asia/Shanghai")).weekday() == 4


def _chip(seller: Person, composer: Locator, words: str) -> Locator:
    return composer.locator("label").filter(has_text=re.compile(f"^\\s*{re.escape(seller.says(words))}\\s*$"))

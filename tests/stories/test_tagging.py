"""Story 4: tag everyone in 上海 without a purchase for 90 days, from the customers, in eight actions."""

from __future__ import annotations

import re

from tests.stories.conftest import Meet, at_each
from tests.stories.demo_product import DemoProduct

_LEFT_OUT = """
SELECT count(*) FROM customers_customer AS c JOIN customers_tally AS t ON t.customer_id = c.id
WHERE c.merged_into_id IS NULL AND c.city = '上海' AND t.last_purchase_at < now() - interval '91 days'
  AND NOT EXISTS (SELECT FROM customers_customertag WHERE customer_id = c.id AND tag_id = %s)
"""
_TAGGED = "SELECT count(*) FROM customers_customertag WHERE tag_id = %s"
_TAGS = {"en": "品茶会 Tasting", "zh-hans": "茶具 Teaware"}


@at_each()
def test_everybody_in_shanghai_who_has_not_bought_for_90_days_is_tagged(
    meet: Meet, shop: DemoProduct, language: str, is_on_phone: bool
) -> None:
    name = _TAGS[language]
    tag = shop.ask("SELECT id FROM customers_tag WHERE name = %s", name)
    before = shop.ask(_TAGGED, tag)
    assert shop.ask(_LEFT_OUT, tag) > 20
    seller = meet(language, is_on_phone=is_on_phone)
    page = seller.page
    page.goto("/customers/")
    with seller.within(8):
        seller.type_chord("f")
        filters = seller.sees(seller.find("dialog", "Filter customers"))
        seller.fill("City", "上海", inside=filters)
        seller.fill_in(filters.locator("[name=no_purchase_days]"), "90", "days without a purchase")
        seller.click("button", "Show customers", inside=filters)
        seller.sees(page.locator(".filter-chip, .chip").filter(has_text="上海").first)
        seller.click("checkbox", "Select all on this page")
        seller.press_on(seller.sees(page.locator("[data-select-matching]")), "select all that match")
        seller.type_chord("t")
        seller.press_on(seller.sees(page.locator(".dropdown-menu.show").get_by_text(name)), name)
    seller.sees(page.get_by_role("button", name=re.compile(f"^{re.escape(seller.says('Undo'))}")).first, seconds=60)
    assert shop.ask(_LEFT_OUT, tag) == 0
    assert shop.ask(_TAGGED, tag) > before + 20

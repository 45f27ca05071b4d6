"""Story 5: merge the first pair of duplicates, then undo it: three actions, then one."""

from __future__ import annotations

from tests.stories.conftest import Meet, at_each
from tests.stories.demo_product import DemoProduct

_PRESENT = "SELECT count(*) FROM customers_customer WHERE merged_into_id IS NULL"
_WHOLE = """
SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM customers_identity AS c
"""


@at_each()
def test_the_first_pair_is_merged_and_stands_apart_again(
    meet: Meet, shop: DemoProduct, language: str, is_on_phone: bool
) -> None:
    before, identities = shop.ask(_PRESENT), shop.ask(_WHOLE)
    seller = meet(language, is_on_phone=is_on_phone)
    seller.page.goto("/customers/duplicates/")
    first = seller.sees(seller.page.locator("[data-pair]").first)
    pair = first.get_attribute("id")
    with seller.within(3):
        seller.click("button", "Merge", inside=first)
        seller.sees(seller.find("button", "Undo").first)
    assert shop.ask(_PRESENT) == before - 1
    with seller.within(1):
        seller.press_on(seller.find("button", "Undo").first, "Undo")
        seller.sees(seller.page.locator(f"#{pair}"))
    assert shop.ask(_PRESENT) == before
    assert shop.ask(_WHOLE) == identities

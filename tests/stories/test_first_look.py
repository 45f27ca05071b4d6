"""Story 1: from a clone to seeing demo customers signed in: one command, two actions."""

from __future__ import annotations

from tests.stories.conftest import Meet, at_each
from tests.stories.demo_product import DemoProduct


@at_each(phone=True)
def test_from_the_printed_link_to_the_customers(
    meet: Meet, shop: DemoProduct, language: str, is_on_phone: bool
) -> None:
    """The command is `guanxi demo`, which `make demo` ends in; the shop was started by it and printed the link."""
    newcomer = meet(language, is_on_phone=is_on_phone, who="stranger")
    with newcomer.within(2):
        newcomer._count("open the printed link")
        newcomer.page.goto(shop.sign_in_link)
        places = "Most used" if is_on_phone else "Main"
        newcomer.click("link", "Customers", inside=newcomer.find("navigation", places))
    newcomer.sees_heading(newcomer.says("Customers"))
    assert newcomer.page.locator("[data-row]:visible").count() >= 20

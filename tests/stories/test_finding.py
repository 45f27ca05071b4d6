"""Story 2: find 张三丰 by `zsf` and open the page, from anywhere, in three actions."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Meet, at_each


@pytest.mark.parametrize("start", ["/", "/profile/"])
@at_each(phone=True)
def test_a_customer_is_found_by_the_initials_of_the_name(
    meet: Meet, language: str, is_on_phone: bool, start: str
) -> None:
    seller = meet(language, is_on_phone=is_on_phone)
    seller.page.goto(start)
    with seller.within(3):
        if is_on_phone:
            seller.press_on(seller.page.locator("[data-palette]:visible"), "the search")
        else:
            seller.type_chord("/")
        seller.sees(seller.find("combobox", "Search everything"))
        seller.type_words("zsf")
        hit = seller.sees(seller.page.get_by_role("option").filter(has_text="张三丰").first)
        if is_on_phone:
            seller.press_on(hit, "张三丰")
        else:
            seller.type_chord("Enter")
    seller.sees_heading("张三丰")

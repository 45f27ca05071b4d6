"""Story 7: add a custom choice field and put it in the list as a column, from the settings, in eight actions."""

from __future__ import annotations

from tests.stories.conftest import Meet, at_each


@at_each()
def test_a_choice_field_of_ones_own_becomes_a_column(meet: Meet, language: str, is_on_phone: bool) -> None:
    name = {"en": "Membership level", "zh-hans": "会员级别"}[language]
    keeper = meet(language, is_on_phone=is_on_phone)
    keeper.page.goto("/settings/tags/")
    with keeper.within(8):
        keeper.click("link", "Fields", inside=keeper.find("navigation", "Main"))
        keeper.click("link", "New field")
        form = keeper.page.locator("main form").last
        keeper.fill_in(form.locator("[name=name]"), name, "name")
        keeper.fill_in(form.locator("[name=kind]"), keeper.says("Choice"), "kind")
        keeper.fill_in(form.locator("[name=choices]"), "Gold\nSilver", "choices")
        keeper.click("button", "Make the field")
        keeper.sees(keeper.page.get_by_text(name).first)
        keeper.click("link", "Customers", inside=keeper.find("navigation", "Main"))
    keeper.sees(keeper.page.get_by_role("columnheader", name=name))

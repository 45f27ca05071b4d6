"""What the house is for, in one go: a file comes in, somebody is found by pinyin, two are merged and stand apart again,
four hundred are tagged at once, and all of it is seen in the timeline.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.stories.conftest import Meet, at_each
from tests.stories.demo_product import DemoProduct
from tests.stories.person import Person

_PEOPLE = 420


@at_each(phone=True)
def test_from_a_file_to_the_timeline(
    meet: Meet, shop: DemoProduct, tmp_path: Path, language: str, is_on_phone: bool
) -> None:
    number = str(10 + shop.ask("SELECT count(*) FROM customers_import") % 90)
    company = f"来客 {number}"
    newcomer = meet(language, is_on_phone=is_on_phone)
    _bring_in(newcomer, _file(tmp_path, number, company))
    _find_by_pinyin(newcomer)
    one, other = (_customer(shop, number, place) for place in (1, 2))
    _merge_and_undo(newcomer, shop, one, other)
    _tag_everybody(newcomer, company)
    tagged = "SELECT count(*) FROM core_event e JOIN customers_customer c ON c.id = e.customer_id"
    wait = f"{tagged} WHERE c.company_name = %s AND e.name = 'customers.tag_added'"
    assert shop.ask(wait, company) == _PEOPLE
    _read_the_timeline(newcomer, one)


def _file(folder: Path, number: str, company: str) -> Path:
    names = ["诸葛令仪", "诸葛令仪", *(f"客人{place:03}" for place in range(3, _PEOPLE + 1))]
    rows = [f"{name},137{number}{place:06},{company}" for place, name in enumerate(names, 1)]
    path = folder / f"guests-{number}.csv"
    path.write_text("\n".join(["姓名,手机,公司", *rows]), encoding="gb18030")
    return path


def _bring_in(newcomer: Person, file: Path) -> None:
    newcomer.page.goto("/customers/imports/new/")
    newcomer.choose_file("File", file)
    newcomer.click("button", "Continue")
    newcomer.page.wait_for_url("**/mapping/")
    newcomer.click("button", "Continue")
    newcomer.page.wait_for_url("**/preview/")
    newcomer.press_on(newcomer.page.locator("main form[data-submit-once] button[type=submit]").last, "import")
    newcomer.sees(newcomer.find("link", "Import another file"), seconds=60)


def _find_by_pinyin(newcomer: Person) -> None:
    newcomer.press_on(newcomer.page.locator("[data-palette]:visible"), "the search")
    newcomer.sees(newcomer.find("combobox", "Search everything"))
    newcomer.type_words("zhugelingyi")
    newcomer.press_on(newcomer.page.get_by_role("option").filter(has_text="诸葛令仪").first, "诸葛令仪")
    newcomer.sees_heading("诸葛令仪")


def _customer(shop: DemoProduct, number: str, place: int) -> int:
    found = shop.ask("SELECT customer_id FROM customers_identity WHERE value = %s", f"+86137{number}{place:06}")
    return int(found)


def _merge_and_undo(newcomer: Person, shop: DemoProduct, one: int, other: int) -> None:
    merged_away = "SELECT count(*) FROM customers_customer WHERE id IN (%s, %s) AND merged_into_id IS NOT NULL"
    newcomer.page.goto(f"/customers/merge/?ids={one},{other}")
    newcomer.press_on(newcomer.page.locator("main form[data-submit-once] button[type=submit]").last, "Merge 2 records")
    newcomer.sees(newcomer.find("button", "Undo").first)
    assert shop.ask(merged_away, one, other) == 1
    newcomer.press_on(newcomer.find("button", "Undo").first, "Undo")
    newcomer.sees(newcomer.says("The merge is undone. The records stand apart again."))
    assert shop.ask(merged_away, one, other) == 0


def _tag_everybody(newcomer: Person, company: str) -> None:
    page = newcomer.page
    page.goto(f"/customers/?company={company}")
    if newcomer.is_on_phone:
        newcomer.press_on(page.locator("[data-select-row]").first, "the first row")
    else:
        newcomer.click("checkbox", "Select all on this page")
    newcomer.press_on(newcomer.sees(page.locator("[data-select-matching]")), "select all that match")
    newcomer.press_on(page.locator("[data-bulk-bar]").get_by_role("button", name=newcomer.says("Tag")).first, "Tag")
    newcomer.press_on(newcomer.sees(page.locator(".dropdown-menu.show").get_by_text("礼品 Gifts")), "礼品 Gifts")
    undo = page.get_by_role("button", name=re.compile(f"^{re.escape(newcomer.says('Undo'))}")).first
    newcomer.sees(undo, seconds=60)


def _read_the_timeline(newcomer: Person, customer: int) -> None:
    newcomer.page.goto(f"/customers/{customer}/")
    timeline = newcomer.page.locator("#timeline")
    newcomer.sees(timeline.get_by_text(newcomer.says("Tagged %(tag)s", tag="礼品 Gifts")).first)
    entries = timeline.locator("li").all_inner_texts()
    assert len(entries) >= 4, entries  # became known, merged, taken apart, tagged

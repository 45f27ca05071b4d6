"""Story 6: import a CSV of eight well-named columns, from the customers, in five actions."""

from __future__ import annotations

from pathlib import Path

from tests.stories.conftest import Meet, at_each
from tests.stories.demo_product import DemoProduct

_HEADERS = {
    "en": "Name,Phone,E-mail,Company,Job title,City,Birthday,Address",
    "zh-hans": "姓名,手机,邮箱,公司,职位,城市,生日,地址",
}
_ROWS = [
    "穆清扬,13912{0}001,qingyang{0}@example.com,拾光茶馆,店长,苏州,1988-03-02,平江路12号",
    "Ada Lindqvist,13912{0}002,ada{0}@example.com,Nordic Tea,Buyer,上海,1990/11/23,淮海中路8号",
    "欧阳若兰,13912{0}003,ruolan{0}@example.com,,,杭州,1995年4月1日,龙井路3号",
]


@at_each()
def test_a_file_of_eight_well_named_columns_lands(
    meet: Meet, shop: DemoProduct, tmp_path: Path, language: str, is_on_phone: bool
) -> None:
    number = {"en": "340", "zh-hans": "341"}[language]
    file = tmp_path / f"guests-{language}.csv"
    file.write_text("\n".join([_HEADERS[language], *(row.format(number) for row in _ROWS)]), encoding="utf-8")
    seller = meet(language, is_on_phone=is_on_phone)
    seller.page.goto("/customers/")
    with seller.within(5):
        seller.click("link", "Import")
        seller.choose_file("File", file)
        seller.click("button", "Continue")
        seller.page.wait_for_url("**/mapping/")
        seller.click("button", "Continue")
        seller.sees(seller.page.get_by_text("Ada Lindqvist").first)
        seller.press_on(seller.page.locator("main form[data-submit-once] button[type=submit]").last, "Import 3 rows")
    seller.sees(seller.find("link", "Import another file"), seconds=60)
    landed = "SELECT count(DISTINCT customer_id) FROM customers_identity WHERE value LIKE %s"
    assert shop.ask(landed, f"+8613912{number}00%") == 3
    born = "SELECT c.birth_date::text FROM customers_customer c JOIN customers_identity i ON i.customer_id = c.id"
    assert shop.ask(f"{born} WHERE i.value = %s", f"+8613912{number}003") == "1995-04-01"

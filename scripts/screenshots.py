"""Takes pictures of the demo: those of the README, or every page in every look.

python scripts/screenshots.py                 the README's, into docs/screenshots/
python scripts/screenshots.py --all FOLDER    every page, wide and narrow, light and dark, in English and Chinese
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")

PICTURES = ROOT / "docs" / "screenshots"
LARGEST = 250_000  # bytes
_GUESTS = """\
姓名,手机,邮箱,公司,城市,生日
穆清扬,13912340001,qingyang@example.com,拾光茶馆,苏州,1988-03-02
Ada Lindqvist,+46 70 174 06 05,ada@example.com,Nordic Tea,Stockholm,1990/11/23
欧阳若兰,1391234000,ruolan@example.com,,杭州,1995年4月1日
"""


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, and how it is looked at. `prepare` does what a person would do first."""

    name: str
    path: str
    language: str = "en"
    is_on_phone: bool = False
    is_dark: bool = False
    prepare: Callable[[Any], None] | None = None


def _search(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("zsf")
    page.get_by_role("option").filter(has_text="张三丰").first.wait_for()


def _upload(page: Any) -> None:
    file = {"name": "茶会来宾.csv", "mimeType": "text/csv", "buffer": _GUESTS.encode("gb18030")}
    page.locator("input[type=file]").set_input_files(files=[file])
    for step in ("mapping", "preview"):
        page.locator("main form[data-submit-once] button[type=submit]").last.click()
        page.wait_for_url(f"**/{step}/")


def _select(page: Any) -> None:
    page.locator("[data-select-all]").check()


SHOTS = [
    Shot("customers", "/customers/?city=上海&no_purchase_days=90", prepare=_select),
    Shot("customer", "/customers/{zsf}/"),
    Shot("customer-zh", "/customers/{zsf}/", "zh-hans"),
    Shot("search-dark", "/", is_dark=True, prepare=_search),
    Shot("duplicates", "/customers/duplicates/"),
    Shot("import-zh", "/customers/imports/new/", "zh-hans", prepare=_upload),
    Shot("home-zh-dark", "/", "zh-hans", is_dark=True),
    Shot("phone-customer-zh", "/customers/{zsf}/", "zh-hans", is_on_phone=True),
    Shot("phone-customers-dark", "/customers/", is_on_phone=True, is_dark=True),
]


def main() -> int:
    parser = argparse.ArgumentParser(description="Take pictures of the demo.")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page in all eight looks, into this folder")
    parser.add_argument("--link", help="the sign-in link of a demo that runs already; its DATABASE_URL must be set")
    parser.add_argument("--only", default="", help="with --all: only addresses that hold this text")
    told = parser.parse_args()
    with _demo(told.link) as shop, _browser() as browser:
        if told.all:
            _take_all(browser, shop, told.all, told.only)
            return 0
        return _take_for_readme(browser, shop)


@contextmanager
def _demo(link: str | None) -> Iterator[Any]:
    """A demo that runs: the one at `link`, else one of our own on a database that is thrown away."""
    from tests.stories.demo_product import DemoProduct, running

    from guanxi.core.postgres import Cluster

    if link:
        yield DemoProduct(link.partition("/demo/")[0], link, os.environ["DATABASE_URL"])
        return
    with tempfile.TemporaryDirectory(prefix="guanxi-screenshots-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o711)  # the database's own user passes through when root takes the pictures
        os.environ["GUANXI_HOME"] = folder
        with Cluster(home / "database", forgetful=True).acquire() as lease:
            os.environ["DATABASE_URL"] = lease.cluster.address
            with running(home, "screenshots") as shop:
                yield shop


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright
    from tests.stories.browser import launched

    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


def _take_for_readme(browser: Any, shop: Any) -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    state = _sign_in(browser, shop)
    zsf = shop.ask("SELECT id FROM customers_customer WHERE name = '张三丰' ORDER BY id LIMIT 1")
    too_large = 0
    for shot in SHOTS:
        page = _open(browser, shop, state, shot.language, is_on_phone=shot.is_on_phone, is_dark=shot.is_dark)
        page.goto(shot.path.format(zsf=zsf))
        if shot.prepare:
            shot.prepare(page)
        _shoot(page, PICTURES / f"{shot.name}.png", whole=False)
        size = (PICTURES / f"{shot.name}.png").stat().st_size
        too_large += size > LARGEST
        print(f"{shot.name}.png  {size / 1000:,.0f} kB{'  too large' if size > LARGEST else ''}")
        page.context.close()
    return 1 if too_large else 0


def _take_all(browser: Any, shop: Any, folder: Path, only: str) -> None:
    import django

    django.setup()
    from tests.stories.atlas import places

    folder.mkdir(parents=True, exist_ok=True)
    state = _sign_in(browser, shop)
    addresses = [address for place in places() if only in (address := place.address(shop))]
    for language in ("en", "zh-hans"):
        for is_on_phone in (False, True):
            page = _open(browser, shop, state, language, is_on_phone=is_on_phone, is_dark=False)
            for address in addresses:
                _take_by_day_and_night(page, address, folder, f"{language}-{'390' if is_on_phone else '1440'}")
            page.context.close()


def _take_by_day_and_night(page: Any, address: str, folder: Path, look: str) -> None:
    from tests.stories.inspection import turn

    answer = page.request.get(address, max_redirects=0)
    if answer.status != 200 or "<html" not in answer.text():
        return
    name = address.strip("/").replace("/", "_") or "home"
    page.goto(address)
    for scheme in ("light", "dark"):
        turn(page, scheme)
        _shoot(page, folder / f"{name}-{look}-{scheme}.png", whole=True)
    print(name, look)


def _sign_in(browser: Any, shop: Any) -> Any:
    page = browser.new_page()
    page.goto(shop.sign_in_link)
    state = page.context.storage_state()
    page.context.close()
    return state


def _open(browser: Any, shop: Any, state: Any, language: str, *, is_on_phone: bool, is_dark: bool) -> Any:
    from tests.stories.browser import new_context

    scheme = "dark" if is_dark else "light"
    return new_context(browser, shop, language, is_on_phone=is_on_phone, state=state, color_scheme=scheme).new_page()


def _shoot(page: Any, path: Path, *, whole: bool) -> None:
    from tests.stories.inspection import settle

    settle(page)
    page.screenshot(path=path, full_page=whole)


if __name__ == "__main__":
    sys.exit(main())

"""Every page of the product, in both languages: axe finds nothing against it, by day and by night, wide and narrow;
it never scrolls sideways on a phone; and the browser has nothing to complain of.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response

from tests.stories.atlas import regions
from tests.stories.conftest import Meet
from tests.stories.demo_product import DemoProduct
from tests.stories.inspection import Complaints, settle, sideways, turn, violations

_TALL = 2400  # so that parts which load when they come into view all load
_WIDE, _NARROW = 1440, 390
_CONTRAST = ["color-contrast", "link-in-text-block"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("region", sorted(regions()))
def test_every_page_can_be_read_by_everybody(meet: Meet, shop: DemoProduct, region: str, language: str) -> None:
    member = meet(language, viewport={"width": _WIDE, "height": _TALL})
    _inspect(member.page, [place.address(shop) for place in regions()[region]], is_full=language == "en")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_a_stranger_can_be_read_by_everybody(meet: Meet, shop: DemoProduct, language: str) -> None:
    stranger = meet(language, who="stranger", viewport={"width": _WIDE, "height": _TALL})
    addresses = [place.address(shop) for place in (*regions()["accounts"], *regions()["rest"])]
    _inspect(stranger.page, [*addresses, "/no/such/page/"], is_full=language == "en")


def _inspect(page: Page, addresses: list[str], *, is_full: bool) -> None:
    complaints = Complaints()
    complaints.listen_to(page)
    found: list[str] = []
    seen = 0
    for address in addresses:
        if not _is_page(page, address):
            continue
        seen += 1
        page.set_viewport_size({"width": _WIDE, "height": _TALL})
        answer = page.goto(address)
        settle(page)
        told = [f"console: {each}" for each in _unexpected(complaints.take(), answer)]
        told += _look(page, is_full=is_full)
        found += [f"  {address}\n      {each}" for each in dict.fromkeys(told)]
    assert seen, "no page was seen"
    assert not found, f"{len(found)} complaints about {seen} pages:\n" + "\n".join(found)


def _look(page: Page, *, is_full: bool) -> list[str]:
    """Everything at 1440 px by day; at 390 px too; by night what night changes. The second language only narrow."""
    told = [f"1440 light: {each}" for each in violations(page)] if is_full else []
    page.set_viewport_size({"width": _NARROW, "height": _TALL})
    settle(page)
    told += [f"390 light: {each}" for each in violations(page)] + [f"390: {each}" for each in sideways(page)]
    if is_full:
        turn(page, "dark")
        told += [f"390 dark: {each}" for each in violations(page, rules=_CONTRAST)]
        page.set_viewport_size({"width": _WIDE, "height": _TALL})
        settle(page)
        told += [f"1440 dark: {each}" for each in violations(page, rules=_CONTRAST)]
        turn(page, "light")
    return told


def _is_page(page: Page, address: str) -> bool:
    """Whether asking for the address gives a page, rather than an answer to a form, a file or a part of a page."""
    answer = page.request.get(address, max_redirects=0)
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    assert answer.status < 500, f"{address} answers {answer.status}: {answer.text()[:300]}"
    is_whole = is_html and "<html" in answer.text()
    return is_whole and answer.status != 405 and not 300 <= answer.status < 400


def _unexpected(complaints: list[str], answer: Response | None) -> list[str]:
    """Chromium reports the page's own 4xx as an error of the console; whether that is right is another test's."""
    is_refusal = answer is not None and answer.status >= 400
    return [each for each in complaints if not (is_refusal and "Failed to load resource" in each)]

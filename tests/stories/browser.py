"""Debian's Chromium, and the windows of people with a language and a screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.stories.demo_product import DemoProduct
from tests.stories.person import DESKTOP, LANGUAGES, PHONE

_CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE = 15_000  # milliseconds


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """The browser, closed when the block ends."""
    browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
    try:
        yield browser
    finally:
        browser.close()


def new_context(
    browser: Browser, shop: DemoProduct, language: str, *, is_on_phone: bool, state: Any, **more: Any
) -> BrowserContext:
    """A browser of a person who prefers this language."""
    context = browser.new_context(
        base_url=shop.url,
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        viewport=more.pop("viewport", PHONE if is_on_phone else DESKTOP),
        has_touch=is_on_phone,
        is_mobile=is_on_phone,
        storage_state=state,
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(_PATIENCE)
    return context

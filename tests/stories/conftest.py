"""One product and one browser for each worker; one signed-in session for each language."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.stories.browser import launched, new_context
from tests.stories.demo_product import DemoProduct, running
from tests.stories.person import LANGUAGES, Person

Meet = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[DemoProduct]:
    """The tea shop's Guanxi, running. Names GUANXI_STORIES_LINK a demo that runs already (its printed link, and its
    DATABASE_URL), that one serves: quicker while a story is written.
    """
    if link := os.environ.get("GUANXI_STORIES_LINK"):
        yield DemoProduct(link.partition("/demo/")[0], link, os.environ["DATABASE_URL"])
        return
    with running(tmp_path_factory.mktemp("shop"), f"stories_{worker_id}") as product:
        yield product


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def sessions(browser: Browser, shop: DemoProduct) -> dict[str, Any]:
    """The cookies of the administrator, signed in once."""
    context = browser.new_context()
    context.new_page().goto(shop.sign_in_link)
    state: Any = context.storage_state()
    context.close()
    return {"staff": state, "stranger": None}


@pytest.fixture
def meet(browser: Browser, shop: DemoProduct, sessions: dict[str, Any]) -> Iterator[Meet]:
    """Meet somebody with a browser of their own: `meet("zh-hans", is_on_phone=True)`."""
    with ExitStack() as open_contexts:

        def make(language: str = "en", *, is_on_phone: bool = False, who: str = "staff", **more: Any) -> Person:
            context = new_context(browser, shop, language, is_on_phone=is_on_phone, state=sessions[who], **more)
            open_contexts.callback(context.close)
            return Person(context.new_page(), language, is_on_phone=is_on_phone)

        yield make


def at_each(*, phone: bool = False) -> pytest.MarkDecorator:
    """Both languages on a desktop, and at 390 px as well for what is done on the way."""
    sizes = [False, True] if phone else [False]
    return pytest.mark.parametrize(
        ("language", "is_on_phone"),
        [
            pytest.param(language, size, id=f"{language}-{'phone' if size else 'desktop'}")
            for language in LANGUAGES
            for size in sizes
        ],
    )

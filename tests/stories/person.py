"""Somebody at work in the browser: does what people do, and counts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LANGUAGES = {"en": "en-GB", "zh-hans": "zh-CN"}


class TooManyActions(AssertionError):
    """A story took more actions than it may."""


class Person:
    """Drives one page. Labels are given in English and looked for in the person's own language.

    An action is a click, a tap, a key chord, or one field filled. `within(budget)` fails at the first action over it;
    waiting to see something is no action.
    """

    def __init__(self, page: Page, language: str, *, is_on_phone: bool = False) -> None:
        self.page = page
        self.language = language
        self.is_on_phone = is_on_phone
        self.actions: list[str] = []
        self._budget: int | None = None

    @contextmanager
    def within(self, budget: int) -> Iterator[None]:
        """Count from here; more than `budget` actions fail the story."""
        self.actions, self._budget = [], budget
        yield
        self._budget = None

    def says(self, words: str, **values: object) -> str:
        """A message of the product in the person's language."""
        with translation.override(self.language):
            said = gettext(words)
        return said % values if values else said

    def find(self, role: Any, words: str | re.Pattern[str] = "", *, inside: Locator | None = None) -> Locator:
        """What has this role and this name, the name translated unless it is a pattern."""
        place = inside or self.page
        if isinstance(words, re.Pattern):
            return place.get_by_role(role, name=words)
        if not words:
            return place.get_by_role(role)
        return place.get_by_role(role, name=self.says(words), exact=True)

    def click(self, role: Any, words: str | re.Pattern[str] = "", *, inside: Locator | None = None) -> None:
        self.press_on(self.find(role, words, inside=inside), f"{role} “{words}”")

    def press_on(self, target: Locator, what: str) -> None:
        """Click it; on a phone, tap it."""
        self._count(f"press {what}")
        if self.is_on_phone:
            target.tap()
        else:
            target.click()

    def type_chord(self, keys: str) -> None:
        self._count(f"keys {keys}")
        self.page.keyboard.press(keys)

    def type_words(self, words: str) -> None:
        """Into whatever has the focus: one field filled."""
        self._count(f"type “{words}”")
        self.page.keyboard.type(words)

    def fill(self, label: str, value: str, *, inside: Locator | None = None) -> None:
        """Fill, or choose in, the field of that label."""
        self.fill_in((inside or self.page).get_by_label(self.says(label), exact=True), value, label)

    def fill_in(self, field: Locator, value: str, what: str) -> None:
        self._count(f"fill {what}: {value}")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def choose_file(self, label: str, path: Path) -> None:
        self._count(f"choose {path.name}")
        self.page.get_by_label(self.says(label)).set_input_files(path)

    def sees(self, words: str | re.Pattern[str] | Locator, *, seconds: float = 15) -> Locator:
        """Waits until it is there; text is looked for as it is given."""
        target = words if isinstance(words, Locator) else self.page.get_by_text(words).first
        expect(target).to_be_visible(timeout=seconds * 1000)
        return target

    def sees_heading(self, words: str | re.Pattern[str], *, seconds: float = 15) -> None:
        self.sees(self.page.get_by_role("heading", level=1, name=words), seconds=seconds)

    def _count(self, action: str) -> None:
        self.actions.append(action)
        if self._budget is not None and len(self.actions) > self._budget:
            listed = "\n".join(f"  {place}. {each}" for place, each in enumerate(self.actions, 1))
            raise TooManyActions(f"Only {self._budget} actions are allowed:\n{listed}")

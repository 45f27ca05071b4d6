"""What is wrong with a page as it stands in the browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Page, Request, expect

_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
async rules => {
  const found = await axe.run(document, rules ? { runOnly: { type: "rule", values: rules } } : {});
  return found.violations.map(each => ({
    rule: each.id,
    help: each.help,
    nodes: each.nodes.slice(0, 4).map(node => ({ html: node.html.slice(0, 200), why: node.failureSummary })),
  }));
}
"""
_AT_REST = """
() => document.fonts.ready.then(() => Promise.allSettled(document.getAnimations().map(each => each.finished)))
"""
_WIDER = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const hidden = each => each.closest("[hidden], dialog:not([open])");
  const held = each => {
    for (let one = each.parentElement; one && one !== document.body; one = one.parentElement)
      if (getComputedStyle(one).overflowX !== "visible") return true;
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter(each => !hidden(each) && !held(each) && each.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map(each => each.outerHTML.slice(0, 160)).concat("the page scrolls sideways");
}
"""


@dataclass
class Complaints:
    """What the browser complained of since it was last asked: console errors, exceptions, failed requests."""

    heard: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"exception: {error}"))
        page.on("requestfailed", self._failed)

    def take(self) -> list[str]:
        taken, self.heard = self.heard, []
        return taken

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # what the browser gave up itself when leaving a page
            self.heard.append(f"request failed: {request.url} {request.failure}")


def settle(page: Page) -> None:
    """Wait until the page has its parts: nothing under way, nothing busy, no opening effect half done."""
    expect(page.locator(".htmx-request, [data-panel][aria-busy=true]:visible")).to_have_count(0, timeout=20_000)
    page.evaluate(_AT_REST)


def turn(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Have the device ask for a light or a dark page, and wait until the page obeys."""
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme, timeout=20_000)
    settle(page)


def violations(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds against accessibility, one entry an element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN, rules)
    return [
        f"{each['rule']} ({each['help']}): {node['html']}\n        {_reason(node['why'])}"
        for each in found
        for node in each["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """The elements that make the page scroll sideways, if it does."""
    found: list[str] = page.evaluate(_WIDER)
    return found


def _reason(summary: str) -> str:
    return " ".join(summary.split())[:300]

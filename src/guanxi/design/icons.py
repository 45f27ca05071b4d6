"""Tabler's icons, inlined: one small SVG each, so that they take the colour of the text around them."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from guanxi.design.assets import icon_folder

_NAME = re.compile(r"[a-z0-9-]+")
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BOX = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>\s*')
_BETWEEN = re.compile(r">\s+<")

_STYLES = {
    "outline": 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"',
    "filled": 'fill="currentColor"',
}


class UnknownIconError(LookupError):
    """No icon of that name: a slip in a template, shown at once rather than as a hole in the page."""


@cache
def _drawing(name: str, style: str) -> str:
    """The inside of an icon's SVG."""
    file = icon_folder() / style / f"{name}.svg"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise UnknownIconError(f"Tabler has no {style} icon {name!r} in {icon_folder()}; is `npm ci` done?")
    drawing = _DRAWING.search(file.read_text(encoding="utf-8"))
    if drawing is None:
        raise UnknownIconError(f"{file} holds no drawing")
    return _BETWEEN.sub("><", _BOX.sub("", drawing[1]).strip())


def icon(name: str, size: int = 20, label: str | None = None, *, filled: bool = False, css: str = "") -> Markup:
    """An inline SVG, `size` pixels square. Hidden from screen readers unless it has a label of its own."""
    style = "filled" if filled else "outline"
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon{}" width="{}" height="{}" viewBox="0 0 24 24" {} {}>{}</svg>').format(
        f" {css}" if css else "",
        size,
        size,
        Markup(_STYLES[style]),  # noqa: S704 - one of two constants above
        voice,
        Markup(_drawing(name, style)),  # noqa: S704 - a file of the icon library, found by a checked name
    )


def icon_or_nothing(name: str | None, size: int = 20) -> Markup:
    """As `icon`, for names that come from data; an unknown one draws nothing."""
    try:
        return icon(name, size) if name else escape("")
    except UnknownIconError:
        return escape("")

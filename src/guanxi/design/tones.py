"""Colours given to things by name or number, all of them readable in light and dark.

A tone is one of twelve names; `guanxi.css` holds its two pairs of colours. Members choose a tone for a
tag group; an avatar takes one from its owner's id, so that a person keeps the same colour everywhere.
"""

from __future__ import annotations

import re
from colorsys import rgb_to_hls

from django.utils.translation import gettext_lazy as _

TONES = {
    "grey": _("Grey"),
    "red": _("Red"),
    "orange": _("Orange"),
    "yellow": _("Yellow"),
    "lime": _("Lime"),
    "green": _("Green"),
    "teal": _("Teal"),
    "cyan": _("Cyan"),
    "blue": _("Blue"),
    "indigo": _("Indigo"),
    "purple": _("Purple"),
    "pink": _("Pink"),
}
_NAMES = list(TONES)
_OTHER_NAMES = {"gray": "grey", "azure": "blue", "violet": "purple", "amber": "yellow", "jade": "teal"}
_HUES = {
    0: "red",
    28: "orange",
    48: "yellow",
    85: "lime",
    135: "green",
    165: "teal",
    190: "cyan",
    215: "blue",
    245: "indigo",
    275: "purple",
    325: "pink",
    360: "red",
}
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def tone(colour: str | int | None) -> str:
    """The tone for a colour name, a hex colour (the nearest hue) or an id (always the same one)."""
    if isinstance(colour, int):
        return _NAMES[1 + colour * 7 % (len(_NAMES) - 1)]  # 7 is coprime with 11: neighbours differ clearly
    name = (colour or "").strip().lower()
    name = _OTHER_NAMES.get(name, name)
    if name in TONES:
        return name
    hexadecimal = _HEX.fullmatch(name)
    return _nearest(hexadecimal[1]) if hexadecimal else "grey"


def _nearest(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, _lightness, saturation = rgb_to_hls(red, green, blue)
    if saturation < 0.12:
        return "grey"
    return _HUES[min(_HUES, key=lambda known: abs(known - hue * 360))]


def initials(name: str | None) -> str:
    """What an avatar shows: the given name of 张三丰 is 三丰; Ada Lovelace is AL; of 李明 Ming the Chinese."""
    words = (name or "").split()
    if not words:
        return "?"
    if _CJK.match(words[0]):
        letters = "".join(word for word in words if _CJK.match(word))
        return letters[-2:] if len(letters) > 2 else letters
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

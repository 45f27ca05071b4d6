"""Text as people type and paste it: cleaned for keeping, folded for finding."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

HAN = "[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
"""Character class of a regular expression that matches one Chinese character."""

_HAN = re.compile(HAN)

# Full-width letters, digits and the marks of addresses and numbers become narrow. Full-width commas, stops,
# brackets and question marks are how Chinese is written, and stay.
_KEPT_WIDE = frozenset("！（），：；？［］｛｝～＂＇｀＾｜＜＞＝＄")
_NARROWED = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide) not in _KEPT_WIDE}
_ALL_NARROWED = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}

# Letters that Unicode does not take apart, with what people type for them.
_SPELT = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ı": "i",
        "ŀ": "l",
        "ŋ": "n",
    }
)


def has_han(text: str) -> bool:
    """Whether any Chinese character stands in the text."""
    return not text.isascii() and _HAN.search(text) is not None


def is_han(character: str) -> bool:
    """Whether this one character is Chinese."""
    return _HAN.fullmatch(character) is not None


def clean(text: str) -> str:
    """One line fit to keep: NFC, no control, direction or invisible characters, single spaces inside.

    Full-width letters and digits become ordinary ones; Chinese punctuation stays.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_KEPT)).split())


def clean_lines(text: str) -> str:
    """Like `clean`, for prose of several lines: line ends become `\\n`, one blank line in a row at most."""
    lines = [clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def half_width(text: str) -> str:
    """All full-width forms as ordinary ones, for numbers, addresses and dates rather than prose."""
    return text if text.isascii() else text.translate(_ALL_NARROWED)


def fold(text: str) -> str:
    """The form in which texts are compared and searched.

    Case, accents, width, traditional or simplified writing, invisible characters and runs of spaces no longer
    differ. It works letter by letter, so that a part of a text folds to the same part of the folded text.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_FOLDED)).split())


def _is_unseen(character: str) -> bool:
    category = unicodedata.category(character)
    if character in "\u200c\u200d":  # joiners: Persian words and family emoji need them
        return False
    return category in ("Cc", "Cf", "Cs") or character in "\u034f\u115f\u1160\u3164\uffa0"


class _Kept(dict[int, str]):
    """What each character becomes when kept; worked out once per character met."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        if character.isspace() or unicodedata.category(character) in ("Zl", "Zp"):
            kept = " "
        elif _is_unseen(character):
            kept = ""
        else:
            kept = chr(_NARROWED.get(point, point))
        self[point] = kept
        return kept


class _Folded(dict[int, str]):
    """What each character becomes when folded; worked out once per character met."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_character(chr(point))
        return folded


_KEPT = _Kept()
_FOLDED = _Folded()


def _fold_character(character: str) -> str:
    if character.isspace() or unicodedata.category(character) in ("Zl", "Zp"):
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return ""
    spelt = unicodedata.normalize("NFKD", character).casefold().translate(_SPELT)
    spelt = unicodedata.normalize("NFKD", spelt).casefold()
    plain = "".join(c for c in spelt if not "\u0300" <= c <= "\u036f")
    return "".join(_simplified(c) if has_han(c) else c for c in plain)


def _simplified(character: str) -> str:
    for _ in range(3):  # a few characters take two steps to settle
        simpler: str = _to_simplified().convert(character)
        if simpler == character:
            break
        character = simpler
    return character


@lru_cache(maxsize=1)
def _to_simplified() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")

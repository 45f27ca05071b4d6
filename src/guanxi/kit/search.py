"""What a search box looks up: terms of phones and e-mails, and the ranges of terms a typed text asks for.

A table of (term, owner) under C collation answers any of these with one index range each.
"""

import re

from .names import words_of
from .phone import split_country
from .text import fold, half_width, has_han

_PHONE_LIKE = re.compile(r"[+\d][\d\s\-().]*")
_EMAIL_PIECE = re.compile(r"[^._+\-]+")
_LONGEST = 48
_SHORTEST_TAIL = 4


def phone_terms(e164: str) -> set[str]:
    """Terms of a phone: its national digits, and the same reversed behind `#` to find it by its end."""
    _, national = split_country(e164)
    return {national, f"#{national[::-1]}"}


def email_terms(email: str) -> set[str]:
    """Terms of a (normalised) e-mail: the whole, the words of its local part, the domain and its words."""
    local, _, domain = email.rpartition("@")
    labels = domain.split(".")[:-1]
    pieces = [
        *_EMAIL_PIECE.findall(local),
        *(label for label in labels if label not in ("com", "co", "net", "org")),
    ]
    return {email[:_LONGEST], domain[:_LONGEST]} | {piece[:_LONGEST] for piece in pieces if len(piece) > 1}


def query_ranges(text: str) -> list[tuple[str, str]]:
    """Half-open ranges (from, below) of terms that answer a typed text, any of them; [] when too short.

    Chinese is looked up from one character on, letters from two, digits from three (beginning of a number) or
    four (its end).
    """
    typed = half_width(text).strip()[:200]
    starts = _phone_starts(typed) if _PHONE_LIKE.fullmatch(typed) else _text_starts(typed)
    return [(start, _after(start)) for start in dict.fromkeys(starts)]


def _phone_starts(typed: str) -> list[str]:
    digits = re.sub(r"\D", "", typed)
    if len(digits) < 3:
        return []
    starts = [digits]
    if typed.startswith("+") or digits.startswith("00"):
        _, national = split_country(digits.removeprefix("00"))
        starts = [national]
    elif digits.startswith("86"):
        starts.append(digits[2:])
    elif digits.startswith("0"):
        starts.append(digits[1:])  # the trunk zero of a landline is no part of its number
    if len(digits) >= _SHORTEST_TAIL:
        starts.append(f"#{starts[0].lstrip('0')[::-1]}")
    return [start for start in starts if len(start) >= 3]


def _text_starts(typed: str) -> list[str]:
    words = words_of(typed)
    joined, spaced = "".join(words)[:_LONGEST], " ".join(words)[:_LONGEST]
    starts = [joined[:16]] if has_han(joined) else [spaced, joined[:32]]
    if ("@" in typed or "." in typed) and " " not in typed:
        starts.insert(0, fold(typed).lstrip("@")[:_LONGEST])
    return [start for start in starts if len(start) >= (1 if has_han(start) else 3 if start.isdigit() else 2)]


def _after(start: str) -> str:
    """The least text, by code points, above every text that begins with `start`."""
    last = ord(start[-1])
    if last == 0x10FFFF:
        return _after(start[:-1]) if len(start) > 1 else start * 2
    following = 0xE000 if last == 0xD7FF else last + 1  # surrogates are no characters
    return start[:-1] + chr(following)

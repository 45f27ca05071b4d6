"""A card as people understand it: names, ways to reach someone, where they work and live."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy

from guanxi.kit.dates import BadDate, parse_date
from guanxi.kit.errors import BadInput
from guanxi.kit.text import clean, clean_lines, has_han

from .lines import LONGEST_VALUE, PROPERTY, Property, read_property, unfold

_UNESCAPED = re.compile(r"\\([\\,;:nN\"])")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_TOO_MANY = 200_000

_NOT_CARDS = gettext_lazy("There is no contact card in this file.")
_NO_END = gettext_lazy("Card %(number)s begins and never ends. The file is cut off.")

_KEPT = frozenset(
    [
        "VERSION",
        "FN",
        "N",
        "NICKNAME",
        "EMAIL",
        "TEL",
        "ORG",
        "TITLE",
        "ROLE",
        "ADR",
        "BDAY",
        "NOTE",
        "URL",
        "UID",
        "X-ABLABEL",
        "PRODID",
    ]
)


class BadCard(BadInput):
    """The file holds no contact cards, or part of one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value with what kind it is: `home`, `work`, `cell`, `fax` …, or the owner's own label."""

    value: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in parts."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(slots=True)
class Card:
    """One contact. `raw` is the card as it stood, without photos and keys."""

    name: str = ""
    family: str = ""
    given: str = ""
    nickname: str = ""
    emails: list[Entry] = field(default_factory=list)
    phones: list[Entry] = field(default_factory=list)
    org: str = ""
    department: str = ""
    title: str = ""
    addresses: list[Address] = field(default_factory=list)
    birthday: date | None = None
    note: str = ""
    url: str = ""
    uid: str = ""
    raw: str = ""


def read_cards(content: bytes) -> list[Card]:
    """Every card in a file, in order. Raises `BadCard` when it holds none or is cut off."""
    cards = [_to_card(lines) for lines in _card_lines(decode(content))]
    if not cards:
        raise BadCard("card_none", _NOT_CARDS)
    return cards


def decode(content: bytes) -> str:
    """The file's text: by its byte-order mark, as UTF-8, or as what the bytes look like."""
    from guanxi.kit.tables.encoding import find_encoding

    encoding, _ = find_encoding([content])
    return content.decode(encoding, errors="replace")


def _card_lines(text: str) -> Iterator[list[str]]:
    """The unfolded lines of each outermost card; cards inside cards (AGENT of 2.1) are left out."""
    depth, number, lines = 0, 0, list[str]()
    for line in unfold(text):
        mark = line.strip().upper().replace(" ", "")
        if mark.endswith("BEGIN:VCARD"):
            depth += 1
            if depth == 1:
                number, lines = number + 1, []
        elif mark == "END:VCARD" and depth:
            depth -= 1
            if not depth:
                yield lines
        elif depth == 1 and len(lines) < _TOO_MANY:
            lines.append(line)
    if depth:
        raise BadCard("card_cut_off", _NO_END, number=number)


def _to_card(lines: list[str]) -> Card:
    card = Card()
    labels: dict[str, str] = {}
    properties: list[Property] = []
    for line in lines:
        found = read_property(line)
        if found and found.name in _KEPT:
            properties.append(found)
            if found.name == "X-ABLABEL" and found.group:
                labels[found.group] = _label(found.value)
    properties.sort(key=lambda each: not each.is_preferred)  # stable: preferred first, else as they stood
    for each in properties:
        _add(card, each, (labels[each.group],) if each.group in labels else ())
    card.name = card.name or _joined_name(card) or card.nickname or card.org
    card.raw = "\n".join(line for line in lines if len(line) <= LONGEST_VALUE and _is_kept(line))
    return card


def _add(card: Card, found: Property, labels: tuple[str, ...]) -> None:
    kinds = found.kinds + labels
    text = clean(_plain(found.value))
    match found.name:
        case "FN":
            card.name = card.name or text
        case "N":
            _add_name(card, _parts(found.value))
        case "NICKNAME":
            card.nickname = card.nickname or text
        case "EMAIL" if text:
            card.emails.append(Entry(text.removeprefix("mailto:"), kinds))
        case "TEL" if text:
            card.phones.append(Entry(_number(text), kinds))
        case "ORG":
            name, *units = [*_parts(found.value), ""]
            card.org, card.department = card.org or name, card.department or " / ".join(filter(None, units))
        case "TITLE" | "ROLE":
            card.title = card.title or text
        case "ADR":
            card.addresses += _address(_parts(found.value), kinds)
        case "BDAY":
            card.birthday = card.birthday or _birthday(text)
        case "NOTE":
            card.note = "\n".join(filter(None, [card.note, clean_lines(_plain(found.value))]))
        case "URL":
            card.url = card.url or text
        case "UID":
            card.uid = card.uid or text.removeprefix("urn:uuid:")


def _plain(value: str) -> str:
    return _UNESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _parts(value: str) -> list[str]:
    """The components of a structured value, divided by semicolons that are not escaped."""
    return [clean(_plain(part).replace("\n", " ")) for part in re.split(r"(?<!\\);", value)]


def _add_name(card: Card, parts: list[str]) -> None:
    family, given, middle, *_ = [*parts, "", "", ""]
    joint = "" if has_han(given + middle) else " "
    card.family, card.given = card.family or family, card.given or joint.join(filter(None, [given, middle]))


def _joined_name(card: Card) -> str:
    is_chinese = has_han(card.family + card.given)
    return f"{card.family}{card.given}" if is_chinese else f"{card.given} {card.family}".strip()


def _number(text: str) -> str:
    return text[4:].partition(";")[0] if text.lower().startswith("tel:") else text


def _address(parts: list[str], kinds: tuple[str, ...]) -> list[Address]:
    box, extended, street, city, region, postcode, country, *_ = [*parts, *[""] * 7]
    # Unquoted colons in a LABEL parameter spill into the first part, which hardly any card uses.
    box = box.rpartition(":")[2]
    lines = ", ".join(line.strip(" ,") for line in (box, extended, street) if line.strip(" ,"))
    found = Address(lines, city, region, postcode, country, kinds)
    return [found] if any((lines, city, region, postcode, country)) else []


def _birthday(text: str) -> date | None:
    """The day of birth; None when the year is not told (`--0203`) or it is no date: a card is not refused for that."""
    try:
        return parse_date(text)
    except BadDate:
        return None


def _label(value: str) -> str:
    found = _APPLE_LABEL.fullmatch(value.strip())
    return clean(found[1] if found else _plain(value)).lower()


def _is_kept(line: str) -> bool:
    found = PROPERTY.match(line)
    return found is not None and found[1].upper() not in ("PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE")

"""Contact cards: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) as phones and mail programs really write them."""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy

from .dates import BadDate, parse_date
from .errors import BadInput
from .text import clean, clean_lines, has_han

_PROPERTY = re.compile(r'\s*(?:[\w-]+\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.S)
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_UNESCAPED = re.compile(r"\\([\\,;:nN\"])")
_CARETS = re.compile(r"\^([n'^])")  # RFC 6868
_SOFT_BREAK = re.compile(r"=[ \t]*$")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_TOO_MANY = 200_000
_LONGEST_VALUE = 65536  # photos and keys are longer; nothing that is kept is

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


@dataclass(slots=True)
class _Property:
    name: str
    group: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def kinds(self) -> tuple[str, ...]:
        found = dict.fromkeys(kind.lower() for kind in self.parameters.get("TYPE", []))
        return tuple(kind for kind in found if kind not in ("internet", "pref", "voice", "x400", "x-"))

    @property
    def is_preferred(self) -> bool:
        return "PREF" in self.parameters or "pref" in (k.lower() for k in self.parameters.get("TYPE", []))


def read_cards(content: bytes) -> list[Card]:
    """Every card in a file, in order. Raises `BadCard` when it holds none or is cut off."""
    cards = [_to_card(lines) for lines in _card_lines(decode(content))]
    if not cards:
        raise BadCard("card_none", _NOT_CARDS)
    return cards


def decode(content: bytes) -> str:
    """The file's text: by its byte-order mark, as UTF-8, or as what the bytes look like."""
    from .tables.encoding import find_encoding

    encoding, _ = find_encoding([content])
    return content.decode(encoding, errors="replace")


def _card_lines(text: str) -> Iterator[list[str]]:
    """The unfolded lines of each outermost card; cards inside cards (AGENT of 2.1) are left out."""
    depth, number, lines = 0, 0, list[str]()
    for line in _unfold(text):
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


def _unfold(text: str) -> Iterator[str]:
    """Logical lines: continuations begin with a blank (3.0, 4.0), or follow a soft break in quoted-printable (2.1)."""
    parts: list[str] = []
    is_quoted = False
    for line in text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if is_quoted and parts:
            parts.append(line.lstrip("\t") if parts[-1].endswith("=") else line)
        elif line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        else:
            if parts:
                yield "".join(parts)
            parts = [line]
            is_quoted = "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        if is_quoted:
            is_quoted = _SOFT_BREAK.search(line) is not None
            if is_quoted:
                parts[-1] = _SOFT_BREAK.sub("", parts[-1])
    if parts:
        yield "".join(parts)


def _to_card(lines: list[str]) -> Card:
    card = Card()
    labels: dict[str, str] = {}
    properties: list[_Property] = []
    for line in lines:
        found = _read_property(line)
        if found and found.name in _KEPT:
            properties.append(found)
            if found.name == "X-ABLABEL" and found.group:
                labels[found.group] = _label(found.value)
    properties.sort(key=lambda each: not each.is_preferred)  # stable: preferred first, else as they stood
    for each in properties:
        _add(card, each, (labels[each.group],) if each.group in labels else ())
    card.name = card.name or _joined_name(card) or card.nickname or card.org
    card.raw = "\n".join(line for line in lines if len(line) <= _LONGEST_VALUE and _is_kept(line))
    return card


def _add(card: Card, found: _Property, labels: tuple[str, ...]) -> None:
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


def _read_property(line: str) -> _Property | None:
    found = _PROPERTY.match(line)
    if not found or (len(line) > _LONGEST_VALUE and found[1].upper() != "NOTE"):
        return None
    group = line[: found.start(1)].strip().rstrip(".").lower()
    parameters: dict[str, list[str]] = {}
    for parameter in _PARAMETER.findall(found[2]):
        key, has_value, value = parameter.partition("=")
        # vCard 2.1 writes `TEL;HOME` for what is `TEL;TYPE=HOME` since.
        key, value = (key.strip().upper(), value) if has_value else ("TYPE", key)
        if not has_value and value.strip().upper() in ("QUOTED-PRINTABLE", "BASE64"):
            key = "ENCODING"
        values = _CARETS.sub(_uncaret, value).replace('"', "").split(",")
        parameters.setdefault(key, []).extend(part.strip() for part in values)
    if "pref" in (kind.lower() for kind in parameters.get("TYPE", [])):
        parameters.setdefault("PREF", ["1"])
    return _Property(found[1].upper(), group, parameters, _decoded(found[3], parameters))


def _decoded(value: str, parameters: dict[str, list[str]]) -> str:
    encoding = "".join(parameters.get("ENCODING", [])).upper()
    charset = "".join(parameters.get("CHARSET", [])) or "utf-8"
    if encoding == "QUOTED-PRINTABLE":
        return _text_of(quopri.decodestring(value.encode("utf-8", "replace")), charset)
    if encoding in ("B", "BASE64"):
        try:
            return _text_of(binascii.a2b_base64(value.encode("ascii", "ignore")), charset)
        except binascii.Error:
            return ""
    return value


def _text_of(content: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "gb18030"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def _uncaret(found: re.Match[str]) -> str:
    return {"n": "\n", "'": "'", "^": "^"}[found[1]]


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
    found = _PROPERTY.match(line)
    return found is not None and found[1].upper() not in ("PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE")

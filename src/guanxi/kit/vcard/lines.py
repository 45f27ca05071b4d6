"""The lines of a card: joined again where they were folded, and taken apart into properties."""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

PROPERTY = re.compile(r'\s*(?:[\w-]+\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.S)
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_CARETS = re.compile(r"\^([n'^])")  # RFC 6868
_SOFT_BREAK = re.compile(r"=[ \t]*$")
LONGEST_VALUE = 65536
"""Photos and keys are longer; nothing that is kept is."""


@dataclass(slots=True)
class Property:
    """One property of a card, decoded; escapes are still in it."""

    name: str
    group: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """`home`, `cell`, `fax` and the like; what says nothing (internet, voice) is left out."""
        found = dict.fromkeys(kind.lower() for kind in self.parameters.get("TYPE", []))
        return tuple(kind for kind in found if kind not in ("internet", "pref", "voice", "x400", "x-"))

    @property
    def is_preferred(self) -> bool:
        """Whether the owner marked it as the one to use first."""
        return "PREF" in self.parameters or "pref" in (k.lower() for k in self.parameters.get("TYPE", []))


def unfold(text: str) -> Iterator[str]:
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


def read_property(line: str) -> Property | None:
    """The property that a logical line holds; None for what is no property or is too long to be of use."""
    found = PROPERTY.match(line)
    if not found or (len(line) > LONGEST_VALUE and found[1].upper() != "NOTE"):
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
    return Property(found[1].upper(), group, parameters, _decoded(found[3], parameters))


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

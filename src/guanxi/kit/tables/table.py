"""Opening a file as a table, whatever it turns out to be."""

from os import PathLike
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy

from .base import BadFile, Table
from .delimited import open_text
from .workbook import open_workbook

Kind = Literal["text", "workbook", "vcard"]

MOST_BYTES = 1 << 30

_VCARD = gettext_lazy("This is a file of contact cards, not a table.")
_NO_FILE = gettext_lazy("The file is no longer there. Upload it again.")

__all__ = ["MOST_BYTES", "BadFile", "Kind", "Table", "kind_of", "open_table"]


def kind_of(path: str | PathLike[str]) -> Kind:
    """What the file is, told by its first bytes rather than its name."""
    with Path(path).open("rb") as file:
        head = file.read(512)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "workbook"
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    return "vcard" if plain.startswith(b"BEGIN:VCARD") else "text"


def open_table(
    path: str | PathLike[str],
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    has_header: bool | None = None,
    most_bytes: int = MOST_BYTES,
) -> Table:
    """The file as a `Table`. What isn't given — encoding, delimiter, sheet, header — is found out.

    `most_bytes` bounds the size after unpacking. Raises `BadFile`.
    """
    path = Path(path)
    if not path.is_file():
        raise BadFile("file_missing", _NO_FILE)
    kind = kind_of(path)
    if kind == "vcard":
        raise BadFile("file_vcard", _VCARD)
    if kind == "workbook":
        return open_workbook(path, sheet=sheet, has_header=has_header, most_bytes=most_bytes)
    return open_text(path, encoding=encoding, delimiter=delimiter, has_header=has_header, most_bytes=most_bytes)

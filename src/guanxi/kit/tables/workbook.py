"""Workbooks (XLSX, XLS, ODS) as tables, opened only when their true size is known to be bearable."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy

from .base import BadFile, Table
from .header import column_names, filled_width, find_header

_SAMPLE_ROWS = 200
_BLOCK = 1 << 20
_MOST_ENTRIES = 10_000
_MOST_CELLS = 30_000_000
_HIGHEST_RATIO = 400  # real sheets shrink ten- to sixtyfold; a megabyte of one repeated byte a thousandfold
_CELL = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')

_BROKEN = gettext_lazy("The workbook is damaged or of an unknown kind. Save it again as XLSX.")
_LOCKED = gettext_lazy("The workbook is protected by a password. Save it without one.")
_TOO_LARGE = gettext_lazy("Unpacked, the workbook is larger than %(limit)s MB. Split it or save it as CSV.")
_SPREAD = gettext_lazy("A sheet has cells too far from its beginning. Delete its empty rows and columns.")
_NO_SHEET = gettext_lazy("The workbook has no sheet called “%(name)s”.")
_EMPTY = gettext_lazy("The sheet “%(name)s” is empty.")


def open_workbook(path: Path, *, sheet: str = "", has_header: bool | None = None, most_bytes: int) -> Table:
    """One sheet of the workbook as a table: the one named, or the first that holds anything."""
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            guard_zip(file, most_bytes)
        else:
            _refuse_locked(file)
    workbook, sheets = _load(path)
    if sheet and sheet not in sheets:
        raise BadFile("workbook_sheet", _NO_SHEET, name=sheet[:80])
    for name in [sheet] if sheet else sheets:
        rows = _Rows(workbook, name)
        sample = list(islice(rows.read(), _SAMPLE_ROWS))
        if any(any(row) for row in sample):
            return _table(rows, sample, name, sheets, has_header)
    raise BadFile("workbook_empty", _EMPTY, name=(sheet or (sheets or ("",))[0])[:80])


def guard_zip(file: IO[bytes], most_bytes: int) -> None:
    """Refuse an archive that would swell beyond bounds, by unpacking it block by block without keeping it.

    The sizes in a zip directory are claims of whoever wrote it, so they are checked but not believed. Sheets
    are looked through for cells far out, for readers lay out the whole rectangle up to them.
    """
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadFile("workbook_broken", _BROKEN) from None
    claimed = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or claimed > most_bytes:
        raise BadFile("workbook_too_large", _TOO_LARGE, limit=most_bytes >> 20)
    left = most_bytes
    for entry in entries:
        left -= _true_size(file, entry, left, most_bytes)


class _Rows:
    """Rows of one sheet as text."""

    def __init__(self, workbook: Any, name: str) -> None:
        try:
            self._sheet = workbook.get_sheet_by_name(name)
        except Exception as error:  # calamine raises many kinds
            raise BadFile("workbook_broken", _BROKEN) from error
        self.count: int = self._sheet.end[0] + 1 if self._sheet.end else 0

    def read(self) -> Iterator[list[str]]:
        """Every row from the sheet's very first on, filled or not."""
        for row in self._sheet.iter_rows():
            yield [to_text(cell) for cell in row]


def to_text(cell: object) -> str:
    """The value of a cell as text: whole numbers without a point, dates by ISO 8601."""
    if isinstance(cell, str):
        return cell.replace("\0", "").strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _table(rows: _Rows, sample: list[list[str]], name: str, sheets: tuple[str, ...], has_header: bool | None) -> Table:
    start, guessed = find_header(sample)
    header = sample[start] if (guessed if has_header is None else has_header) else []
    width = max(filled_width(row) for row in sample[start:])
    first_row = start + bool(header)
    filling = [""] * width

    def read() -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(rows.read(), 1):
            if number > first_row and any(row):
                yield number, (row + filling)[: max(width, filled_width(row))]

    count = max(rows.count - first_row, 0)
    return Table(column_names(header, width), bool(header), count, read, sheet=name, sheets=sheets)


def _load(path: Path) -> tuple[Any, tuple[str, ...]]:
    from python_calamine import load_workbook

    try:
        workbook = load_workbook(str(path))
        return workbook, tuple(workbook.sheet_names)
    except Exception as error:  # calamine raises many kinds
        raise BadFile("workbook_broken", _BROKEN) from error


def _refuse_locked(file: IO[bytes]) -> None:
    """A workbook with a password is an OLE container with a stream EncryptedPackage (MS-OFFCRYPTO 1.3.3)."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(_BLOCK * 64):
        raise BadFile("workbook_locked", _LOCKED)


def _true_size(file: IO[bytes], entry: zipfile.ZipInfo, left: int, most_bytes: int) -> int:
    file.seek(entry.header_offset + 26)
    lengths = file.read(4)
    file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    unpacker = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    is_sheet = "worksheets/" in entry.filename
    size, unread, packed, columns, rows, tail = 0, entry.compress_size, b"", 0, 0, b""
    while unread > 0 or packed:
        if not packed:
            packed = file.read(min(_BLOCK, unread))
            unread -= len(packed)
            if not packed:
                raise BadFile("workbook_broken", _BROKEN)
        block, packed = _unpacked(unpacker, packed)
        size += len(block)
        if size > left or size > max(entry.compress_size, 16384) * _HIGHEST_RATIO:
            raise BadFile("workbook_too_large", _TOO_LARGE, limit=most_bytes >> 20)
        if is_sheet:
            columns, rows = _furthest(tail + block, columns, rows)
            tail = block[-32:]
    if columns * rows > _MOST_CELLS:
        raise BadFile("workbook_spread", _SPREAD)
    return size


def _unpacked(unpacker: "zlib._Decompress | None", packed: bytes) -> tuple[bytes, bytes]:
    """The next unpacked bytes, at most a block, and the packed ones not yet needed."""
    if unpacker is None:
        return packed, b""
    try:
        block = unpacker.decompress(packed, _BLOCK)
    except zlib.error:
        raise BadFile("workbook_broken", _BROKEN) from None
    return block, b"" if unpacker.eof else unpacker.unconsumed_tail


def _furthest(xml: bytes, columns: int, rows: int) -> tuple[int, int]:
    """The furthest column and row, counted from one, of the cells named in a piece of a sheet."""
    places = _CELL.findall(xml)
    if not places:
        return columns, rows
    letters = max({place[0] for place in places}, key=lambda name: (len(name), name))
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return max(columns, column), max(rows, max(int(place[1]) for place in places))

"""Writing tables for people's spreadsheet programs: CSV and XLSX, in pieces, safe to open."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO

Cell = str | int | float | Decimal | bool | date | datetime | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_PIECE = 1 << 16
_MOST_ROWS = 1_048_576  # of one sheet (ECMA-376)
_LONGEST_TEXT = 32_767
# What a spreadsheet would run: https://owasp.org/www-community/attacks/CSV_Injection
_DANGEROUS = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def neutralise(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    Numbers with a sign and telephone numbers such as `+8613800138000` stay as they are: they hold nothing to run.
    """
    if not _DANGEROUS.match(text) or _PLAIN_NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def restore(text: str) -> str:
    """What `neutralise` was given, so that an exported file can be imported again."""
    return text[1:] if text[:1] == "'" and neutralise(text[1:]) == text else text


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV in pieces of about 64 kB: UTF-8 with its mark, without which Excel garbles Chinese."""
    lines = _Lines()
    writer = csv.writer(lines)
    lines.write("\ufeff")
    writer.writerow([neutralise(name) for name in header])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
        if lines.size >= _PIECE:
            yield lines.take()
    yield lines.take()


def xlsx_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "Sheet1") -> Iterator[bytes]:
    """The table as a workbook in pieces of 64 kB. It is built in a temporary file, a row at a time.

    Text is written as text, never as formula or link. A table longer than a sheet goes on in the next sheet.
    """
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, header, rows, title=title)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def write_xlsx(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str) -> None:
    """Write the table into `file` as a workbook, in constant memory."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet, line, number = None, _MOST_ROWS, 0
        for row in _with_first(rows):
            if line == _MOST_ROWS:
                number, line = number + 1, 1
                sheet = book.add_worksheet(_sheet_name(title, number))
                sheet.freeze_panes(1, 0)
                for at, name in enumerate(header):
                    sheet.write_string(0, at, _bounded(name), bold)
            if row is None:
                continue
            for at, cell in enumerate(row):
                _write(sheet, line, at, cell, day)
            line += 1


class _Lines:
    """What a csv writer writes into: text waiting to be sent."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self.size = 0

    def write(self, text: str) -> int:
        self._waiting.append(text)
        self.size += len(text)
        return len(text)

    def take(self) -> bytes:
        piece = "".join(self._waiting).encode("utf-8", "replace")
        self._waiting, self.size = [], 0
        return piece


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutralise(cell)
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _write(sheet, line: int, at: int, cell: Cell, day) -> None:  # type: ignore[no-untyped-def]
    if isinstance(cell, bool):
        sheet.write_boolean(line, at, cell)
    elif isinstance(cell, int | float | Decimal) and abs(float(cell)) < 1e15:
        sheet.write_number(line, at, cell)
    elif isinstance(cell, datetime) and cell.year >= 1900:
        sheet.write_datetime(line, at, cell)
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(line, at, cell, day)
    elif cell is not None and cell != "":
        sheet.write_string(line, at, _bounded(str(cell)))


def _bounded(text: str) -> str:
    return _CONTROLS.sub("", text)[:_LONGEST_TEXT]


def _sheet_name(title: str, number: int) -> str:
    ending = "" if number == 1 else f" {number}"
    name = re.sub(r"[\[\]:*?/\\]", " ", _CONTROLS.sub("", title)).strip("' ") or "Sheet"
    return name[: 31 - len(ending)] + ending


def _with_first(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell] | None]:
    """The rows behind a None that opens the first sheet, so that an empty table still has its header."""
    yield None
    yield from rows

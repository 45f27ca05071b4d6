"""Text tables: comma, semicolon, tab, bar or blanks between cells."""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext_lazy

from .base import BadFile, Table
from .encoding import find_encoding
from .header import column_names, filled_width, find_header

BLANKS = "blanks"
"""The delimiter of tables whose cells stand apart by any run of blanks."""

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_BLOCK = 1 << 20
_LONGEST_CELL = 1 << 20
_EXCEL_HINT = re.compile(r"\s*\"?sep=(.)\"?\s*", re.I)

_EMPTY = gettext_lazy("The file is empty.")
_TOO_LARGE = gettext_lazy("Unpacked, the file is larger than %(limit)s MB. Split it into several.")
_BROKEN_GZIP = gettext_lazy("The compressed file is damaged or cut off. Upload it again.")
_NOT_TEXT = gettext_lazy("This is not a text table. Upload CSV, XLSX or vCard.")
_CELL = gettext_lazy("Near row %(row)s a cell has no end. A quotation mark is missing or too many there.")
_ENCODING = gettext_lazy("There is no encoding called “%(name)s”.")


def open_text(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    has_header: bool | None = None,
    most_bytes: int,
) -> Table:
    """The text file as a table, what isn't given found out. Reads it all once, to be sure of the encoding."""
    found, lines = find_encoding(_blocks(path, most_bytes))
    if not lines:
        raise BadFile("file_empty", _EMPTY)
    encoding = _known(encoding) if encoding else found
    with _lines(path, encoding) as text:
        sample = list(islice(text, _SAMPLE_ROWS * 2))
    _refuse_binary("".join(sample))
    skipped = 0
    if sample and (hint := _EXCEL_HINT.fullmatch(sample[0])):
        delimiter, skipped, sample = delimiter or hint[1], 1, sample[1:]
    delimiter = delimiter or find_delimiter(sample)
    head = list(islice(_split(iter(sample), delimiter), _SAMPLE_ROWS))
    start, guessed = find_header(head)
    header = head[start] if (guessed if has_header is None else has_header) and head else []
    width = max((filled_width(row) for row in head[start:]), default=0)
    if not width:
        raise BadFile("file_empty", _EMPTY)
    first_row = skipped + start + bool(header)

    def read() -> Iterator[tuple[int, list[str]]]:
        return _read(path, encoding, delimiter, first_row, skipped, width)

    return Table(
        columns=column_names(header, width),
        has_header=bool(header),
        row_count=max(lines - first_row, 0),
        read=read,
        encoding=encoding,
        delimiter=delimiter,
    )


def find_delimiter(lines: list[str]) -> str:
    """The delimiter under which most lines have equally many cells, the more the better."""
    scores = []
    for delimiter in _DELIMITERS:
        rows = [row for row in islice(_split(iter(lines), delimiter), _SAMPLE_ROWS) if any(row)]
        if not rows:
            continue
        usual, count = Counter(map(len, rows)).most_common(1)[0]
        if usual > 1:
            scores.append((round(count / len(rows), 1), len(rows[0]) == usual, usual, delimiter))
    if scores and max(scores)[0] >= 0.5:
        return max(scores)[3]
    widths = Counter(len(line.split()) for line in lines if line.strip())
    usual, count = widths.most_common(1)[0] if widths else (0, 0)
    # Prose has blanks too, but not the same number of words in every line.
    return BLANKS if usual > 2 and count >= widths.total() * 0.95 and widths.total() > 1 else ","


def _read(
    path: Path, encoding: str, delimiter: str, first_row: int, skipped: int, width: int
) -> Iterator[tuple[int, list[str]]]:
    filling = [""] * width
    number, row = 0, list[str]()
    with _lines(path, encoding) as text:
        for number, row in enumerate(_split(islice(text, skipped, None), delimiter), skipped + 1):
            if number <= first_row:
                continue
            cells = [cell.strip() for cell in row]
            if len(cells) != width:
                cells = (cells + filling)[: max(width, filled_width(cells))]
            if any(cells):
                yield number, cells
        if sum(cell.count("\n") for cell in row) > 100:
            raise BadFile("file_quote", _CELL, row=number)


def _split(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    if delimiter == BLANKS:
        yield from (line.split() for line in lines)
        return
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t")
    try:
        yield from reader
    except csv.Error:
        raise BadFile("file_quote", _CELL, row=reader.line_num) from None


@contextmanager
def _lines(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    with _open(path) as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as text:
        try:
            yield (line.replace("\0", "") if "\0" in line else line for line in text)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise BadFile("file_gzip", _BROKEN_GZIP) from None


def _blocks(path: Path, most_bytes: int) -> Iterator[bytes]:
    size = 0
    with _open(path) as raw:
        try:
            while block := raw.read(_BLOCK):
                size += len(block)
                if size > most_bytes:
                    raise BadFile("file_too_large", _TOO_LARGE, limit=most_bytes >> 20)
                yield block
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise BadFile("file_gzip", _BROKEN_GZIP) from None


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as start:
        is_gzip = start.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb")) if is_gzip else path.open("rb")


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        raise BadFile("file_encoding", _ENCODING, name=encoding[:40]) from None
    return encoding


def _refuse_binary(sample: str) -> None:
    strange = sum(c < " " and c not in "\t\r\n\x0b\x0c\x1a\x1b" for c in sample) + sample.count("\ufffd")
    if strange * 10 > len(sample):
        raise BadFile("file_not_text", _NOT_TEXT)

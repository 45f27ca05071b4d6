"""Whether the first row of a table names its columns, and what the columns are called."""

import re
from collections import Counter
from collections.abc import Sequence

_VALUE = re.compile(
    r"[+\-(¥$€£]*\d[\d\s.,:/\-()%+TZ年月日]*|[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+|true|false|yes|no|null|nan|是|否",
    re.IGNORECASE,
)
_PREAMBLE_ROWS = 10


def find_header(sample: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Index of the first row that matters, and whether it is a header.

    Titles above the table (rows with one filled cell over a body with three or more) are passed over. A first
    row that holds a number, date, address or yes/no is data; any other names the columns.
    """
    start = _first_full_row(sample)
    if start >= len(sample):
        return 0, False
    first = [cell.strip() for cell in sample[start]]
    filled = [cell for cell in first if cell]
    if not filled or any(_VALUE.fullmatch(cell) for cell in filled):
        return start, False
    repeated = sum(first == [cell.strip() for cell in row] for row in sample[start + 1 :])
    return start, repeated == 0 and len(filled) * 2 >= len(first)


def column_names(header: Sequence[str], width: int) -> list[str]:
    """One distinct name per column: the header's, or the letters a spreadsheet shows where it has none."""
    names: list[str] = []
    taken: Counter[str] = Counter()
    for at in range(width):
        name = " ".join(header[at].split()) if at < len(header) else ""
        name = name or column_letters(at)
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return names


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def filled_width(row: Sequence[str]) -> int:
    """How many cells the row has up to its last filled one."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def _first_full_row(sample: Sequence[Sequence[str]]) -> int:
    counts = [sum(bool(cell.strip()) for cell in row) for row in sample]
    usual = Counter(counts[1:] or counts).most_common(1)[0][0] if counts else 0
    for at, count in enumerate(counts[:_PREAMBLE_ROWS]):
        if count > 1 or (count == 1 and usual < 3):
            return at
    return next((at for at, count in enumerate(counts) if count), len(sample))

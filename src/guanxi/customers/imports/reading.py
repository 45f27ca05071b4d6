"""Opening an uploaded file as rows under named columns, whatever it is: a table, a workbook, contact cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from guanxi.customers.imports.plan import Column, Reading
from guanxi.kit.tables import Table, kind_of, open_table
from guanxi.kit.tables.base import BadFile
from guanxi.kit.tables.header import column_letters
from guanxi.kit.vcard import BadCard, Card, Entry, read_cards

SAMPLE_ROWS = 1_000
MOST_CARD_BYTES = 64 << 20
_RAGGED = 0.5  # of the rows: more of them are a column that somebody forgot to name

# What a card holds, as columns; phones and e-mails follow, as many as the fullest card has.
CARD_COLUMNS = [
    ("Name", "name"),
    ("Company", "company_name"),
    ("Job title", "title"),
    ("Birthday", "birth_date"),
    ("Address", "address"),
    ("City", "city"),
    ("Province or state", "region"),
    ("Postcode", "postcode"),
    ("Country", "country"),
    ("Note", "description"),
]
_NOT_CALLED = frozenset({"fax", "pager", "homefax", "workfax"})


def open_file(path: Path, reading: Reading) -> Table:
    """The file as a table. Raises BadInput with a sentence for a person when it can't be read."""
    if not path.is_file():
        raise BadFile("file_missing", _("The file is no longer there. Upload it again."))
    if kind_of(path) == "vcard":
        return _open_cards(path)
    table = open_table(
        path,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        sheet=reading.sheet,
        has_header=reading.has_header,
    )
    table = _without_ragged_tail(table)
    if next(table.numbered_rows(), None) is None:
        raise BadFile("file_without_rows", _("The file has a header and no rows below it."))
    return table


def first_rows(table: Table, count: int = SAMPLE_ROWS) -> list[tuple[int, list[str]]]:
    """The first rows, each with its number."""
    return list(islice(table.numbered_rows(), count))


def found_out(table: Table, path: Path) -> Reading:
    """How the file was read: what was found out together with what was asked for."""
    return Reading(
        format=kind_of(path),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        has_header=table.has_header,
    )


def card_mapping(table: Table) -> tuple[Column, ...]:
    """The targets of the columns that cards are laid out in: nothing is left to guess."""
    known = {_(name): target for name, target in CARD_COLUMNS}
    return tuple(
        Column(name, known.get(name) or ("phone" if name.startswith(_("Phone")) else "email")) for name in table.columns
    )


def _without_ragged_tail(table: Table) -> Table:
    """The table without columns that its header does not name and hardly any row fills.

    They are not columns but rows with a delimiter too many, and those are refused one by one, by their length.
    """
    width = len(table.columns)
    sample = [row for _number, row in islice(table.numbered_rows(), SAMPLE_ROWS)] if table.has_header else []
    while width > 1 and sample and table.columns[width - 1] == column_letters(width - 1):
        if sum(any(row[width - 1 :]) for row in sample) > _RAGGED * len(sample):
            break
        width -= 1
    if width == len(table.columns):
        return table

    def read() -> Iterator[tuple[int, list[str]]]:
        for number, row in table.numbered_rows():
            yield number, row if any(row[width:]) else row[:width]

    return replace(table, columns=table.columns[:width], read=read)


def _open_cards(path: Path) -> Table:
    if path.stat().st_size > MOST_CARD_BYTES:
        raise BadCard("card_too_large", _("The file of cards is larger than %(limit)s MB. Split it."), limit=64)
    cards = read_cards(path.read_bytes())
    phones = [[each for each in card.phones if not _NOT_CALLED & set(each.kinds)] for card in cards]
    most_phones = max((len(each) for each in phones), default=0)
    most_emails = max(len(card.emails) for card in cards)
    columns = [_(name) for name, _target in CARD_COLUMNS]
    columns += _counted(_("Phone"), most_phones) + _counted(_("E-mail"), most_emails)

    def read() -> Iterator[tuple[int, list[str]]]:
        for number, (card, called) in enumerate(zip(cards, phones, strict=True), 1):
            yield number, [*_card_row(card), *_values(called, most_phones), *_values(card.emails, most_emails)]

    return Table(columns=columns, has_header=True, row_count=len(cards), read=read)


def _card_row(card: Card) -> list[str]:
    address = card.addresses[0] if card.addresses else None
    return [
        card.name,
        card.org,
        card.title,
        card.birthday.isoformat() if card.birthday else "",
        address.street if address else "",
        address.city if address else "",
        address.region if address else "",
        address.postcode if address else "",
        address.country if address else "",
        card.note,
    ]


def _counted(name: str, count: int) -> list[str]:
    return [name if at == 1 else f"{name} {at}" for at in range(1, count + 1)]


def _values(entries: list[Entry], width: int) -> list[str]:
    return [entry.value for entry in entries] + [""] * (width - len(entries))

"""Taking a list out as CSV or XLSX: rights, masking and a record of it, in a memory that does not grow with the list.

The ids are noted first (8 bytes a customer), then rows are read and written a chunk at a time, so that a slow
download holds no transaction open and sees no customer twice.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.core.events import record
from guanxi.customers.events import EXPORT_MADE
from guanxi.customers.listing.columns import Column, load_rows
from guanxi.customers.listing.finding import Listing
from guanxi.customers.models import Customer
from guanxi.design import formats
from guanxi.kit.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_pieces, xlsx_pieces
from guanxi.staff.models import Member

CHUNK = 2_000
MOST_XLSX_ROWS = 1_048_575
TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}


def export(
    listing: Listing,
    shown: Sequence[Column],
    format: str,
    *,
    by: Member,
    at: datetime,
    picked: Sequence[int] = (),
) -> Iterator[bytes]:
    """The list as a file, in pieces; of the whole list, or of the picked customers in it.

    Raises Refused for an unknown format, filters that cannot be applied, and more rows than a sheet holds.
    """
    if format not in TYPES:
        raise Refused(_("Choose CSV or XLSX."), code="unknown_format")
    if not picked:
        listing.filters.refuse_problems()
    ids = _ids(listing, picked, by)
    if format == "xlsx" and len(ids) > MOST_XLSX_ROWS:
        raise Refused(
            _("An XLSX sheet holds %(most)s rows, and these are %(count)s. Take CSV, or narrow the list.")
            % {"most": formats.number(MOST_XLSX_ROWS), "count": formats.number(len(ids))},
            code="too_many_rows",
        )
    payload = {
        "count": len(ids),
        "format": format,
        "filter": {} if picked else listing.filters.to_json(),
        "columns": [column.key for column in shown],
        "masked": by.masks_contacts,
    }
    with transaction.atomic():
        record(EXPORT_MADE, by=by.actor, at=at, payload=payload)
    header = [str(column.label) for column in shown]
    rows = _rows(ids, shown, by)
    return csv_pieces(header, rows) if format == "csv" else xlsx_pieces(header, rows, title=_("Customers"))


def _ids(listing: Listing, picked: Sequence[int], by: Member) -> array[int]:
    if picked:
        return array("q", Customer.objects.visible_to(by).filter(pk__in=picked).values_list("pk", flat=True))
    with transaction.atomic():
        return array("q", listing.ids().iterator(chunk_size=20_000))


def _rows(ids: array[int], shown: Sequence[Column], by: Member) -> Iterator[list[Cell]]:
    for start in range(0, len(ids), CHUNK):
        for row in load_rows(list(ids[start : start + CHUNK]), shown, by):
            yield [column.cell(row) for column in shown]

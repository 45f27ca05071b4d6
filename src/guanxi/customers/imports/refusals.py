"""What did not land, as a table to mend and upload again: each row as it was, with the reason beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.customers.imports.plan import Plan
from guanxi.customers.models import Import

ADDED = 4
"""How many columns `table` adds behind the file's own."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def table(imported: Import, *, whole_rows_only: bool = False) -> Iterator[list[str]]:
    """The header, then a line per refusal: the row's own cells, then its number, the column at fault and the reason.

    The file's own columns come first, so that the table can be uploaded again once it is mended. `whole_rows_only`
    leaves out rows that landed without one of their cells.
    """
    width = len(Plan.of(imported).columns)
    yield [*(safe(column.name) for column in Plan.of(imported).columns), *_added()]
    refused = imported.refusals.order_by("row_number", "id")
    if whole_rows_only:
        refused = refused.filter(has_landed=False)
    for refusal in refused.iterator(chunk_size=2_000):
        cells = [safe(str(cell)) for cell in refusal.row[:width]]
        yield [
            *cells,
            *[""] * (width - len(cells)),
            str(refusal.row_number),
            safe(refusal.column),
            safe(refusal.reason),
            _("without this cell") if refusal.has_landed else _("no"),
        ]


def is_added(columns: Sequence[str]) -> bool:
    """Whether these are the columns that `table` adds, in any language: of a mended file they are left out."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if list(columns) == _added():
                return True
    return False


def _added() -> list[str]:
    return [_("Row"), _("Column at fault"), _("Reason"), _("Landed")]


def safe(cell: str) -> str:
    """A cell that a spreadsheet will not run: text that begins like a formula gets an apostrophe before it (OWASP,
    CSV injection). Signed numbers and phones are none and stay as they are."""
    if cell.startswith(_DANGEROUS) and not cell[1:].replace(".", "").replace(",", "").replace(" ", "").isdigit():
        return f"'{cell}"
    return cell

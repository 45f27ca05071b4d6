"""What every reader of tables shares: the table itself, and its refusal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from guanxi.kit.errors import BadInput


class BadFile(BadInput):
    """The file can't be read as a table."""


@dataclass(frozen=True)
class Table:
    """A file opened as rows of text under named columns.

    `row_count` is exact for workbooks and the number of lines for text. Rows may be read any number of times.
    """

    columns: list[str]
    has_header: bool
    row_count: int
    read: Callable[[], Iterator[tuple[int, list[str]]]] = field(repr=False)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    def numbered_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with the number that a spreadsheet shows beside them; rows without any text are left out.

        Cells are stripped. Short rows are filled up with empty cells; a row longer than the columns comes as
        long as it is, for its reader to refuse.
        """
        return self.read()

    def rows(self) -> Iterator[list[str]]:
        """The rows alone."""
        for _, row in self.read():
            yield row

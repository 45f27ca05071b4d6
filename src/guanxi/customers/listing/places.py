"""A place in a list, as the address of the next page carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guanxi.customers.listing.sorts import Sort
from guanxi.kit.cursor import BadCursor, decode_cursor, encode_cursor


@dataclass(frozen=True)
class Place:
    """The last row seen: whether it had no value to sort by (`empty`), the value, and its id."""

    empty: bool
    value: Any
    id: int

    def write(self, sort: Sort) -> str:
        """As one word for an address. It names the order too, since it means nothing in another."""
        return encode_cursor([sort.key, int(self.empty), self.value, self.id])

    @classmethod
    def read(cls, word: str, sort: Sort) -> Place | None:
        """None when it is no place in this order: the list then begins at its beginning."""
        try:
            key, empty, value, customer = decode_cursor(word)
        except (BadCursor, ValueError):
            return None
        fits = key == sort.key and empty in (0, 1) and isinstance(customer, int)
        if not fits or not (value is None if sort.by_id or empty else isinstance(value, sort.type)):
            return None
        return cls(bool(empty), value, int(str(customer)))

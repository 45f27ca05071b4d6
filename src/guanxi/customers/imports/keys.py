"""What tells one line of a shop from every other, so that a line is taken once however often its file is."""

from __future__ import annotations

from hashlib import blake2b

from guanxi.customers.imports.plan import Plan

_SEPARATOR = "\x1f"


class LineKeys:
    """Keys of a file's lines, in the file's order.

    A mapped unique number is the key. Without one it is everything mapped in the line plus how many equal lines
    came before it in the file: shops sell the same thing to the same person twice in one order, and a later file
    that overlaps this one tells them in the same number.
    """

    def __init__(self, plan: Plan) -> None:
        self._unique = plan.places("event_key")
        self._told = [place for place, column in enumerate(plan.columns) if column.target]
        self._seen: dict[int, int] = {}

    @property
    def are_unique(self) -> bool:
        """Whether the file brings numbers of its own that may not repeat."""
        return bool(self._unique)

    def of(self, cells: list[str]) -> tuple[str, int]:
        """The key of the next line, and how many lines of the file had the same before."""
        own = _SEPARATOR.join([cells[place] for place in self._unique])
        base = own or _SEPARATOR.join([cells[place] for place in self._told])
        mark = hash(base)
        before = self._seen.get(mark, 0)
        self._seen[mark] = before + 1
        if own:
            return own[:500], before
        return f"{blake2b(base.encode(), digest_size=12).hexdigest()}#{before + 1}", 0

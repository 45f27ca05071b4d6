"""What the finder finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two customers (first < second) that may be one: a probability, and [field, level] for each field known of both.

    Levels are "same", "close" and "different"; ["external", "different"] says that an outside system knows two,
    ["linked", "same"] that both are likely to be a third.
    """

    first: int
    second: int
    score: float
    reasons: list[list[str]]

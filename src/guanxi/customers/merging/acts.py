"""A merge or its undoing while it is under way: who is concerned, and what was done so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from guanxi.core.actors import Actor

Moved = dict[str, list[int]]


@dataclass(slots=True)
class Journal:
    """What a merge did, to be undone exactly.

    `moved` {"table.column": {absorbed id: [keys of the rows that went to the survivor]}};
    `taken` {table: [whole rows that had to give way]}, as JSON made by PostgreSQL, which reads it back without
    losing a digit; `made` {table: [ids of rows the merge wrote]}; `noted` whatever else a rule must remember.
    """

    moved: dict[str, Moved] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    made: dict[str, list[int]] = field(default_factory=dict)
    noted: dict[str, Any] = field(default_factory=dict)

    def dump(self) -> str:
        """The journal as JSON text."""
        taken = {table: orjson.Fragment(rows) for table, rows in self.taken.items()}
        return orjson.dumps({"moved": self.moved, "taken": taken, "made": self.made, "noted": self.noted}).decode()


@dataclass(frozen=True, slots=True)
class Merging:
    """A merge under way: `absorbed` go into `survivor` (ids), all rows locked.

    `chosen` {field: whose value wins}; `owners` {id: its owner before the merge}.
    """

    survivor: int
    absorbed: list[int]
    chosen: dict[str, int]
    owners: dict[int, int | None]
    by: Actor
    at: datetime
    journal: Journal = field(default_factory=Journal)

    @property
    def everybody(self) -> list[int]:
        return [self.survivor, *self.absorbed]

    @property
    def member_id(self) -> int | None:
        return self.by.id if self.by.kind == "staff" else None


@dataclass(frozen=True, slots=True)
class Undoing:
    """The undoing of merge number `merge_id` under way."""

    merge_id: int
    survivor: int
    absorbed: list[int]
    by: Actor
    at: datetime
    moved: dict[str, Moved]
    made: dict[str, list[int]]
    noted: dict[str, Any]

    @property
    def everybody(self) -> list[int]:
        return [self.survivor, *self.absorbed]

"""Following the log: each reader keeps its own position and is handed events in order, in batches.

A batch, what the reader does with it, and its new position are one transaction: what a reader writes to the
database happens exactly once; what it does outside happens at least once. Only what lies below the oldest
running transaction is read (`core_log_horizon`), so a transaction that commits late is never skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import orjson
from django.db import connection, transaction

from guanxi.core import clock
from guanxi.core.models import Event, ReaderPosition
from guanxi.core.sql import load

NEXT_BATCH = load(__package__, "next_batch.sql")


class EventReader:
    """Follows the log under `name`. Subclasses say which events they read and what they do with a batch.

    `event_names` limits what is handed over (None: everything); `batch_size` is how many events a batch holds
    at most. A new reader starts at the beginning of the log unless `starts_at_end`.
    """

    name: ClassVar[str]
    event_names: ClassVar[Sequence[str] | None] = None
    batch_size: ClassVar[int] = 2_000
    starts_at_end: ClassVar[bool] = False

    def handle(self, events: list[Event]) -> None:
        """Act on a batch, in order, inside the transaction that saves the position."""
        raise NotImplementedError  # an abstract method: every registered reader overrides it

    def start_over(self) -> None:
        """Take back what handling wrote, before the log is read again from its beginning.

        For readers that add up; nothing to do where handling an event twice changes nothing.
        """

    def rewind(self) -> bool:
        """Let the whole log be read again. False when the reader has not started yet."""
        with transaction.atomic():
            position = ReaderPosition.objects.select_for_update().filter(name=self.name).first()
            if position is None:
                return False
            self.start_over()
            position.rewind()
        return True

    def read_batch(self) -> int:
        """Handle the next batch; returns how far it moved, in events looked at (0: nothing new, or busy elsewhere)."""
        with transaction.atomic():
            position = ReaderPosition.objects.claim(self.name, at_end=self.starts_at_end)
            if position is None:
                return 0
            events = self._next(position)
            if not events:
                return 0
            wanted = self.event_names
            mine = events if wanted is None else [event for event in events if event.name in wanted]
            if mine:
                self.handle(mine)
            position.advance(to=events[-1], count=len(events), at=clock.now())
            return len(events)

    def _next(self, position: ReaderPosition) -> list[Event]:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_BATCH, [position.log_xid, position.event_id, self.batch_size])
            columns = [column.name for column in cursor.description]
            return [_event(columns, row) for row in cursor.fetchall()]

    def catch_up(self) -> int:
        """Handle batches until nothing is left; returns how many events were looked at."""
        total = 0
        while moved := self.read_batch():
            total += moved
        return total


def _event(columns: list[str], row: tuple[Any, ...]) -> Event:
    event = Event.from_db(None, columns, row)
    event.payload = orjson.loads(event.payload)
    return event


_readers: dict[str, EventReader] = {}


def register_reader(cls: type[EventReader]) -> type[EventReader]:
    """Class decorator: the worker runs this reader. A domain's readers stand in its reactions.py."""
    if cls.name in _readers and type(_readers[cls.name]) is not cls:
        raise ValueError(f"Two readers are called {cls.name!r}.")
    _readers[cls.name] = cls()
    return cls


def readers() -> dict[str, EventReader]:
    """Every registered reader by name."""
    return dict(_readers)

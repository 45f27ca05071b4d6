"""Appending to the event log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.sql import array_literal, load

RECORD = load(__package__, "record.sql")


class NotInTransaction(RuntimeError):
    """An event must live and die with the change it tells of: wrap both in transaction.atomic()."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One thing that happened, to be appended.

    `name` is `domain.noun_past`. `at` is when it happened; now when left out. `amount` is in `currency`
    (ISO 4217), negative for money given back. `(source, key)` is the teller's own name for the event: a
    second telling of the same is ignored. `payload` is a JSON object.
    """

    name: str
    by: Actor
    customer: int = 0
    at: datetime | None = None
    channel: str = ""
    amount: Decimal | None = None
    currency: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    key: str = ""


def key_hash(source: str, key: str) -> str:
    """The 128-bit name, in hexadecimal, under which the log remembers that `key` of `source` was told.

    BLAKE2b, RFC 7693.
    """
    return hashlib.blake2b(f"{source}\0{key}".encode(), digest_size=16).hexdigest()


def record(
    name: str,
    *,
    by: Actor,
    customer: int | None = None,
    at: datetime | None = None,
    channel: str = "",
    amount: Decimal | None = None,
    currency: str = "",
    payload: dict[str, Any] | None = None,
    source: str = "",
    key: str = "",
) -> bool:
    """Append one event in the caller's transaction. False when (source, key) was already told.

    Raises NotInTransaction outside `transaction.atomic()`.
    """
    event = NewEvent(name, by, customer or 0, at, channel, amount, currency, payload or {}, source, key)
    return record_many([event]) == 1


def record_many(events: Sequence[NewEvent]) -> int:
    """Append events in the caller's transaction; returns how many were new. One statement however many."""
    if not connection.in_atomic_block:
        raise NotInTransaction("Events are recorded inside transaction.atomic() only.")
    if not events:
        return 0
    now = clock.now()
    rows = [_row(event, now) for event in _first_tellings(events)]
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [array_literal(column) for column in zip(*rows, strict=True)])
        return int(cursor.fetchone()[0])


def _first_tellings(events: Iterable[NewEvent]) -> Iterable[NewEvent]:
    """The events, without those that repeat a key of the same batch."""
    seen: set[tuple[str, str]] = set()
    for event in events:
        if event.key:
            name = (event.source, event.key)
            if name in seen:
                continue
            seen.add(name)
        yield event


def _row(event: NewEvent, now: datetime) -> tuple[Any, ...]:
    return (
        key_hash(event.source, event.key) if event.key else None,
        event.customer,
        event.name,
        event.at or now,
        event.by.kind,
        event.by.id,
        event.channel,
        event.amount,
        event.currency,
        event.source,
        event.key,
        orjson.dumps(event.payload, default=str).decode(),
    )

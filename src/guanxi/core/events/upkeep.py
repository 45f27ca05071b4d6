"""Keeping the log's partitions: a year ahead there is room, and what is older than the company keeps goes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from guanxi.core import clock
from guanxi.core.jobs import periodic

ROOM = timedelta(days=365)
DELETE_AT_ONCE = 50_000
_QUARTER = re.compile(r"core_event_(\d{4})q([1-4])")
_PARTITIONS = """
SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'core_event'::regclass ORDER BY 1
"""
_DELETE_SOME = """
DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} < %s LIMIT %s))
"""


@periodic("20 3 * * *", name="core.keep_log")
def keep_log(timestamp: int) -> None:
    """Every night."""
    now = clock.now()
    make_room(at=now)
    if settings.EVENT_RETENTION_MONTHS:
        forget_before(now - timedelta(days=settings.EVENT_RETENTION_MONTHS * 30.44))


def make_room(*, at: datetime) -> list[str]:
    """Make the partitions that the coming year needs; returns their names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_event_partitions(%s, %s)", [at.date(), (at + ROOM).date()])
        return [row[0] for row in cursor.fetchall()]


def forget_before(cutoff: datetime) -> list[str]:
    """Drop the quarters that ended before `cutoff`, and older events with the keys of their time.

    A key forgotten may be told again, so a source must not repeat itself after the whole retention.
    Returns the names of the dropped partitions.
    """
    dropped = [name for name in _partitions() if (end := _end(name)) is not None and end <= cutoff]
    with connection.cursor() as cursor:
        for name in dropped:
            with transaction.atomic():
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")
        _delete_before("core_event_past", "occurred_at", cutoff)
        _delete_before("core_event_key", "recorded_at", cutoff)
    return dropped


def _partitions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS)
        return [row[0] for row in cursor.fetchall()]


def _end(name: str) -> datetime | None:
    """When the quarter that a partition holds is over; None for the one that holds the distant past."""
    if (found := _QUARTER.fullmatch(name)) is None:
        return None
    year, quarter = int(found[1]), int(found[2])
    return datetime(year + quarter // 4, quarter * 3 % 12 + 1, 1, tzinfo=UTC)


def _delete_before(table: str, column: str, cutoff: datetime) -> None:
    statement = _DELETE_SOME.format(table=table, column=column)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement, [cutoff, DELETE_AT_ONCE])
            if cursor.rowcount < DELETE_AT_ONCE:
                return

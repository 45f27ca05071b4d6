from __future__ import annotations

from datetime import datetime

from django.db import connection, models

from guanxi.core.models.event import Event

_END_OF_LOG = "SELECT core_log_horizon() - 1"
_LAG = """
SELECT count(*) FROM (
    SELECT FROM core_event WHERE (log_xid, id) > (%s, %s) LIMIT %s
) AS ahead
"""


class ReaderPositionQuerySet(models.QuerySet["ReaderPosition"]):
    def claim(self, name: str, *, at_end: bool) -> ReaderPosition | None:
        """The position of a reader, locked until the transaction ends; None when another process has it."""
        found = self.select_for_update(skip_locked=True).filter(name=name).first()
        if found is not None:
            return found
        start = ReaderPosition(name=name)
        if at_end:
            with connection.cursor() as cursor:
                cursor.execute(_END_OF_LOG)
                start.log_xid, start.event_id = cursor.fetchone()[0], models.BigIntegerField.MAX_BIGINT
        self.bulk_create([start], ignore_conflicts=True)
        return self.select_for_update(skip_locked=True).filter(name=name).first()


class ReaderPosition(models.Model):
    """How far a reader has followed the log: everything up to (log_xid, event_id) is handled."""

    name = models.CharField(max_length=100, primary_key=True)
    log_xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    handled_count = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, default="")

    objects = ReaderPositionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def advance(self, *, to: Event, count: int, at: datetime) -> None:
        """Everything up to `to` is handled."""
        self.log_xid, self.event_id = to.log_xid, to.id
        self.handled_count += count
        self.moved_at = at
        self.failed_at, self.failure = None, ""
        self.save()

    def rewind(self) -> None:
        """Read the whole log again from its beginning."""
        self.log_xid = self.event_id = self.handled_count = 0
        self.save(update_fields=["log_xid", "event_id", "handled_count"])

    def lag(self, *, at_most: int = 100_000) -> int:
        """How many events wait, counted no further than `at_most`."""
        with connection.cursor() as cursor:
            cursor.execute(_LAG, [self.log_xid, self.event_id, at_most])
            return int(cursor.fetchone()[0])

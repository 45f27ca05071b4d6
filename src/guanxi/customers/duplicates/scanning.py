"""Scanning the whole base for duplicates: asked for on the page or weekly, done by the worker, kept as pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guanxi.core.jobs import defer
from guanxi.core.models import Progress
from guanxi.core.sql import load
from guanxi.customers.duplicates.reading import read_records
from guanxi.staff.models import Member

if TYPE_CHECKING:
    from guanxi.customers.duplicates.pairs import FoundPair

SCAN_JOB = "customers.scan_duplicates"
KEEP = load(__package__, "keep_pairs.sql")
# A queue longer than this is not read by anybody; the likeliest are kept.
MOST_PAIRS = 200_000
_READ_SHARE, _FIND_SHARE = 0.25, 0.7
_TABLE = """
CREATE TEMP TABLE found_pair (customer_id bigint, other_id bigint, score float8, reasons jsonb) ON COMMIT DROP
"""
_UNDER_WAY = (Progress.State.WAITING, Progress.State.RUNNING)


class Cancelled(Exception):
    """Somebody asked the scan to stop."""


def start_scan(member: Member | None) -> Progress:
    """Queue a scan, or answer the one that is under way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SCAN_JOB])
        present = last_scan()
        if present is not None and not present.is_over:
            return present
        progress = Progress.objects.create(kind=SCAN_JOB, title=_("Looking for duplicates"), member=member)
        defer(SCAN_JOB, lock=SCAN_JOB, progress_id=progress.pk)
        return progress


def last_scan() -> Progress | None:
    """The scan under way, or the last one."""
    return Progress.objects.filter(kind=SCAN_JOB).order_by("-pk").first()


def scan(progress: Progress, *, clock: Callable[[], datetime]) -> int:
    """Read the base, find its pairs and keep them; returns how many are to be reviewed or were updated."""
    from guanxi.customers.duplicates.finding import find_pairs

    began = clock()
    progress.start(at=began)
    frame = read_records()
    count = len(frame)
    progress.step(int(count * _READ_SHARE), total=count)

    def told(done: int, total: int) -> None:
        if progress.is_cancelled():
            raise Cancelled
        progress.step(int(count * (_READ_SHARE + _FIND_SHARE * done / max(total, 1))))

    try:
        pairs = find_pairs(frame, told)
    except Cancelled:
        return 0
    kept = keep(pairs[:MOST_PAIRS], at=began)
    progress.step(count)
    progress.finish(at=clock(), result={"customers": count, "pairs": len(pairs)})
    return kept


def keep(pairs: Iterable[FoundPair], *, at: datetime) -> int:
    """Write what a scan begun `at` has found; what people decided stands. Returns how many are open by it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy("COPY found_pair (customer_id, other_id, score, reasons) FROM STDIN") as copy:
            for pair in pairs:
                copy.write_row((pair.first, pair.second, pair.score, orjson.dumps(pair.reasons).decode()))
        cursor.execute("ANALYZE found_pair")
        cursor.execute(KEEP, {"at": at})
        kept = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE found_pair")
        return kept

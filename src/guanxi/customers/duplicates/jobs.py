"""Background work of the duplicate finder."""

from __future__ import annotations

from guanxi.core import clock
from guanxi.core.jobs import job, periodic
from guanxi.core.models import Progress
from guanxi.customers.duplicates import scanning


@job(scanning.SCAN_JOB, retries=0, lock=scanning.SCAN_JOB)
def scan_duplicates(progress_id: int) -> None:
    progress = Progress.objects.get(pk=progress_id)
    if progress.is_over:
        return
    try:
        scanning.scan(progress, clock=clock.now)
    except Exception as failure:
        progress.fail(str(failure), at=clock.now())
        raise


@periodic("30 18 * * 6", name="customers.scan_duplicates_weekly")
def scan_weekly(timestamp: int) -> None:
    """On the night to Sunday."""
    scanning.start_scan(None)

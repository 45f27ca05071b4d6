"""Prometheus metrics of all processes of one `guanxi up`, gathered through the files of a shared folder.

The command line sets PROMETHEUS_MULTIPROC_DIR for its children; without it, each process counts for itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

requests = Counter("guanxi_requests_total", "Requests answered.", ["kind", "method", "status"])
request_seconds = Histogram(
    "guanxi_request_seconds",
    "Seconds to answer a request.",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
live_followers = Gauge("guanxi_live_followers", "Open live streams.", multiprocess_mode="livesum")

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def request_answered(kind: str, method: str, status: int, seconds: float) -> None:
    """Count one request. `kind` is one of a few words, so that the number of series stays small."""
    requests.labels(kind, method if method in _METHODS else "other", f"{status // 100}xx").inc()
    if kind != "live":
        request_seconds.labels(kind).observe(seconds)


def exposition() -> tuple[bytes, str]:
    """The text for Prometheus and its content type. Asks the database for what only it knows."""
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        REGISTRY,
        CollectorRegistry,
        generate_latest,
        multiprocess,
    )

    registry = REGISTRY
    if os.environ.get(_FOLDER):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    asked.register(_Database())
    return generate_latest(registry) + generate_latest(asked), CONTENT_TYPE_LATEST


class _Database:
    """Figures read from the database at each scrape."""

    def collect(self) -> Iterator[Any]:
        from django.db import Error
        from prometheus_client.core import GaugeMetricFamily

        try:
            lags, jobs, size = _figures()
        except Error:
            yield GaugeMetricFamily("guanxi_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("guanxi_database_up", "Whether the database answers.", value=1)
        yield GaugeMetricFamily("guanxi_database_bytes", "Size of the database.", value=size)
        waiting = GaugeMetricFamily("guanxi_reader_lag_events", "Events a reader has not handled.", labels=["reader"])
        for name, lag in lags.items():
            waiting.add_metric([name], lag)
        yield waiting
        by_status = GaugeMetricFamily("guanxi_jobs", "Background jobs that are not finished.", labels=["status"])
        for status, count in jobs.items():
            by_status.add_metric([status], count)
        yield by_status


def _figures() -> tuple[dict[str, int], dict[str, int], int]:
    from django.db import connection

    from guanxi.core.models import ReaderPosition

    lags = {position.name: position.lag() for position in ReaderPosition.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
        )
        jobs = {str(status): int(count) for status, count in cursor.fetchall()}
        cursor.execute("SELECT pg_database_size(current_database())")
        size = int(cursor.fetchone()[0])
    return lags, jobs, size

"""The background work of one process: jobs, the clock's jobs, and the readers of the event log."""

from __future__ import annotations

import os
import threading
from typing import Any

import structlog
from asgiref.sync import async_to_sync

_CONCURRENCY = 2
_HEARTBEAT_SECONDS = 5.0
_STALLED_SECONDS = 20.0  # a worker that was silent for so long is dead; its jobs are taken up again


def work() -> None:
    """Work until told to stop by SIGTERM or SIGINT; jobs at work are finished first."""
    import django

    from guanxi.core import logs

    logs.configure()
    django.setup()
    from procrastinate.contrib.django import app

    from guanxi.core.events.following import follow

    _take_up_stalled_jobs()
    stop = threading.Event()
    following = threading.Thread(target=follow, args=(stop,), name="readers")
    following.start()
    structlog.get_logger(__name__).info("worker_started", pid=os.getpid())
    try:
        with app.replace_connector(_worker_connector(app)) as worker:
            worker.run_worker(
                name=f"guanxi-{os.getpid()}",
                concurrency=_CONCURRENCY,
                install_signal_handlers=True,
                shutdown_graceful_timeout=15,
                listen_notify=True,
                delete_jobs="successful",
                update_heartbeat_interval=_HEARTBEAT_SECONDS,
                stalled_worker_timeout=_STALLED_SECONDS,
            )
    finally:
        stop.set()
        following.join(timeout=10)


def _worker_connector(app: Any) -> Any:
    """Procrastinate's own pool of connections: a worker waits on them, which Django's cannot."""
    return app.connector.get_worker_connector()


def _take_up_stalled_jobs() -> None:
    """Every minute, give the jobs of workers that were killed back to the queue."""
    from guanxi.core.jobs import periodic

    @periodic("* * * * *", name="core.take_up_stalled_jobs")
    def take_up(timestamp: int) -> None:
        from procrastinate.contrib.django import app

        manager = app.job_manager
        for job in async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=_STALLED_SECONDS):
            async_to_sync(manager.retry_job)(job)

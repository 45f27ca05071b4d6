"""The background work of one process: jobs, the clock's jobs, and the readers of the event log."""

from __future__ import annotations

import os
import threading

import structlog

_CONCURRENCY = 2


def work() -> None:
    """Work until told to stop by SIGTERM or SIGINT; jobs at work are finished first."""
    import django

    from guanxi.core import logs

    logs.configure()
    django.setup()
    from procrastinate.contrib.django import app

    from guanxi.core.events.following import follow

    stop = threading.Event()
    following = threading.Thread(target=follow, args=(stop,), name="readers")
    following.start()
    structlog.get_logger(__name__).info("worker_started", pid=os.getpid())
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(
                name=f"guanxi-{os.getpid()}",
                concurrency=_CONCURRENCY,
                install_signal_handlers=True,
                shutdown_graceful_timeout=15,
                listen_notify=True,
                delete_jobs="successful",
            )
    finally:
        stop.set()
        following.join(timeout=10)

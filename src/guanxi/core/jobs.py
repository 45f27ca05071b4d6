"""Background work on the same database (procrastinate): a job deferred in a transaction commits with it.

A job loads by id and makes one call. Verbs defer by name, so that they never import the job:

    defer("customers.scan_duplicates", progress_id=progress.pk)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

Run = TypeVar("Run", bound=Callable[..., Any])


def job(name: str, *, queue: str = "default", retries: int = 5, lock: str | None = None) -> Callable[[Run], Run]:
    """Make a function a job called `name`. `lock`: jobs with the same lock never run at once.

    A job that raises is tried again `retries` times, waiting 2, 4, 8 … seconds.
    """
    retry: RetryStrategy | bool = RetryStrategy(max_attempts=retries, exponential_wait=2) if retries else False

    def decorate(run: Run) -> Run:
        app.task(name=name, queue=queue, retry=retry, lock=lock)(run)
        return run

    return decorate


def periodic(cron: str, *, name: str, queue: str = "default") -> Callable[[Run], Run]:
    """Run a function by the clock (five-field cron, UTC); one run at a time, however many workers there are.

    The function takes the scheduled moment as `timestamp`, in Unix seconds.
    """

    def decorate(run: Run) -> Run:
        task = app.task(name=name, queue=queue, queueing_lock=name, lock=name)(run)
        app.periodic(cron=cron, periodic_id=name)(task)
        return run

    return decorate


def defer(name: str, *, lock: str | None = None, once: str | None = None, **arguments: Any) -> int | None:
    """Queue the job called `name` in the caller's transaction; returns its id.

    `lock`: not at the same time as others with this lock. `once`: not again while one with this name waits
    (then None). Arguments must be JSON.
    """
    options: dict[str, Any] = {}
    if lock:
        options["lock"] = lock
    if once:
        options["queueing_lock"] = once
    try:
        with transaction.atomic():  # when one waits already, that is no failure of the caller's transaction
            return int(app.configure_task(name, **options).defer(**arguments))
    except AlreadyEnqueued:
        return None


@periodic("17 * * * *", name="core.sweep_kept_answers")
def sweep_kept_answers(timestamp: int) -> None:
    """Forget what was answered to an Idempotency-Key a day ago."""
    from guanxi.core.idempotency import sweep  # imported here: verbs import this module before models are loaded

    sweep(at=datetime.fromtimestamp(timestamp, UTC))

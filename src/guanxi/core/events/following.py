"""Keeps every registered reader at the head of the log: woken by NOTIFY, with polling as the fallback."""

from __future__ import annotations

import threading
import traceback

import psycopg
import structlog
from django.db import close_old_connections, connection
from django.db.utils import InterfaceError, OperationalError

from guanxi.core import clock
from guanxi.core.events.readers import EventReader, readers
from guanxi.core.models import ReaderPosition

log = structlog.get_logger(__name__)

POLL_SECONDS = 5.0
PAUSE_AFTER_FAILURE_SECONDS = 2.0


def follow(stop: threading.Event) -> None:
    """Run readers until `stop` is set. A reader that fails keeps its place and is tried again; others go on."""
    while not stop.is_set():
        try:
            with _listening() as listener:
                while not stop.is_set():
                    if not _round():
                        _wait(listener, stop)
        except (OperationalError, InterfaceError, psycopg.OperationalError):
            log.warning("readers_lost_database")
            close_old_connections()
            stop.wait(PAUSE_AFTER_FAILURE_SECONDS)


def _round() -> bool:
    """Let each reader handle one batch; whether any of them moved."""
    moved = False
    for reader in readers().values():
        try:
            moved |= reader.read_batch() > 0
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _keep_failure(reader)
    return moved


def _keep_failure(reader: EventReader) -> None:
    failure = traceback.format_exc(limit=-6)
    log.exception("reader_failed", reader=reader.name)
    ReaderPosition.objects.filter(name=reader.name).update(failed_at=clock.now(), failure=failure)


def _listening() -> psycopg.Connection:
    """A connection of its own that hears of new events."""
    listener = psycopg.connect(**connection.get_connection_params(), autocommit=True)
    listener.execute("LISTEN guanxi_events")
    return listener


def _wait(listener: psycopg.Connection, stop: threading.Event) -> None:
    """Sleep until an event is told of, the poll is due, or (looked at every second) we are to stop."""
    for _second in range(int(POLL_SECONDS)):
        if stop.is_set() or any(True for _ in listener.notifies(timeout=1.0, stop_after=1)):
            return

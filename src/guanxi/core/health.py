"""How the installation is doing: each part answers whether it is good, with the facts behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import Error, connection

from guanxi.core import schema
from guanxi.core.models import ReaderPosition

LATE_WORKER_SECONDS = 60
LATE_READER_EVENTS = 10_000

_WORKER = "SELECT count(*), extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"


@dataclass(frozen=True)
class Part:
    """One part of the installation."""

    name: str
    is_good: bool
    facts: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {"ok": self.is_good, **self.facts}


def everything() -> list[Part]:
    """The database first; the rest only when it answers."""
    base = database()
    if not base.is_good:
        return [base]
    return [base, _asked("worker", _worker), _asked("readers", _readers)]


def database() -> Part:
    """Whether the database answers and holds the tables of this version."""
    try:
        missing = schema.missing(connection)
    except Error as error:
        return Part("database", False, {"reason": str(error).splitlines()[0]})
    finally:
        connection.close_if_unusable_or_obsolete()
    return Part("database", not missing, {"missing_migrations": missing})


def _asked(name: str, ask: Callable[[], Part]) -> Part:
    try:
        return ask()
    except Error as error:
        return Part(name, False, {"reason": str(error).splitlines()[0]})


def _worker() -> Part:
    with connection.cursor() as cursor:
        cursor.execute(_WORKER)
        count, age = cursor.fetchone()
    seconds = None if age is None else round(float(age), 1)
    good = seconds is not None and seconds < LATE_WORKER_SECONDS
    return Part("worker", good, {"workers": count, "heartbeat_age_seconds": seconds})


def _readers() -> Part:
    positions = ReaderPosition.objects.all()
    told = {
        position.name: {
            "lag": position.lag(at_most=LATE_READER_EVENTS),
            "failing": position.failed_at is not None,
        }
        for position in positions
    }
    good = all(one["lag"] < LATE_READER_EVENTS and not one["failing"] for one in told.values())
    return Part("readers", good, {"positions": told})

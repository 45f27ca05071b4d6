"""The websites as the native path knows them: found by key, remembered for a few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import close_old_connections, connection

from guanxi.core.sql import load

FIND_SITE = load("guanxi.customers", "find_site.sql")
NOTE_TRAFFIC = load("guanxi.customers", "note_site_traffic.sql")
REMEMBER_SECONDS = 5.0
_MOST = 10_000  # entries: a flood of made-up keys must not fill the memory
_LONGEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Site:
    """A website in use."""

    id: int
    key: str
    origins: frozenset[str]
    needs_consent: bool
    trusts_pages: bool

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Site:
        number, key, origins, needs_consent, trusts_pages = row
        told = orjson.loads(origins) if isinstance(origins, str | bytes) else origins
        return cls(number, key, frozenset(told), needs_consent, trusts_pages)

    @property
    def source(self) -> str:
        """As Website.source."""
        return f"website:{self.id}"

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may tell events here."""
        if origin in self.origins:
            return True
        scheme, _marks, host = origin.partition("://")
        above = host.partition(".")[2]
        return bool(above) and f"{scheme}://*.{above}" in self.origins


class SiteMemory:
    """What one process remembers of keys; unknown ones too. Not safe for threads: ask from the event loop."""

    def __init__(self, seconds: float = REMEMBER_SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, Site | None]] = {}

    def recall(self, key: str, *, at: float) -> tuple[bool, Site | None]:
        """Whether the answer is remembered, and the answer. `at` is a monotonic clock's reading in seconds."""
        kept = self._kept.get(key)
        return (True, kept[1]) if kept is not None and kept[0] > at else (False, None)

    def keep(self, key: str, site: Site | None, *, at: float) -> None:
        """Remember an answer; a full memory forgets everything and begins anew."""
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (at + self._seconds, site)

    def forget(self) -> None:
        self._kept.clear()


def find_site(key: str) -> Site | None:
    """The website of a key, read from the database; None when there is none, or it is archived."""
    if not 0 < len(key) <= _LONGEST_KEY or "\0" in key:
        return None
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(FIND_SITE, [key])
        row = cursor.fetchone()
    return Site.from_row(row) if row else None


def note_traffic(site_id: int, ignored: int) -> None:
    """Note that the site told something, or that so many requests of robots were ignored."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(NOTE_TRAFFIC, {"site": site_id, "ignored": ignored})

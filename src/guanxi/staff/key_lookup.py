"""Finding the API key behind a token without Django's ORM, for the front door's native paths.

    row = (await connection.execute(FIND_KEY, [hash_token(token)])).fetchone()
    key = FoundKey.from_row(row) if row else None
    memory.keep(token, key, at=time.monotonic())

`KeyMemory` remembers an answer for at most five seconds in one process, so that a revoked key, or one whose member has
left, is dead everywhere after five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from guanxi.core.actors import Actor
from guanxi.core.sql import load
from guanxi.staff.models.api_key import PREFIX, hash_token

FIND_KEY = load("guanxi.staff", "find_key.sql")
TOUCH_KEY = load("guanxi.staff", "touch_key.sql")
REMEMBER_SECONDS = 5.0
_MOST = 10_000  # entries: a flood of made-up tokens must not fill the memory


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A usable key and what it may do."""

    id: int
    name: str
    member_id: int
    permissions: frozenset[str]
    masks_contacts: bool
    expires_at: datetime | None

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> FoundKey:
        """From a row of FIND_KEY; its jsonb columns may come as text (Django's cursors) or read already (psycopg's)."""
        number, name, scopes, expires_at, member_id, permissions, is_administrator, masks_contacts = row
        role = _read(permissions)
        allowed = (
            scope
            for scope in _read(scopes)
            if is_administrator or scope.partition(":")[2] in role.get(scope.partition(":")[0], ())
        )
        masks = masks_contacts and not is_administrator
        return cls(number, name, member_id, frozenset(allowed), masks, expires_at)

    @property
    def actor(self) -> Actor:
        return Actor("api_key", self.id, self.name)

    @property
    def source(self) -> str:
        """As ApiKey.source: the name under which the log keeps the keys of events that this program tells."""
        return f"api_key:{self.id}"

    def can(self, module: str, verb: str) -> bool:
        return f"{module}:{verb}" in self.permissions


class KeyMemory:
    """What one process remembers of tokens, and for how long. Unknown tokens are remembered too."""

    def __init__(self, seconds: float = REMEMBER_SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, FoundKey | None]] = {}

    def recall(self, token: str, *, at: float) -> tuple[bool, FoundKey | None]:
        """Whether the answer is remembered, and the answer. `at` is a monotonic clock's reading in seconds."""
        kept = self._kept.get(hash_token(token))
        if kept is None or kept[0] <= at:
            return False, None
        return True, kept[1]

    def keep(self, token: str, key: FoundKey | None, *, at: float) -> None:
        """Remember an answer; a full memory forgets everything and begins anew."""
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[hash_token(token)] = (at + self._seconds, key)


def looks_like_token(token: str) -> bool:
    """Whether it is worth asking the database."""
    return token.startswith(PREFIX) and len(token) < 100


def _read(column: Any) -> Any:
    return orjson.loads(column) if isinstance(column, (str, bytes)) else column

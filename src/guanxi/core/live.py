"""Telling open screens what happened: NOTIFY in the caller's transaction, heard when it commits.

The front door listens and passes each message on to the browsers that follow its topic and may see it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.db import connection

CHANNEL = "guanxi_live"
MAX_BYTES = 7_900  # NOTIFY takes 8,000 bytes at most, in PostgreSQL as it is usually built


def publish(topic: str, payload: dict[str, Any] | None = None) -> None:
    """Tell whoever follows `topic`. A payload too large for NOTIFY is left out: the screen asks again."""
    message = orjson.dumps({"topic": topic, "payload": payload or {}}, default=str)
    if len(message) > MAX_BYTES:
        message = orjson.dumps({"topic": topic, "payload": {}})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message.decode()])


MayFollow = Callable[[Any, str], bool]

_authorisers: dict[str, MayFollow] = {}


def register_topic(kind: str, may_follow: MayFollow) -> None:
    """Open the topics `kind:…` to those members for whom `may_follow(member, rest)` is true.

    Called from an app's `ready()`. A kind nobody registered is open to nobody.
    """
    _authorisers[kind] = may_follow


def may_follow(member: Any, topic: str) -> bool:
    """Whether a member may hear what is told on a topic, such as "progress:12"."""
    kind, _, rest = topic.partition(":")
    authorise = _authorisers.get(kind)
    return authorise is not None and authorise(member, rest)

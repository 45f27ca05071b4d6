"""Telling open screens what happened: NOTIFY in the caller's transaction, so that it is heard when it commits.

The front door listens and passes each message on to the browsers that follow its topic and may see it.
"""

from __future__ import annotations

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

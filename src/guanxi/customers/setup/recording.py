"""One event for each change of the settings of customers."""

from __future__ import annotations

from typing import Any

from guanxi.core.actors import Actor
from guanxi.core.events import record

SETTING_CHANGED = "customers.setting_changed"  # what (tag, field, stage …), id, name, change (added, edited …)


def tell(thing: Any, change: str, *, by: Actor, **more: object) -> None:
    """Record that a setting was added, edited, archived, restored, merged or removed; in the caller's transaction."""
    payload = {"what": thing._meta.model_name, "id": thing.pk, "name": str(thing), "change": change, **more}
    record(SETTING_CHANGED, by=by, payload=payload)

"""Moving customers along the company's lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from guanxi.core.actors import Actor
from guanxi.core.events import NewEvent, record_many
from guanxi.core.sql import load
from guanxi.customers.events import STAGE_CHANGED
from guanxi.customers.models import Stage

MOVE = load("guanxi.customers", "move_to_stage.sql")


def move_to_stage(customer_ids: Sequence[int], stage: Stage | None, *, by: Actor, at: datetime) -> int:
    """Move customers to a stage (None: to no stage); returns how many were elsewhere."""
    stage_id = stage.pk if stage else None
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(MOVE, {"customers": list(customer_ids), "stage": stage_id, "at": at})
            moved = cursor.fetchall()
        names = dict(Stage.objects.values_list("pk", "name"))
        record_many(
            [
                NewEvent(
                    STAGE_CHANGED,
                    by,
                    customer,
                    at,
                    payload={
                        "from_id": former,
                        "from": names.get(former, ""),
                        "to_id": stage_id,
                        "to": stage.name if stage else "",
                    },
                )
                for customer, former in moved
            ]
        )
    return len(moved)

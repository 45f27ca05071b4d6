"""Handing on what came to a record in the very moment in which it was merged.

An absorbing transaction that looked a person up before a merge committed writes to the record that the merge took up.
The reader of tallies meets every event soon after, and hands such strays on before it counts them.
"""

from __future__ import annotations

from django.db import connection

from guanxi.core.models import Event
from guanxi.core.sql import load

SURVIVORS = load("guanxi.customers", "survivors.sql")
FORWARD = load("guanxi.customers", "forward.sql")


def forward_strays(events: list[Event]) -> int:
    """Hand the events among these that belong to merged records on, and their identities; returns how many.

    The events themselves are changed too, so that who reads on sees the record that stands.
    """
    wanted = sorted({event.customer_id for event in events if event.customer_id})
    with connection.cursor() as cursor:
        cursor.execute(SURVIVORS, [wanted])
        survivors = dict(cursor.fetchall())
        strays = [event for event in events if event.customer_id in survivors]
        if strays:
            told = {
                "merged": list(survivors),
                "survivor": list(survivors.values()),
                "events": [event.id for event in strays],
            }
            cursor.execute(FORWARD, told)
    for event in strays:
        event.customer_id = survivors[event.customer_id]
    return len(strays)

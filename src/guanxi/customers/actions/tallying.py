"""Keeping in figures what the log says of each customer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from guanxi.core.models import Event
from guanxi.core.sql import load
from guanxi.customers.events import CUSTOMERS_MERGED, MERGE_UNDONE, PURCHASES

ADD_TO_TALLIES = load("guanxi.customers", "add_to_tallies.sql")
RECOUNT_TALLIES = load("guanxi.customers", "recount_tallies.sql")


@dataclass(slots=True)
class _Sum:
    events: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    purchases: int = 0
    total: Decimal = Decimal(0)
    currency: str = ""
    purchase_at: datetime | None = None


def tally(events: list[Event]) -> None:
    """Add a batch of events to the tallies of their customers.

    Customers that were merged or parted in the batch are counted afresh, since their events changed hands.
    """
    recount: set[int] = set()
    for event in events:
        if event.name in (CUSTOMERS_MERGED, MERGE_UNDONE):
            recount |= {
                event.customer_id,
                *event.payload.get("absorbed", ()),
                *event.payload.get("restored", ()),
            }
    _add(_sums(event for event in events if event.customer_id and event.customer_id not in recount))
    recount_tallies(recount, upto=(events[-1].log_xid, events[-1].id))


def recount_tallies(customer_ids: Iterable[int], *, upto: tuple[int, int]) -> None:
    """Count these customers' tallies afresh from the log, up to and including the position (log_xid, id)."""
    wanted = sorted(set(customer_ids))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                RECOUNT_TALLIES,
                {"customers": wanted, "purchases": list(PURCHASES), "xid": upto[0], "event": upto[1]},
            )


def _sums(events: Iterable[Event]) -> dict[int, _Sum]:
    sums: dict[int, _Sum] = {}
    for event in events:
        told = sums.setdefault(event.customer_id, _Sum())
        told.events += 1
        at = event.occurred_at
        told.first_at = min(told.first_at or at, at)
        told.last_at = max(told.last_at or at, at)
        if event.name in PURCHASES and event.amount is not None:
            told.currency = told.currency or event.currency
            told.purchases += event.amount > 0
            if event.currency == told.currency:
                told.total += event.amount
            if event.amount > 0:
                told.purchase_at = max(told.purchase_at or at, at)
    return sums


def _add(sums: dict[int, _Sum]) -> None:
    if not sums:
        return
    rows = sorted(sums.items())
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_TO_TALLIES,
            [
                [customer_id for customer_id, _told in rows],
                [told.events for _customer, told in rows],
                [told.first_at for _customer, told in rows],
                [told.last_at for _customer, told in rows],
                [told.purchases for _customer, told in rows],
                [told.total for _customer, told in rows],
                [told.currency for _customer, told in rows],
                [told.purchase_at for _customer, told in rows],
            ],
        )

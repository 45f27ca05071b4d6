"""Giving customers to an owner, with the history of who had them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from guanxi.core.actors import Actor
from guanxi.core.events import NewEvent, record_many
from guanxi.core.sql import load
from guanxi.customers.events import OWNER_CHANGED
from guanxi.staff.models import Member

ASSIGN = load("guanxi.customers", "assign.sql")


def assign(customer_ids: Sequence[int], to: Member | None, *, by: Actor, at: datetime, reason: str = "") -> int:
    """Make `to` the owner of customers (None: nobody); returns how many had another."""
    wanted = {
        "customers": list(customer_ids),
        "to": to.pk if to else None,
        "by": by.id if by.kind == "staff" else None,
        "reason": reason,
        "at": at,
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ASSIGN, wanted)
            passed = cursor.fetchall()
        former = {member for _customer, member in passed if member}
        names = dict(Member.objects.get_queryset().filter(pk__in=former).values_list("pk", "name"))
        record_many([_passed(customer, member, names, to, reason, by, at) for customer, member in passed])
    return len(passed)


def _passed(
    customer: int,
    former: int | None,
    names: dict[int, str],
    to: Member | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> NewEvent:
    payload = {
        "from_id": former,
        "from": names.get(former, "") if former else "",
        "to_id": to.pk if to else None,
        "to": to.name if to else "",
        "reason": reason,
    }
    return NewEvent(OWNER_CHANGED, by, customer, at, payload=payload)

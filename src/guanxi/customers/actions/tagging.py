"""Putting tags on customers and taking them off, one or a million at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from guanxi.core.actors import Actor
from guanxi.core.events import NewEvent, record_many
from guanxi.core.sql import load
from guanxi.customers.events import TAG_ADDED, TAG_REMOVED
from guanxi.customers.models import CustomerTag, Tag

PUT_TAG = load("guanxi.customers", "put_tag.sql")
TAKE_TAG = load("guanxi.customers", "take_tag.sql")


def add_tag(
    customer_ids: Sequence[int],
    tag: Tag,
    *,
    by: Actor,
    at: datetime,
    how: str = CustomerTag.How.MANUAL,
) -> int:
    """Put `tag` on customers; returns how many did not carry it yet.

    Of an exclusive group the tag takes the place of the one carried so far, which is told as taken off.
    """
    member_id = by.id if by.kind == "staff" else None
    with transaction.atomic(), connection.cursor() as cursor:
        replaced: list[tuple[int, int, str]] = []
        if tag.group.is_exclusive:
            replaced = _take(customer_ids, Tag.objects.filter(group=tag.group_id).exclude(pk=tag.pk))
        cursor.execute(PUT_TAG, [tag.pk, how, member_id, at, list(customer_ids)])
        put = [row[0] for row in cursor.fetchall()]
        record_many([_taken(customer, tag_id, name, by, at) for customer, tag_id, name in replaced])
        payload = {"tag_id": tag.pk, "tag": tag.name, "how": how}
        record_many([NewEvent(TAG_ADDED, by, customer, at, payload=payload) for customer in put])
    return len(put)


def remove_tag(customer_ids: Sequence[int], tag: Tag, *, by: Actor, at: datetime) -> int:
    """Take `tag` off customers; returns how many carried it."""
    with transaction.atomic():
        taken = _take(customer_ids, Tag.objects.filter(pk=tag.pk))
        record_many([_taken(customer, tag_id, name, by, at) for customer, tag_id, name in taken])
    return len(taken)


def _take(customer_ids: Sequence[int], tags: QuerySet[Tag]) -> list[tuple[int, int, str]]:
    names = dict(tags.values_list("pk", "name"))
    if not names:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TAG, [list(names), list(customer_ids)])
        return [(customer, tag_id, names[tag_id]) for tag_id, customer in cursor.fetchall()]


def _taken(customer: int, tag_id: int, name: str, by: Actor, at: datetime) -> NewEvent:
    return NewEvent(TAG_REMOVED, by, customer, at, payload={"tag_id": tag_id, "tag": name})

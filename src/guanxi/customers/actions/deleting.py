"""Deleting a customer for good: the record, what hangs on it, and the records that were merged into it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guanxi.core.actors import Actor
from guanxi.core.events import record
from guanxi.customers.actions.attaching import discard_files
from guanxi.customers.events import CUSTOMER_DELETED
from guanxi.customers.models import Attachment, Customer


def delete_customer(customer: Customer, *, by: Actor, at: datetime) -> int:
    """Delete `customer`; returns how many records went (0: it was gone). There is no undo.

    The event log keeps what happened, under an id that no longer names anybody. Files of its notes are removed
    once the deletion is committed.
    """
    with transaction.atomic():
        ids = _with_absorbed(customer.pk)
        if not ids:
            return 0
        files = list(Attachment.objects.filter(note__customer__in=ids))
        told = {"name": customer.name, "records": len(ids)}
        record(CUSTOMER_DELETED, by=by, customer=customer.pk, at=at, payload=told)
        for each in reversed(ids):  # a merged record points at the one that took it up
            Customer.objects.filter(pk=each).delete()
        transaction.on_commit(lambda: discard_files(files))
    return len(ids)


def _with_absorbed(customer_id: int) -> list[int]:
    """The record and all that were merged into it, directly or by way of another; locked."""
    ids: list[int] = []
    newly = list(Customer.objects.select_for_update().filter(pk=customer_id).values_list("pk", flat=True))
    while newly:
        ids += newly
        newly = list(Customer.objects.select_for_update().filter(merged_into__in=newly).values_list("pk", flat=True))
    return ids

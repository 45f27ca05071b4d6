from __future__ import annotations

from typing import Any

from django.db import models

from guanxi.core.actors import Actor


class EventQuerySet(models.QuerySet["Event"]):
    def of_customer(self, customer_id: int) -> EventQuerySet:
        """One customer's events, newest first."""
        return self.filter(customer_id=customer_id).order_by("-occurred_at", "-id")


class Event(models.Model):
    """One thing that happened. Rows are appended by `events.record`, never changed.

    The table is laid by SQL (partitioned by occurred_at, see events/sql/schema.sql). `customer_id` is 0 where
    no customer is concerned. `log_xid` orders the log by transaction, so that readers miss no late commit.
    """

    pk = models.CompositePrimaryKey("customer_id", "occurred_at", "id")
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    log_xid = models.BigIntegerField()
    name = models.TextField()
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    channel = models.TextField(default="")
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.TextField(default="")
    source = models.TextField(default="")
    source_key = models.TextField(default="")
    payload: Any = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "core_event"

    def __str__(self) -> str:
        return f"{self.name} #{self.id}"

    @property
    def by(self) -> Actor:
        """Who did it, without a label."""
        return Actor(self.actor_kind, self.actor_id)  # type: ignore[arg-type]

from __future__ import annotations

from django.db import models

from guanxi.customers.models.customer import Customer


class Tally(models.Model):
    """What the log says of a customer, in figures. Kept by a reader (reactions.py); rebuilt by rewinding it.

    `purchase_total` sums purchases less refunds in `currency`, that of the first purchase; amounts in other
    currencies are counted and not summed.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="tally")
    event_count = models.BigIntegerField(default=0)
    first_event_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    purchase_count = models.BigIntegerField(default=0)
    purchase_total = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    last_purchase_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["event_count", "customer"], name="customers_tally_events"),
            models.Index(fields=["last_event_at", "customer"], name="customers_tally_event"),
            models.Index(fields=["purchase_total", "customer"], name="customers_tally_total"),
            models.Index(fields=["purchase_count", "customer"], name="customers_tally_count"),
            models.Index(fields=["last_purchase_at", "customer"], name="customers_tally_purchase"),
        ]
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.event_count}"

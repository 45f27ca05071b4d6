from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer
from guanxi.staff.models import Member


class DuplicatePair(models.Model):
    """Two records that may be one customer, with a score from 0 to 1 and the reasons for it."""

    class State(models.TextChoices):
        OPEN = "open", _("To review")
        MERGED = "merged", _("Merged")
        DISTINCT = "distinct", _("Not the same")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons: Any = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "other"], name="customers_pair_once"),
            models.CheckConstraint(condition=models.Q(customer__lt=models.F("other")), name="customers_pair_in_order"),
        ]
        indexes = [models.Index(fields=["-score", "id"], name="customers_pair_open", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.customer_id} ~ {self.other_id}"

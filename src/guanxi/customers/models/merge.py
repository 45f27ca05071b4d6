from __future__ import annotations

from typing import Any

from django.db import models

from guanxi.customers.models.customer import Customer
from guanxi.staff.models import Member


class Merge(models.Model):
    """One or more records taken up into a survivor, with all it takes to undo it exactly.

    `absorbed` holds the ids taken up. `before` is the survivor's row as it was; `journal` says, table by table,
    which rows were repointed and which had to give way and how they looked (see actions/merge.py).
    """

    survivor = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    absorbed: Any = models.JSONField()
    before: Any = models.JSONField()
    journal: Any = models.JSONField()
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.absorbed} into {self.survivor_id}"

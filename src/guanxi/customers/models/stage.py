from __future__ import annotations

from django.db import models


class Stage(models.Model):
    """A step of the lifecycle that the company defines: lead, first order, regular, lapsed …"""

    name = models.CharField(max_length=60, unique=True)
    color = models.CharField(max_length=12, default="blue")
    position = models.IntegerField(default=0)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="customers_stage_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name

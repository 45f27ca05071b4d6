from __future__ import annotations

from typing import Any

from django.db import models

from guanxi.staff.models import Member


class SavedView(models.Model):
    """A list somebody wants to come back to: filters, columns and sort, for oneself or for everybody."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    is_shared = models.BooleanField(default=False)
    query: Any = models.JSONField(default=dict)
    columns: Any = models.JSONField(default=list)
    sort = models.CharField(max_length=60, blank=True, default="")
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="customers_view_name")]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view that a member's customers open with."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.member_id}: {self.view_id}"

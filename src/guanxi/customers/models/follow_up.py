from __future__ import annotations

from datetime import datetime

from django.db import models

from guanxi.staff.models import Member


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> FollowUpQuerySet:
        return self.filter(done_at=None)

    def due(self, *, at: datetime) -> FollowUpQuerySet:
        """Open, due, and its assignee not yet reminded."""
        return self.open().filter(due_at__lte=at, reminded_at=None)


class FollowUp(models.Model):
    """Something to do for a customer by a certain time; its assignee is reminded when the time comes."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="follow_ups")
    assignee = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="follow_ups")
    text = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["assignee", "due_at"], name="customers_follow_up_open", condition=models.Q(done_at=None)
            ),
            models.Index(fields=["customer"], name="customers_follow_up_customer", condition=models.Q(done_at=None)),
            models.Index(
                fields=["due_at"],
                name="customers_follow_up_due",
                condition=models.Q(done_at=None, reminded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.text

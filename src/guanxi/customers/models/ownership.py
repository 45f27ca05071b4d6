from __future__ import annotations

from django.db import models

from guanxi.staff.models import Member


class Collaborator(models.Model):
    """A colleague who works on a customer beside its owner, and so may see it whatever their scope."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="collaborators")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="collaborations")
    added_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["customer", "member"], name="customers_collaborator_once")]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.customer_id}"


class OwnershipChange(models.Model):
    """A customer passed from one owner to another: who, when, by whom and why."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="ownership_changes")
    from_member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    to_member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.from_member_id} → {self.to_member_id}"

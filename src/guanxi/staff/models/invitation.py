from __future__ import annotations

from datetime import datetime

from django.db import models

from guanxi.staff.models.department import Department
from guanxi.staff.models.member import Member
from guanxi.staff.models.role import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; it may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self, *, at: datetime) -> InvitationQuerySet:
        """Still good to join with."""
        return self.open().filter(expires_at__gt=at)


class Invitation(models.Model):
    """A link by which one new colleague sets a name and a password. Only a hash of the link's token is kept."""

    email = models.EmailField(max_length=254)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="staff_invitation_open_email",
            )
        ]

    def __str__(self) -> str:
        return self.email

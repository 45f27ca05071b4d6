from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.Model):
    """A named set of permissions, how far its holders see, and whether contacts are masked for them.

    `permissions` maps a module to the verbs allowed in it: {"customers": ["see", "edit"]}. An administrator
    may do everything.
    """

    class Scope(models.TextChoices):
        OWN = "own", _("Own customers")
        DEPARTMENT = "department", _("Own department and below")
        ALL = "all", _("All customers")

    name = models.CharField(max_length=80, unique=True)
    scope = models.CharField(max_length=12, choices=Scope, default=Scope.OWN)
    permissions: Any = models.JSONField(default=dict)
    masks_contacts = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["own", "department", "all"]), name="staff_role_scope")
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, module: str, verb: str) -> bool:
        return self.is_administrator or verb in self.permissions.get(module, ())

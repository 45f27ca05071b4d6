from __future__ import annotations

from typing import Any

from django.db import models


class Website(models.Model):
    """A site whose pages carry the tracking snippet. `key` is public: it tells where an event came from only."""

    name = models.CharField(max_length=80, unique=True)
    key = models.CharField(max_length=32, unique=True)
    origins: Any = models.JSONField(default=list)
    needs_consent = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

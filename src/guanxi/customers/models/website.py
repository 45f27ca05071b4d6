from __future__ import annotations

from typing import Any

from django.db import models


class Website(models.Model):
    """A site whose pages carry the tracking snippet. `key` is public: it tells where an event came from only.

    `origins` are the addresses whose pages may tell events ("https://shop.example.com"; "https://*.example.com"
    for those below). With `trusts_pages` whoever a page says a visitor is, is believed without a signature.
    `last_event_at` and `ignored_count` (robots) are kept up to the last few seconds.
    """

    name = models.CharField(max_length=80, unique=True)
    key = models.CharField(max_length=32, unique=True)
    origins: Any = models.JSONField(default=list)
    needs_consent = models.BooleanField(default=True)
    trusts_pages = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    ignored_count = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """The name under which the log keeps the keys of this site's events."""
        return f"website:{self.pk}"

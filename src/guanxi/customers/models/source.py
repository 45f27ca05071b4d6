from __future__ import annotations

from django.db import models


class Source(models.Model):
    """Where customers come from: a fair, a shop, an import, a live code. `slug` is what programs call it."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

from __future__ import annotations

from typing import Any

from django.db import models


class KeptAnswer(models.Model):
    """What the API answered to a POST with an Idempotency-Key, kept for whoever did not hear it (core/idempotency.py).

    `owner` is who asked, such as "api_key:7": a key means nothing to anybody else. `fingerprint` is a digest of
    the request.
    """

    owner = models.CharField(max_length=60, db_collation="C")
    key = models.CharField(max_length=255, db_collation="C")
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    headers: Any = models.JSONField(default=dict)
    body = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="core_answer_once")]
        indexes = [models.Index(fields=["kept_at"], name="core_answer_kept_at")]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"

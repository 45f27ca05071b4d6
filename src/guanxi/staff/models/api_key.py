from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import models

from guanxi.core.actors import Actor
from guanxi.staff.models.member import Member

PREFIX = "gx_"


def hash_token(token: str) -> str:
    """What is kept of a token. The token has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, *, at: datetime) -> ApiKeyQuerySet:
        """Not revoked, not expired, and of a member who still works here."""
        alive = models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        return self.filter(alive, revoked_at=None, member__is_active=True)


class ApiKey(models.Model):
    """A program that signs in. It may do what `scopes` name and its member may do, and no more.

    `scopes` holds `module:verb` words, such as "customers:see" and "events:edit" (telling events).
    """

    name = models.CharField(max_length=80)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_keys")
    token_hash = models.CharField(max_length=64, unique=True)
    token_hint = models.CharField(max_length=12)
    scopes: Any = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(
        cls, *, name: str, member: Member, scopes: list[str], expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; returns it and its token, which is shown once and kept nowhere."""
        token = PREFIX + secrets.token_urlsafe(32)
        key = cls.objects.create(
            name=name,
            member=member,
            token_hash=hash_token(token),
            token_hint=token[:7] + "…",
            scopes=scopes,
            expires_at=expires_at,
        )
        return key, token

    @property
    def actor(self) -> Actor:
        return Actor("api_key", self.pk, self.name)

    @property
    def source(self) -> str:
        """The name under which the log keeps the keys of events that this program tells."""
        return f"api_key:{self.pk}"

    def can(self, module: str, verb: str) -> bool:
        return f"{module}:{verb}" in self.scopes and self.member.can(module, verb)

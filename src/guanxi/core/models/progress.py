from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core import live


class Progress(models.Model):
    """Long work with a bar: what it is, how far it has come, how it ended. Owned by the member who asked."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result: Any = models.JSONField(default=dict)
    failure = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["member", "-id"])]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def may_follow(member: Any, rest: str) -> bool:
        """Who asked for the work hears how it goes, on the topic progress:<id>."""
        return rest.isdigit() and Progress.objects.filter(pk=int(rest), member=member.pk).exists()

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.FINISHED, self.State.FAILED, self.State.CANCELLED}

    @property
    def percent(self) -> int | None:
        """0 to 100, or None while the total is not known."""
        if self.state == self.State.FINISHED:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None

    def remaining(self, *, at: datetime) -> timedelta | None:
        """The time left at the pace so far; None while there is no pace to judge by."""
        if not (self.started_at and self.total and self.done) or self.is_over:
            return None
        return (at - self.started_at) * ((self.total - self.done) / self.done)

    def start(self, *, at: datetime, total: int | None = None) -> None:
        self.state, self.started_at = self.State.RUNNING, at
        if total is not None:
            self.total = total
        self._keep("state", "started_at", "total")

    def step(self, done: int, *, total: int | None = None) -> None:
        """So much is done by now (not: so much more)."""
        self.done = done
        if total is not None:
            self.total = total
        self._keep("done", "total")

    def finish(self, *, at: datetime, result: dict[str, Any] | None = None) -> None:
        self.state, self.ended_at, self.result = self.State.FINISHED, at, result or {}
        self._keep("state", "ended_at", "result")

    def fail(self, failure: str, *, at: datetime) -> None:
        self.state, self.ended_at, self.failure = self.State.FAILED, at, failure
        self._keep("state", "ended_at", "failure")

    def cancel(self, *, at: datetime) -> None:
        """Ask the work to stop; it looks between batches."""
        self.state, self.ended_at = self.State.CANCELLED, at
        self._keep("state", "ended_at")

    def is_cancelled(self) -> bool:
        """Whether somebody asked the work to stop, read afresh."""
        return Progress.objects.filter(pk=self.pk, state=self.State.CANCELLED).exists()

    def _keep(self, *fields: str) -> None:
        self.save(update_fields=fields)
        live.publish(f"progress:{self.pk}", {"id": self.pk, "state": self.state, "done": self.done})

"""Background work of desk."""

from __future__ import annotations

from guanxi.core import clock
from guanxi.core.jobs import periodic
from guanxi.customers.actions.following_up import remind_due


@periodic("* * * * *", name="desk.remind_due")
def remind(timestamp: int) -> None:
    """Every minute: tell assignees of the follow-ups that have come due."""
    remind_due(at=clock.now())

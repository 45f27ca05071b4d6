"""Keeping in figures what the log says of each customer."""

from __future__ import annotations

from guanxi.core.models import Event


def tally(events: list[Event]) -> None:
    """Add a batch of events to the tallies of their customers."""

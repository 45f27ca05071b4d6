"""What customers do when something happened anywhere in the product."""

from __future__ import annotations

from guanxi.core.events import EventReader, register_reader
from guanxi.core.models import Event
from guanxi.customers.actions.tallying import tally


@register_reader
class Tallies(EventReader):
    """Keeps each customer's Tally at the head of the log."""

    name = "customers.tallies"

    def handle(self, events: list[Event]) -> None:
        tally(events)

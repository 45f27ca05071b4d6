"""What customers do when something happened anywhere in the product."""

from __future__ import annotations

from guanxi.core.events import EventReader, register_reader
from guanxi.core.models import Event
from guanxi.customers.actions.tallying import tally
from guanxi.customers.events import CUSTOMER_CREATED, IDENTITY_ADDED


@register_reader
class Tallies(EventReader):
    """Keeps each customer's Tally at the head of the log."""

    name = "customers.tallies"
    batch_size = 5_000

    def handle(self, events: list[Event]) -> None:
        tally(events)


@register_reader
class SearchTerms(EventReader):
    """Makes people who came in by absorbing findable. Verbs of staff refresh terms themselves, at once."""

    name = "customers.search_terms"
    event_names = (CUSTOMER_CREATED, IDENTITY_ADDED)
    batch_size = 5_000

    def handle(self, events: list[Event]) -> None:
        # Imported here: the tables of pinyin load in the worker only.
        from guanxi.customers.actions.terms import refresh_terms

        refresh_terms(event.customer_id for event in events)

"""What customers do when something happened anywhere in the product."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from guanxi.core.events import EventReader, register_reader
from guanxi.core.models import Event
from guanxi.customers.actions.forwarding import forward_strays
from guanxi.customers.actions.tallying import tally
from guanxi.customers.events import CUSTOMER_CREATED, IDENTITY_ADDED
from guanxi.customers.setup.defaults import seed
from guanxi.staff.events import MEMBER_JOINED
from guanxi.staff.models import Member


@register_reader
class Tallies(EventReader):
    """Keeps each customer's Tally at the head of the log."""

    name = "customers.tallies"
    batch_size = 5_000

    def start_over(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE customers_tally")

    def handle(self, events: list[Event]) -> None:
        forward_strays(events)
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


@register_reader
class Defaults(EventReader):
    """Gives a new company stages, sources and kinds of relationships, in its founder's language."""

    name = "customers.defaults"
    event_names = (MEMBER_JOINED,)

    def handle(self, events: list[Event]) -> None:
        founders = [event.payload.get("member") for event in events if event.actor_kind == "system"]
        for founder in Member.objects.active().filter(pk__in=[pk for pk in founders if pk]):
            seed(founder.language or settings.LANGUAGE_CODE)

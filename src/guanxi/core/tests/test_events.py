"""The event log: recorded once, read in order, none skipped."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest
from django.db import connection, transaction

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.events import EventReader, NewEvent, NotInTransaction
from guanxi.core.models import Event, ReaderPosition

SYSTEM = Actor.system()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Collector(EventReader):
    name = "tests.collector"
    batch_size = 3

    def __init__(self) -> None:
        self.seen: list[str] = []

    def handle(self, events: list[Event]) -> None:
        self.seen += [event.name for event in events]


@pytest.mark.django_db
class TestRecording:
    def test_an_event_keeps_all_it_was_told(self):
        with transaction.atomic():
            events.record(
                "shop.purchase_made",
                by=Actor("api_key", 7),
                customer=5,
                at=NOON,
                channel="shop",
                amount=Decimal("12.34"),
                currency="CNY",
                payload={"product": "茶"},
                source="api_key:7",
                key="o1",
            )
        told = Event.objects.of_customer(5).get()
        assert (told.name, told.occurred_at, told.channel) == ("shop.purchase_made", NOON, "shop")
        assert (told.amount, told.currency, told.payload) == (Decimal("12.34"), "CNY", {"product": "茶"})
        assert told.by == Actor("api_key", 7)

    def test_the_same_key_of_the_same_source_is_told_once(self):
        first = NewEvent("shop.purchase_made", SYSTEM, 5, NOON, source="till", key="1")
        with transaction.atomic():
            assert events.record_many([first, first]) == 1
            assert events.record_many([first]) == 0
            elsewhere = NewEvent("shop.purchase_made", SYSTEM, 5, NOON, source="web", key="1")
            assert events.record_many([elsewhere]) == 1
        assert Event.objects.count() == 2

    def test_a_change_of_heart_takes_the_event_along(self):
        with transaction.atomic():
            events.record("shop.purchase_made", by=SYSTEM, source="till", key="1")
            transaction.set_rollback(True)
        with transaction.atomic():
            assert events.record("shop.purchase_made", by=SYSTEM, source="till", key="1")

    @pytest.mark.parametrize("year", [1999, 2020, 2026, 2027])
    def test_any_year_has_a_place(self, year):
        with transaction.atomic():
            events.record("shop.purchase_made", by=SYSTEM, customer=1, at=NOON.replace(year=year))
        assert Event.objects.of_customer(1).get().occurred_at.year == year


@pytest.mark.django_db(transaction=True)
class TestOutsideATransaction:
    def test_recording_is_refused(self):
        with pytest.raises(NotInTransaction):
            events.record("shop.purchase_made", by=SYSTEM)


@pytest.mark.django_db(transaction=True)
class TestReading:
    def test_a_reader_is_handed_everything_in_order_and_once(self):
        reader = Collector()
        with transaction.atomic():
            events.record_many([NewEvent(f"shop.n{n}_told", SYSTEM) for n in range(8)])
        assert reader.catch_up() == 8
        assert reader.seen == [f"shop.n{n}_told" for n in range(8)]
        assert reader.read_batch() == 0

    def test_a_transaction_that_commits_late_is_not_skipped(self):
        reader = Collector()
        with _second_connection() as late:
            late.execute(
                "INSERT INTO core_event (customer_id, occurred_at, name, actor_kind) "
                "VALUES (1, now(), 'shop.early_begun', 'system')"
            )
            with transaction.atomic():
                events.record("shop.late_begun", by=SYSTEM)
            assert reader.catch_up() == 0, "an older transaction still runs"
            late.commit()
        assert reader.catch_up() == 2
        assert set(reader.seen) == {"shop.early_begun", "shop.late_begun"}

    def test_a_transaction_of_another_database_holds_nobody_up(self):
        reader = Collector()
        with _second_connection(database="postgres") as elsewhere:
            elsewhere.execute("SELECT pg_current_xact_id()")
            with transaction.atomic():
                events.record("shop.visit_made", by=SYSTEM)
            assert reader.catch_up() == 1

    def test_a_reader_that_fails_keeps_its_place(self):
        class Failing(Collector):
            name = "tests.failing"
            broken = True

            def handle(self, events: list[Event]) -> None:
                super().handle(events)
                if self.broken:
                    raise RuntimeError("no")

        reader = Failing()
        with transaction.atomic():
            events.record("shop.visit_made", by=SYSTEM)
        with pytest.raises(RuntimeError):
            reader.read_batch()
        reader.broken = False
        assert reader.catch_up() == 1
        assert reader.seen == ["shop.visit_made"] * 2

    def test_two_workers_never_read_the_same_batch(self):
        with transaction.atomic():
            events.record_many([NewEvent("shop.visit_made", SYSTEM) for _n in range(30)])
        readers = [Collector(), Collector()]

        def work(reader: Collector) -> None:
            try:
                reader.catch_up()
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(reader,)) for reader in readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        readers[0].catch_up()
        assert sum(len(reader.seen) for reader in readers) == 30

    def test_rewinding_reads_everything_again(self):
        reader = Collector()
        with transaction.atomic():
            events.record_many([NewEvent("shop.visit_made", SYSTEM) for _n in range(4)])
        reader.catch_up()
        position = ReaderPosition.objects.get(name=reader.name)
        assert (position.lag(), position.handled_count) == (0, 4)
        position.rewind()
        assert position.lag() == 4
        assert reader.catch_up() == 4

    def test_a_reader_that_starts_at_the_end_reads_only_what_comes(self):
        class Late(Collector):
            name = "tests.late"
            starts_at_end = True

        with transaction.atomic():
            events.record("shop.visit_made", by=SYSTEM)
        reader = Late()
        assert reader.catch_up() == 0
        with transaction.atomic():
            events.record("shop.purchase_made", by=SYSTEM)
        reader.catch_up()
        assert reader.seen == ["shop.purchase_made"]


def _second_connection(database: str = "") -> psycopg.Connection:
    told = connection.settings_dict
    return psycopg.connect(
        dbname=database or told["NAME"],
        user=told["USER"] or None,
        host=told["HOST"] or None,
        port=told["PORT"] or None,
        password=told["PASSWORD"] or None,
    )

"""A log restored into a younger cluster goes on where it ended."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from guanxi.core import events, schema
from guanxi.core.actors import Actor
from guanxi.core.models import Event
from guanxi.core.tests.test_events import Collector


@pytest.mark.django_db(transaction=True)
def test_events_after_a_restore_stand_behind_those_before_it():
    reader = Collector()
    with transaction.atomic():
        events.record("shop.before_told", by=Actor.system())
    with connection.cursor() as cursor:  # as if another cluster, a billion transactions on, had written the log
        cursor.execute("UPDATE core_event SET log_xid = log_xid + 1000000000")
        cursor.execute("UPDATE core_log_epoch SET system_identifier = 1")
        assert reader.catch_up() == 0
        cursor.execute(schema.RENEW_EPOCH)
    assert reader.catch_up() == 1
    with transaction.atomic():
        events.record("shop.after_told", by=Actor.system())
    assert reader.catch_up() == 1
    assert reader.seen == ["shop.before_told", "shop.after_told"]
    first, second = Event.objects.order_by("id").values_list("log_xid", flat=True)
    assert first < second
    with connection.cursor() as cursor:
        cursor.execute(schema.RENEW_EPOCH)
        assert cursor.rowcount == 0
        cursor.execute("UPDATE core_log_epoch SET xid_offset = 0")

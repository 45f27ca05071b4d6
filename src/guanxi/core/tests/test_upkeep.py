"""The log has room for the coming year and forgets what is older than the company keeps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.events.upkeep import forget_before, make_room
from guanxi.core.models import Event


@pytest.mark.django_db
def test_room_is_made_once():
    made = make_room(at=datetime(2031, 5, 1, tzinfo=UTC))
    assert made == ["core_event_2031q2", "core_event_2031q3", "core_event_2031q4", "core_event_2032q1",
                    "core_event_2032q2"]  # fmt: skip
    assert make_room(at=datetime(2031, 5, 1, tzinfo=UTC)) == []


@pytest.mark.django_db
def test_what_is_older_than_kept_is_forgotten_with_its_keys():
    make_room(at=datetime(2031, 5, 1, tzinfo=UTC))
    days = [datetime(1999, 1, 1, tzinfo=UTC), datetime(2031, 5, 1, tzinfo=UTC), datetime(2031, 8, 1, tzinfo=UTC)]
    with transaction.atomic():
        for day in days:
            events.record("shop.visit_made", by=Actor.system(), customer=1, at=day, source="till", key=str(day))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_event_key SET recorded_at = '2031-05-01'")
    dropped = forget_before(datetime(2031, 7, 1, tzinfo=UTC))
    assert "core_event_2031q2" in dropped
    assert [event.occurred_at for event in Event.objects.of_customer(1)] == [days[2]]
    with transaction.atomic():
        assert events.record("shop.visit_made", by=Actor.system(), customer=1, at=days[2], source="till", key="1")

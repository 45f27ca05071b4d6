"""Readers that add up begin from nothing when the log is read again."""

from __future__ import annotations

import pytest

from guanxi.core import clock
from guanxi.core.events import readers
from guanxi.customers.actions.creating import create_customer
from guanxi.customers.models import Tally
from guanxi.customers.reactions import Tallies
from guanxi.staff.tests.factories import make_administrator


@pytest.mark.django_db(transaction=True)
def test_reading_the_log_again_counts_nothing_twice():
    customer = create_customer(by=make_administrator().actor, at=clock.now(), values={"name": "张三丰"})
    tallies = readers()[Tallies.name]
    tallies.catch_up()
    before = Tally.objects.get(customer=customer).event_count
    assert tallies.rewind()
    assert not Tally.objects.exists()
    tallies.catch_up()
    assert Tally.objects.get(customer=customer).event_count == before == 1

"""Settings → Event readers."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.models import Event, ReaderPosition
from guanxi.staff.events import READER_REWOUND
from guanxi.staff.tests.factories import client_of, make_administrator, make_member

TALLIES = "customers.tallies"


@pytest.fixture
def browser(db: None) -> Client:
    return client_of(make_administrator())


def rewind(browser: Client, name: str = TALLIES):
    return browser.post(f"/settings/readers/{name}/rewinding/")


def test_readers_are_shown_with_their_place_and_their_failure(browser):
    ReaderPosition.objects.create(
        name=TALLIES, handled_count=41, failed_at=clock.now(), failure="Traceback …\nValueError: too much tea"
    )
    page = browser.get("/settings/readers/").content.decode()
    assert TALLIES in page
    assert "ValueError: too much tea" in page
    assert "Has not started" in page


def test_a_reader_that_has_not_started_is_not_rewound(browser):
    assert rewind(browser).status_code == 302
    assert not Event.objects.filter(name=READER_REWOUND).exists()
    assert rewind(browser, "nobody").status_code == 404


def test_rewinding_begins_at_the_beginning_and_is_on_record(browser):
    ReaderPosition.objects.create(name=TALLIES, handled_count=41, log_xid=7, event_id=9)
    assert rewind(browser).status_code == 302
    position = ReaderPosition.objects.get(name=TALLIES)
    assert (position.handled_count, position.log_xid, position.event_id) == (0, 0, 0)
    assert Event.objects.get(name=READER_REWOUND).payload == {"reader": TALLIES}


def test_whoever_may_not_administer_events_may_not_rewind(db):
    assert rewind(client_of(make_member(permissions={"events": ["see", "edit"]}))).status_code == 403
    assert rewind(Client()).url.startswith("/accounts/login/")

"""A process killed in the middle of a merge leaves nothing half-written."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading

import psycopg
import pytest
from django.db import connection

from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.tests.cast import EVENING, NOON, every_row, happened, make_member, zhang
from guanxi.customers.models import Customer, FollowUp, Merge, Note, Tally

MERGE = """
import django, sys
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[3]
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[3]
from datetime import datetime, UTC
from guanxi.core.actors import Actor
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.models import Customer
survivor, absorbed = (Customer.objects.get(pk=int(pk)) for pk in sys.argv[1:3])
merge_customers(survivor, [absorbed], by=Actor.system(), at=datetime.now(UTC))
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_merge_killed_half_way_has_done_nothing():
    mei = make_member()
    survivor, absorbed = zhang()
    Note.objects.create(customer=absorbed, text="Prefers calls", created_at=NOON)
    FollowUp.objects.create(customer=absorbed, assignee=mei, text="Send tea", due_at=EVENING, created_at=NOON)
    Tally.objects.create(customer=absorbed, event_count=1)
    happened(absorbed)
    before = every_row()
    with psycopg.connect(**connection.get_connection_params()) as other:
        # Identities, notes and events have moved when the merge comes to the tallies, which are held here.
        other.execute("SELECT FROM customers_tally FOR UPDATE")
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                textwrap.dedent(MERGE),
                str(survivor.pk),
                str(absorbed.pk),
                connection.settings_dict["NAME"],
            ]
        )
        wait_until_somebody_waits(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        other.rollback()
    assert every_row() == before
    assert not Merge.objects.exists()
    merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    assert Customer.objects.present().count() == 1


def wait_until_somebody_waits(process: subprocess.Popen) -> None:
    pause = threading.Event()
    for _try in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        assert process.poll() is None, "the merge ended before it could be killed"
        pause.wait(0.05)
    raise AssertionError("the merge never reached the tallies")

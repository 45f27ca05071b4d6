"""An import whose process is killed in the middle goes on where it stood: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Sum

from guanxi.core.models import Event
from guanxi.customers.imports import jobs, landing, starting, undoing
from guanxi.customers.imports.tests.conftest import NOW
from guanxi.customers.models import Customer, Identity, Import

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

ROWS = 6_000
LAND = """
import sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from guanxi.core import clock
from guanxi.customers.imports import landing
landing.run(int(sys.argv[2]), clock=clock.now, batch_rows=50, tick=lambda done, total: print(done, flush=True))
"""


def begun(text: str, name: str, member) -> Import:
    imported = starting.receive(ContentFile(text.encode()), name=name, member=member)
    starting.begin(imported, at=NOW)
    return imported


def killed_at(imported: Import, batches: int, media: Path) -> None:
    """Land it in a process of its own and kill that without warning once it has told of so many batches."""
    environment = {**os.environ, "GUANXI_HOME": str(media.parent), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", LAND, connection.settings_dict["NAME"], str(imported.pk)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    for _batch in range(batches):
        if not process.stdout.readline():
            pytest.fail(process.stderr.read())
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while landing.is_at_work(imported.pk):  # until the server has noticed that the connection is gone
        assert time.monotonic() < deadline


def test_customers_after_kill_9(wang, settings):
    text = "姓名,手机,城市\n" + "".join(f"客户{n},138{n:08d},上海\n" for n in range(ROWS))
    imported = begun(text, "customers.csv", wang)
    killed_at(imported, 3, settings.MEDIA_ROOT)
    imported.refresh_from_db()
    assert 150 <= imported.rows_done < ROWS
    assert imported.created_count == Customer.objects.count() == imported.rows_done

    landed = landing.run(imported.pk, clock=lambda: NOW)

    assert (landed.state, landed.rows_done, landed.created_count) == ("finished", ROWS, ROWS)
    assert Customer.objects.count() == Identity.objects.count() == ROWS
    assert Event.objects.filter(name="customers.customer_created").count() == ROWS


def test_purchases_after_kill_9(wang, settings):
    lines = "".join(f"{n // 4},2024-01-{n % 28 + 1:02d},{n % 97},0.01,{n % 50 or ''}\n" for n in range(ROWS))
    imported = begun("InvoiceNo,InvoiceDate,Quantity,UnitPrice,CustomerID\n" + lines, "orders.csv", wang)
    killed_at(imported, 3, settings.MEDIA_ROOT)
    assert Event.objects.filter(name="shop.purchase_made").count() < ROWS

    landed = landing.run(imported.pk, clock=lambda: NOW)

    total = sum((Decimal(n % 97) / 100 for n in range(ROWS)), Decimal(0))
    assert (landed.event_count, landed.repeated_count, landed.amount_total) == (ROWS, 0, total)
    told = Event.objects.filter(name="shop.purchase_made")
    assert (told.count(), told.aggregate(total=Sum("amount"))["total"]) == (ROWS, total)
    assert Customer.objects.count() == 49


def test_what_was_left_behind_is_taken_up_by_the_clock(wang, settings, monkeypatch):
    imported = begun("姓名,手机\n张三,13800138000\n", "customers.csv", wang)
    deferred: list[int] = []
    monkeypatch.setattr(jobs, "defer", lambda name, **told: deferred.append(told["import_id"]))

    with landing.only_here(imported.pk):
        assert landing.is_at_work(imported.pk) is False, "a connection does not keep itself out"
    jobs.take_up_imports(0)
    assert deferred == [imported.pk]

    landing.run(imported.pk, clock=lambda: NOW)
    jobs.take_up_imports(0)
    assert deferred == [imported.pk], "what is over is left alone"


def test_a_second_run_of_what_is_over_does_nothing(wang, settings):
    imported = begun("姓名,手机\n张三,13800138000\n", "customers.csv", wang)
    landing.run(imported.pk, clock=lambda: NOW)
    landing.run(imported.pk, clock=lambda: NOW)

    assert Customer.objects.count() == 1
    assert Event.objects.filter(name="customers.import_finished").count() == 1


def test_cancelling_stops_between_batches_and_what_landed_can_be_undone(wang, settings):
    text = "姓名,手机\n" + "".join(f"客户{n},138{n:08d}\n" for n in range(30))
    imported = begun(text, "customers.csv", wang)
    stop = landing.run(
        imported.pk, clock=lambda: NOW, batch_rows=10, tick=lambda done, _all: starting.cancel(imported, at=NOW)
    )

    assert (stop.state, stop.created_count) == ("cancelled", 10)
    undoing.begin_undo(stop, by=wang, at=NOW)
    undoing.run(stop.pk, clock=lambda: NOW)
    assert Customer.objects.count() == 0

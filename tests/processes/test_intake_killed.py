"""Events that were acknowledged are there, once, whatever was killed meanwhile."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from guanxi.core.postgres import Cluster
from tests.conftest import Product, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

TELLERS = 6
EACH = 150
PER_REQUEST = 5


class Teller(threading.Thread):
    """Tells its events in order, each request again and again until it is acknowledged."""

    def __init__(self, product: Product, token: str, number: int) -> None:
        super().__init__()
        self.product, self.token, self.number = product, token, number
        self.told = 0

    def run(self) -> None:
        for start in range(0, EACH, PER_REQUEST):
            body = json.dumps([self._event(place) for place in range(start, start + PER_REQUEST)])
            wait_until(lambda body=body: self._post(body))
            self.told += PER_REQUEST

    def _event(self, place: int) -> dict[str, object]:
        person = (self.number * 37 + place) % 90  # tellers meet the same people at the same time
        return {
            "who": {"external": {"namespace": "till", "value": str(person)}, "phone": f"+86138{person:08d}"},
            "name": "shop.purchase_made",
            "amount": "10.00",
            "key": f"{self.number}-{place}",
        }

    def _post(self, body: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {self.token}"}
            connection.request("POST", "/v1/events", body.encode(), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def test_no_acknowledged_event_is_lost_or_doubled(product: Product) -> None:
    address = Cluster(product.home).address
    _empty(address)
    token = _token(product.home, address)
    tellers = [Teller(product, token, number) for number in range(TELLERS)]
    for teller in tellers:
        teller.start()
    for share, victim in ((0.1, "web"), (0.3, "postgres"), (0.5, "web"), (0.7, "worker"), (0.8, "postgres")):
        wait_until(lambda share=share: sum(teller.told for teller in tellers) >= share * TELLERS * EACH)
        _kill(product, victim)
    for teller in tellers:
        teller.join()
    with psycopg.connect(address) as connection:
        told = connection.execute(
            "SELECT count(*), count(DISTINCT source_key), sum(amount) FROM core_event WHERE name = 'shop.purchase_made'"
        ).fetchone()
        people = connection.execute("SELECT count(*) FROM customers_customer").fetchone()
        wait_until(lambda: _tallied(connection) == TELLERS * EACH)
    assert told == (TELLERS * EACH, TELLERS * EACH, TELLERS * EACH * 10)
    assert people == (90,)


def _empty(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("TRUNCATE core_event, core_event_key, customers_customer CASCADE")


def _token(home: Path, address: str) -> str:
    environment = os.environ | {
        "GUANXI_HOME": str(home),
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "guanxi.config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-m", "tests.processes.make_key"], env=environment, capture_output=True, text=True, check=True
    )
    return made.stdout.split()[-1]


def _kill(product: Product, victim: str) -> None:
    if victim == "postgres":
        found = [p for p in product.parts("bin/postgres") if "keeper.py" not in " ".join(p.cmdline())]
    else:
        found = product.parts(f"guanxi.config.cli {victim}")
    for process in found:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def _tallied(connection: psycopg.Connection) -> int:
    """Purchases that the tallies' reader has counted, exactly once each if it ends at the right number."""
    row = connection.execute("SELECT coalesce(sum(purchase_count), 0) FROM customers_tally").fetchone()
    connection.rollback()
    return int(row[0]) if row else 0

"""Imports of whole real files: seconds, memory, and every total reconciled against what is known of the files.

The files are those of `GUANXI_DATA` (../shared/data); nothing is measured where they are not. Each import is a process
of its own against a database of its own, as `guanxi import` is.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import psycopg

DATA = Path(os.environ.get("GUANXI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MOST_SECONDS, MOST_MB = 60.0, 500.0
SOLD = "name IN ('shop.purchase_made', 'shop.refund_made')"
CLEANED = """
SELECT count(*), count(DISTINCT customer_id), sum(amount)
FROM core_event WHERE name = 'shop.purchase_made' AND customer_id <> 0 AND amount > 0
"""


class Bench:
    """Runs imports and keeps what was expected of them and did not come true."""

    def __init__(self, database: str, home: Path) -> None:
        self.database, self.home = database, home
        self.misses: list[str] = []

    def land(self, name: str, *options: str) -> tuple[float, float]:
        """Import one file; returns seconds and the process's peak in MB."""
        refused = self.home / "refused.csv"
        command = [sys.executable, "-m", "guanxi.config.cli", "import", str(DATA / name), "--refusals", str(refused)]
        environment = {**os.environ, "DATABASE_URL": self.database, "GUANXI_HOME": str(self.home)}
        begun = time.monotonic()
        with (self.home / "said.log").open("w") as said:
            process = psutil.Popen([*command, *options], env=environment, stdout=said, stderr=said)
        peak = 0.0
        while process.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss / 1e6)
            except psutil.Error:
                break
            time.sleep(0.05)
        status = process.wait()
        if status not in (0, 3):  # 3: some rows were refused, with their reasons
            self.misses.append(f"{name}: status {status}\n{(self.home / 'said.log').read_text()}")
        return time.monotonic() - begun, peak

    def ask(self, query: str, *values: Any) -> tuple[Any, ...]:
        with psycopg.connect(self.database) as database:
            row = database.execute(query, values).fetchone()
        return row or ()

    def expect(self, what: str, found: object, wanted: object) -> None:
        print(f"  {'=' if found == wanted else '≠'} {what}: {found}" + ("" if found == wanted else f", not {wanted}"))
        if found != wanted:
            self.misses.append(what)


def main() -> int:
    if not DATA.is_dir():
        print(f"There are no files at {DATA}; set GUANXI_DATA to where they are.")
        return 0
    with _database() as (database, home):
        bench = Bench(database, home)
        slow = online_retail(bench)
        for other in (cdnow, telco, zoho, cards, phones):
            other(bench)
    for miss in bench.misses:
        print(f"MISSED: {miss}")
    return int(bool(bench.misses) or slow)


def online_retail(bench: Bench) -> bool:
    """541,909 lines: within a minute and half a gigabyte, and the published figures by a query over the log."""
    seconds, peak = bench.land(
        "transactions/online_retail.csv.gz", "--currency", "GBP", "--country", "GB", "--time-zone", "Europe/London"
    )
    rows = bench.ask(f"SELECT count(*), sum(amount) FROM core_event WHERE {SOLD}")
    print(
        f"Online Retail: {seconds:.1f} s ({seconds / MOST_SECONDS:.2f} of the bound), {rows[0] / seconds:,.0f} lines/s"
    )
    print(f"  peak of the process {peak:.0f} MB ({peak / MOST_MB:.2f} of the bound)")
    lines = _lines("transactions/online_retail.csv.gz")
    total = sum((Decimal(line["Quantity"]) * Decimal(line["UnitPrice"]) for line in lines), Decimal(0))
    bench.expect("lines", rows[0], len(lines))
    bench.expect("total", rows[1], total)
    nobody = bench.ask(f"SELECT count(*) FROM core_event WHERE {SOLD} AND customer_id = 0")[0]
    bench.expect("lines without a customer", nobody, sum(not line["CustomerID"] for line in lines))
    bench.expect("the cleaned reference", bench.ask(CLEANED), (397_884, 4_338, Decimal("8911407.9040")))
    return seconds > MOST_SECONDS or peak > MOST_MB


def cdnow(bench: Bench) -> None:
    before = bench.ask(f"SELECT count(*), sum(amount) FROM core_event WHERE {SOLD}")
    seconds, _peak = bench.land("transactions/CDNOW_sample.txt.gz", "--currency", "USD", "--origin", "cdnow")
    after = bench.ask(f"SELECT count(*), sum(amount) FROM core_event WHERE {SOLD}")
    lines = [line.split() for line in _text("transactions/CDNOW_sample.txt.gz").splitlines() if line.strip()]
    print(f"CDNOW: {seconds:.1f} s")
    bench.expect("lines", after[0] - before[0], len(lines))
    bench.expect("total", after[1] - before[1], sum((Decimal(line[4]) for line in lines), Decimal(0)))
    found = bench.ask(
        "SELECT count(DISTINCT customer_id) FROM core_event WHERE source = 'import:cdnow' AND amount >= 0"
    )
    bench.expect("customers", found[0], len({line[0] for line in lines}))


def telco(bench: Bench) -> None:
    before = bench.ask("SELECT count(*) FROM customers_customer")[0]
    seconds, _peak = bench.land("churn/Telco-Customer-Churn.csv.gz")
    lines = _lines("churn/Telco-Customer-Churn.csv.gz")
    print(f"Telco: {seconds:.1f} s")
    bench.expect("customers", bench.ask("SELECT count(*) FROM customers_customer")[0] - before, len(lines))
    key = str(bench.ask("SELECT id FROM customers_field WHERE name = 'TotalCharges'")[0])
    told = bench.ask(
        "SELECT count(*), sum((fields ->> %s)::numeric) FROM customers_customer WHERE fields ? %s", key, key
    )
    charges = [Decimal(line["TotalCharges"]) for line in lines if line["TotalCharges"].strip()]
    bench.expect("total charges told", told[0], len(charges))
    bench.expect("their sum", told[1], sum(charges, Decimal(0)))


def zoho(bench: Bench) -> None:
    for name in ("Accounts", "Contacts", "Leads"):
        seconds, _peak = bench.land(f"crm/zoho/{name}.csv.gz", "--country", "US")
        namespace = {"Accounts": "account", "Contacts": "contact", "Leads": "lead"}[name]
        count = bench.ask(
            "SELECT count(*) FROM customers_identity WHERE kind = 'external' AND namespace = %s", namespace
        )
        print(f"Zoho {name}: {seconds:.1f} s")
        bench.expect(f"{namespace}s", count[0], len(_lines(f"crm/zoho/{name}.csv.gz")))
    linked = bench.ask(
        """
        SELECT count(*)
        FROM customers_relationship AS link
        JOIN customers_relationshipkind AS kind ON kind.id = link.kind_id AND kind.slug = 'works_at'
        JOIN customers_identity AS account ON account.customer_id = link.other_id AND account.namespace = 'account'
        """
    )
    bench.expect("contacts linked to their accounts", linked[0], len(_lines("crm/zoho/Contacts.csv.gz")))


def cards(bench: Bench) -> None:
    taken = 0
    paths = sorted((DATA / "contacts" / "vcards").glob("*.vcf"))
    for path in paths:
        bench.land(f"contacts/vcards/{path.name}", "--country", "US")
        taken += bench.ask("SELECT state = 'finished' AND refused_count = 0 FROM customers_import ORDER BY id DESC")[0]
    print("vCards")
    bench.expect("files taken whole", taken, len(paths))


def phones(bench: Bench) -> None:
    seconds, _peak = bench.land(
        "phones/libphonenumber_examples.csv.gz", "--map", "national=phone", "--map", "region=country"
    )
    lines = _lines("phones/libphonenumber_examples.csv.gz")
    valid = {line["e164"] for line in lines if line["is_valid"] == "1"}
    found = bench.ask("SELECT count(*) FROM customers_identity WHERE kind = 'phone' AND value = ANY (%s)", list(valid))
    refused = bench.ask("SELECT refused_count FROM customers_import ORDER BY id DESC")
    print(f"Phones of 245 regions: {seconds:.1f} s")
    bench.expect("valid numbers, equal in E.164", found[0], len(valid))
    bench.expect("invalid ones refused", refused[0], sum(line["is_valid"] == "0" for line in lines))


@contextmanager
def _database() -> Iterator[tuple[str, Path]]:
    """A migrated database of the bench's own, gone afterwards."""
    from guanxi.core.postgres.cluster import Cluster

    with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        cluster = Cluster(home / "database")
        lease = cluster.acquire()
        try:
            environment = {**os.environ, "DATABASE_URL": cluster.address, "GUANXI_HOME": folder}
            subprocess.run(
                [sys.executable, "-m", "guanxi.config.cli", "migrate"],
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            yield cluster.address, home
        finally:
            lease.release()


def _text(name: str) -> str:
    return gzip.decompress((DATA / name).read_bytes()).decode("utf-8-sig")


def _lines(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(name))))


if __name__ == "__main__":
    sys.exit(main())

"""The duplicate finder: how right on published data, how fast and how large on a million customers.

    python bench/duplicates.py                      the published data, and a million in a database of their own
    python bench/duplicates.py --customers 100000   fewer

FEBRL 1, 2 and 4 and fake_1000 are read from GUANXI_DATA (default ../shared/data) and left out when they are not there.
One configuration and one threshold serve all of them. The million is made up by numbers alone, the same each time.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import psutil

from bench.people import Truth, base

if TYPE_CHECKING:
    import psycopg

DATA = Path(os.environ.get("GUANXI_DATA", "../shared/data")) / "people"
LEAST_F1, LONGEST_SECONDS, MOST_MB = 0.99, 60.0, 2_500.0


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--only", choices=["quality", "speed"])
    arguments = asked.parse_args()
    failed = False
    if arguments.only != "speed":
        failed |= quality()
    if arguments.only != "quality":
        failed |= speed(arguments.customers)
    return int(failed)


def quality() -> bool:
    if not DATA.is_dir():
        print(f"no data in {DATA}: quality left out")
        return False
    from guanxi.customers.duplicates.finding import find_pairs

    failed = False
    sets: list[tuple[str, Callable[[], tuple[pl.DataFrame, Truth, Truth | None]], float]] = [
        ("FEBRL 1", lambda: febrl("febrl_1"), LEAST_F1),
        ("FEBRL 2", lambda: febrl("febrl_2"), LEAST_F1),
        ("FEBRL 4", lambda: febrl("febrl_4a", "febrl_4b"), LEAST_F1),
        ("fake_1000, by cluster", fake_by_cluster, 0.0),
        ("fake_1000, clerical labels", fake_by_labels, 0.0),
    ]
    for name, read, least in sets:
        frame, truth, judged = read()
        got = {(pair.first, pair.second) for pair in find_pairs(frame)}
        if judged is not None:
            got &= judged
        right = len(got & truth)
        f1 = 2 * right / (len(got) + len(truth))
        failed |= f1 < least
        print(
            f"{name:<28} F1 {f1:.4f}   precision {right / max(len(got), 1):.4f}   recall {right / len(truth):.4f}"
            + (f"   bound {least}" if least else "")
        )
    return failed


def table(name: str) -> pl.DataFrame:
    frame = pl.read_csv(gzip.decompress((DATA / f"{name}.csv.gz").read_bytes()), infer_schema=False)
    return frame.rename({column: column.strip() for column in frame.columns}).with_columns(pl.all().str.strip_chars())


def febrl(*names: str) -> tuple[pl.DataFrame, Truth, Truth | None]:
    """The columns of a customer; the social security number is one of the company's own fields."""
    raw = pl.concat([table(name) for name in names])
    frame = raw.select(
        id=pl.int_range(pl.len()),
        name=pl.concat_str("given_name", "surname", separator=" ").str.strip_chars(),
        birth_date=pl.col("date_of_birth").str.to_date("%Y%m%d", strict=False),
        address=pl.concat_str("street_number", "address_1", "address_2", separator=" "),
        city="suburb",
        postcode="postcode",
        **{"field:1": pl.col("soc_sec_id")},
    )
    return frame, pairs_within(raw["rec_id"].str.extract(r"rec-(\d+)-").to_list()), None


def fake() -> tuple[pl.DataFrame, pl.DataFrame]:
    raw = table("fake_1000")
    blank = [pl.col(name).fill_null("") for name in ("first_name", "surname")]
    frame = raw.select(
        id=pl.int_range(pl.len()),
        name=pl.concat_str(*blank, separator=" ").str.strip_chars(),
        birth_date=pl.col("dob").str.to_date(strict=False),
        city="city",
        email="email",
    )
    return frame, raw


def fake_by_cluster() -> tuple[pl.DataFrame, Truth, Truth | None]:
    frame, raw = fake()
    return frame, pairs_within(raw["cluster"].to_list()), None


def fake_by_labels() -> tuple[pl.DataFrame, Truth, Truth | None]:
    """Only the pairs that a clerk has judged count."""
    frame, raw = fake()
    place = {unique: number for number, unique in enumerate(raw["unique_id"].to_list())}
    judged, truth = set(), set()
    for row in table("fake_1000_labels").rows(named=True):
        one, other = sorted((place[row["unique_id_l"]], place[row["unique_id_r"]]))
        judged.add((one, other))
        if float(row["clerical_match_score"]) >= 0.5:
            truth.add((one, other))
    return frame, truth, judged


def pairs_within(keys: list[str]) -> Truth:
    groups: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        groups.setdefault(key, []).append(number)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def speed(count: int) -> bool:
    """A scan as the worker does it: read from the database, find, write the pairs."""
    with database() as url:
        os.environ["DATABASE_URL"] = url
        prepare()
        truth = fill(count)
        from django.utils import timezone

        from guanxi.core.models import Progress
        from guanxi.customers.duplicates.scanning import SCAN_JOB, scan
        from guanxi.customers.models import DuplicatePair

        progress = Progress.objects.create(kind=SCAN_JOB, title="bench")
        began, busy = time.perf_counter(), time.process_time()
        with Peak() as peak:
            scan(progress, clock=timezone.now)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        got = set(DuplicatePair.objects.values_list("customer_id", "other_id"))
        right = len(got & truth)
    print(f"{count:,} customers, {len(got):,} pairs kept, {right / max(len(got), 1):.4f} of them right, "
          f"{right / len(truth):.4f} of all found")  # fmt: skip
    print(f"scan, seconds {seconds:20.1f}   bound {LONGEST_SECONDS:6.1f}   ({busy:.1f} s of processor time)")
    print(f"scan, MB at most {peak.megabytes:17.0f}   bound {MOST_MB:6.1f}")
    return seconds > LONGEST_SECONDS or peak.megabytes > MOST_MB


class Peak:
    """The greatest resident size of this process meanwhile."""

    def __enter__(self) -> Peak:
        self.megabytes, self._over = 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self) -> None:
        process = psutil.Process()
        while not self._over.wait(0.1):
            self.megabytes = max(self.megabytes, process.memory_info().rss / 1e6)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()


class database:  # noqa: N801 - reads as what it is
    """An embedded server in a temporary folder, gone afterwards."""

    def __enter__(self) -> str:
        from guanxi.core.postgres import Cluster

        self.home = Path(tempfile.mkdtemp(prefix="guanxi-bench-"))
        self.home.chmod(0o711)
        os.environ.setdefault("GUANXI_HOME", str(self.home))
        cluster = Cluster(self.home / "database", forgetful=True, remove=self.home)
        self.lease = cluster.acquire()
        return cluster.address

    def __exit__(self, *_: object) -> None:
        from django.db import connections

        connections.close_all()
        self.lease.release()


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def fill(count: int) -> Truth:
    from django.db import connection

    people, truth = base(count)
    now = "2026-03-08T12:00:00Z"
    customers = people.select(
        "id", kind=pl.lit("person"), name="name", birth_date="birth_date", city="city", postcode="postcode",
        address="address",
    ).with_columns(pl.col("city", "postcode", "address").fill_null(""))  # fmt: skip
    blank = ("gender", "title", "company_name", "language", "country", "region", "description")
    customers = customers.with_columns(
        *(pl.lit("").alias(name) for name in blank), fields=pl.lit("{}"), version=1,
        created_at=pl.lit(now), updated_at=pl.lit(now),
    )  # fmt: skip
    identities = people.select(pl.col("id").alias("customer_id"), "phone", "email").unpivot(
        index="customer_id", variable_name="kind", value_name="value"
    )
    identities = identities.drop_nulls().unique(["kind", "value"], keep="first", maintain_order=True)
    identities = identities.with_columns(namespace=pl.lit(""), is_primary=pl.lit("t"))
    connection.ensure_connection()
    for name, rows in (("customers_customer", customers), ("customers_identity", identities)):
        copy_in(connection.connection, name, rows)
    return truth


def copy_in(connection: psycopg.Connection[Any], name: str, rows: pl.DataFrame) -> None:
    columns = ", ".join(rows.columns)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {name} ({columns}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({texts(rows)}))") as copy:
            for part in rows.iter_slices(50_000):
                copy.write(part.write_csv(include_header=False, quote_style="necessary"))
        cursor.execute(f"ANALYZE {name}")


def texts(rows: pl.DataFrame) -> str:
    return ", ".join(name for name, kind in rows.schema.items() if kind == pl.String)


if __name__ == "__main__":
    sys.exit(main())

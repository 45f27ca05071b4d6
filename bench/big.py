"""A big base made by SQL alone: a million customers and ten million events in a database of its own.

    python bench/big.py --database guanxi_big --customers 1000000 --events 10000000

`DATABASE_URL` names the server; the database is created there when it is missing and migrated. Distributions
are those of a real shop: few cities and owners have most customers, old customers have lapsed, a small part of
the customers does most of the buying, and the newest ids are the newest customers, so that a filter that goes
with time goes with the id. The same numbers give the same base.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SQL = Path(__file__).resolve().parent / "big"
PARTS = ["customers", "identities", "tags", "events", "tallies", "terms", "follow_ups"]
TABLES = {
    "customers": ["customers_customer"],
    "identities": ["customers_identity"],
    "tags": ["customers_customertag"],
    "events": ["core_event"],
    "tallies": ["customers_tally"],
    "terms": ["customers_searchterm"],
    "follow_ups": ["customers_followup", "customers_collaborator"],
}


def pool_of_names(count: int, seed: int = 7) -> list[tuple[int, str, str, list[str]]]:
    """(number, kind, name, search terms): one in six is Latin, one in twenty-five a company."""
    from guanxi.kit.names import search_terms

    lines = (line.partition(" ") for line in (SQL / "words.txt").read_text(encoding="utf-8").splitlines())
    words = {kind: (rest.split() if " " in rest else list(rest)) for kind, _space, rest in lines}
    draw = random.Random(seed)
    pool = []

    def pick(kind: str) -> str:
        return draw.choice(words[kind])

    for number in range(count):
        kind = "company" if number % 25 == 0 else "person"
        if kind == "company":
            name = f"{pick('places')}{pick('given')}{pick('given')}{pick('trades')}有限公司"
        elif number % 6 == 1:
            name = f"{pick('first')} {pick('last')}"
        else:
            name = pick("surnames") + "".join(pick("given") for _ in range(draw.choice((1, 2, 2))))
        pool.append((number, kind, name, sorted(search_terms(name))))
    return pool


def address(database: str) -> str:
    """DATABASE_URL, naming another database on the same server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def make_database(database: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database)))
    os.environ["DATABASE_URL"] = address(database)
    import django
    from django.core.management import call_command

    django.setup()
    from django.db import connection as database_connection

    with database_connection.cursor() as cursor:
        for extension in ("pg_trgm", "btree_gin"):
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    call_command("migrate", verbosity=0, interactive=False)


class Base:
    """The connection that fills the base, and how it takes the indexes of a table away while it is filled."""

    def __init__(self, url: str, customers: int, events: int) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.numbers = {"customers": customers, "events": events}
        for setting in (
            "synchronous_commit = off",
            "session_replication_role = replica",
            "maintenance_work_mem = '1GB'",
            "work_mem = '256MB'",
            "jit = off",
        ):
            self.connection.execute(f"SET {setting}")

    def prepare(self) -> None:
        self.connection.execute("DROP TABLE IF EXISTS big_name")
        self.connection.execute("CREATE TABLE big_name (number int PRIMARY KEY, kind text, name text, terms text[])")
        with self.connection.cursor() as cursor, cursor.copy("COPY big_name FROM STDIN") as copy:
            for row in pool_of_names(30_000):
                copy.write_row(row)
        self.run("vocabulary")

    def is_whole(self) -> bool:
        """Whether a base of this size was made here before."""
        said = self.connection.execute(
            "SELECT obj_description(to_regclass('big_name'), 'pg_class') = %s", [str(self.numbers)]
        ).fetchone()
        return bool(said and said[0])

    def mark_whole(self) -> None:
        self.connection.execute(sql.SQL("COMMENT ON TABLE big_name IS {}").format(sql.Literal(str(self.numbers))))

    def run(self, part: str) -> None:
        text = (SQL / f"{part}.sql").read_text(encoding="utf-8")
        for name, number in self.numbers.items():
            text = text.replace(f":{name}", str(int(number)))
        self.connection.execute("SELECT setseed(0.42)")
        self.connection.execute(text)

    def fill(self, part: str) -> None:
        """Run one part with the indexes and keys of its tables taken away, and bring them back."""
        started = time.perf_counter()
        lost = [drop for table in TABLES[part] if table != "core_event" for drop in self._take_indexes(table)]
        self.run(part)
        filled = time.perf_counter() - started
        for statement in lost:
            self.connection.execute(statement)
        for table in TABLES[part]:
            self.connection.execute(f"VACUUM (ANALYZE) {table}")
        print(f"{part:12} {filled:6.1f} s filled, {time.perf_counter() - started:6.1f} s with indexes", flush=True)

    def _take_indexes(self, table: str) -> list[str]:
        keys = self.connection.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('p', 'u') AND conindid NOT IN"
            " (SELECT conindid FROM pg_constraint WHERE contype = 'f')",
            [table],
        ).fetchall()
        named = {name for name, _ in keys}
        indexes = self.connection.execute(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = %s::regclass AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)",
            [table],
        ).fetchall()
        for name, _ in keys:
            self.connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            if name not in named:
                self.connection.execute(f'DROP INDEX IF EXISTS "{name}"')
        added = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for name, definition in keys]
        return added + [definition for name, definition in indexes if name not in named]


def index_fields() -> None:
    """The indexes of the company's own fields, by the verb that the product uses."""
    from guanxi.customers.listing.own_indexes import bring_index_in_line
    from guanxi.customers.models import Field

    started = time.perf_counter()
    for field in Field.objects.all():
        bring_index_in_line(field)
    print(f"own fields   {time.perf_counter() - started:6.1f} s indexed", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="guanxi_big")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    started = time.perf_counter()
    make_database(asked.database)
    base = Base(os.environ["DATABASE_URL"], asked.customers, asked.events)
    if asked.only == PARTS and base.is_whole():
        print(f"made before: DATABASE_URL={address(asked.database)}")
        return
    if "customers" in asked.only:
        base.prepare()
    for part in asked.only:
        base.fill(part)
    index_fields()
    base.mark_whole()
    print(f"whole base in {time.perf_counter() - started:.0f} s: DATABASE_URL={address(asked.database)}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    main()

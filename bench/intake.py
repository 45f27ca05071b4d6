"""How fast facts are taken in: in process, over HTTP in bulk, and one durable request at a time.

    python -m bench.intake [absorb] [bulk] [single]

Each figure is printed beside a reference of the same run. `absorb` is held against a bare COPY of the same rows into
the same tables (the log, and the table of keys that makes it idempotent).
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from bench.product import Product, django_ready

ABSORB_EVENTS = 1_000_000
BULK_EVENTS = 200_000
BATCH = 1_000
CLIENTS = 32
SINGLE_SECONDS = 20
YEAR = 365 * 86_400
START = datetime(2026, 1, 1, tzinfo=UTC)


def main(wanted: list[str]) -> None:
    chosen = wanted or ["absorb", "bulk", "single"]
    with Product(web_only=True) as product:
        if "absorb" in chosen:
            absorb_against_copy(product)
        if "bulk" in chosen:
            asyncio.run(bulk_over_http(product))
        if "single" in chosen:
            asyncio.run(singles_over_http(product))


def people(count: int, seed: int) -> list[int]:
    """Who each of `count` events is about: a fifth are people not met before, the rest anyone met so far."""
    chance = random.Random(seed)
    met = 0
    chosen: list[int] = []
    for _event in range(count):
        if met == 0 or chance.random() < 0.2:
            met += 1
            chosen.append(met)
        else:
            chosen.append(chance.randint(1, met))
    return chosen


def absorb_against_copy(product: Product) -> None:
    """Absorb a million facts in batches of a thousand, then COPY what came of it back into the same tables."""
    django_ready(product)
    from guanxi.core.actors import Actor
    from guanxi.customers.actions.absorb import Fact, absorb
    from guanxi.customers.actions.identities import IdentityRef

    chance = random.Random(2)
    facts = [
        Fact(
            (IdentityRef("external", f"c{person:07d}", "bench"),),
            "shop.purchase_made",
            START + timedelta(seconds=chance.randrange(YEAR // 2)),
            Decimal("12.50"),
            "CNY",
            "shop",
            {"product": f"P{place % 500}", "quantity": 2},
            f"o{place}",
        )
        for place, person in enumerate(people(ABSORB_EVENTS, seed=1))
    ]
    now = datetime.now(tz=UTC)
    started = time.perf_counter()
    for at in range(0, len(facts), BATCH):
        absorb(facts[at : at + BATCH], by=Actor.system(), source="bench", now=now)
    absorbed = ABSORB_EVENTS / (time.perf_counter() - started)
    copied = _copy_again()
    ratio = absorbed / copied
    print(f"absorb, batches of {BATCH}: {absorbed:,.0f} events/s; COPY {copied:,.0f} rows/s; ratio {ratio:.2f}")


def _copy_again() -> float:
    """Rows a second when the absorbed events and their keys are copied, a thousand to a transaction."""
    from django.db import connection, transaction

    seconds = 0.0
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_copy AS SELECT * FROM core_event WHERE name = 'shop.purchase_made' ORDER BY id"
        )
        cursor.execute("TRUNCATE core_event, core_event_key")
        cursor.execute("SELECT min(id), max(id) FROM bench_copy")
        lowest, highest = cursor.fetchone()
        cursor.execute("CREATE INDEX ON bench_copy (id)")
        for at in range(lowest, highest + 1, BATCH):
            part = f"(SELECT * FROM bench_copy WHERE id >= {at} AND id < {at + BATCH})"
            keys = f"(SELECT md5(source || source_key)::uuid FROM bench_copy WHERE id >= {at} AND id < {at + BATCH})"
            events = _copied_out(cursor, part)
            names = _copied_out(cursor, keys)
            started = time.perf_counter()
            with transaction.atomic():
                _copy_in(cursor, "core_event", events)
                _copy_in(cursor, "core_event_key (key)", names)
            seconds += time.perf_counter() - started
            count += events.count(b"\n")
        cursor.execute("DROP TABLE bench_copy")
    return count / seconds


def _copied_out(cursor: Any, query: str) -> bytes:
    with cursor.copy(f"COPY {query} TO STDOUT") as copy:
        return b"".join(bytes(block) for block in copy)


def _copy_in(cursor: Any, table: str, rows: bytes) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write(rows)


def _event(person: int, place: int, run: str) -> dict[str, Any]:
    return {
        "who": {"external": {"namespace": run, "value": f"c{person}"}},
        "name": "shop.purchase_made",
        "at": (START + timedelta(seconds=place)).isoformat(),
        "amount": "12.50",
        "currency": "CNY",
        "channel": "shop",
        "properties": {"product": f"P{place % 500}"},
        "key": f"{run}-{place}",
    }


async def bulk_over_http(product: Product) -> None:
    """Post 200,000 events in requests of a thousand over four connections; the client's own work is counted."""
    bodies = []
    events = [_event(person, place, "bulk") for place, person in enumerate(people(BULK_EVENTS, seed=3))]
    bodies = [orjson.dumps(events[at : at + BATCH]) for at in range(0, BULK_EVENTS, BATCH)]
    started = time.perf_counter()
    await asyncio.gather(*[_post_all(product, bodies[lane::4]) for lane in range(4)])
    print(f"bulk over HTTP: {BULK_EVENTS / (time.perf_counter() - started):,.0f} events/s (client included)")


async def singles_over_http(product: Product) -> None:
    """Post single events over 32 connections for 20 seconds; each is answered after its commit."""
    chosen = people(400_000, seed=4)
    waits: list[float] = []
    place = iter(range(len(chosen)))
    until = time.perf_counter() + SINGLE_SECONDS

    async def client() -> None:
        connection = await Connection.open(product)
        while time.perf_counter() < until:
            number = next(place)
            body = orjson.dumps(_event(chosen[number], number, "single"))
            started = time.perf_counter()
            await connection.post(body)
            waits.append(time.perf_counter() - started)
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*[client() for _client in range(CLIENTS)])
    waits.sort()
    rate = len(waits) / (time.perf_counter() - started)
    print(
        f"single durable posts, {CLIENTS} connections: {rate:,.0f}/s; "
        f"p50 {waits[len(waits) // 2] * 1e3:.1f} ms, p99 {waits[len(waits) * 99 // 100] * 1e3:.1f} ms"
    )


async def _post_all(product: Product, bodies: list[bytes]) -> None:
    connection = await Connection.open(product)
    for body in bodies:
        await connection.post(body)
    connection.close()


class Connection:
    """The least HTTP/1.1 client that will do, so that the client takes as little of the two cores as it can."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader, self._writer = reader, writer
        self._head = f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n".encode()

    @classmethod
    async def open(cls, product: Product) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", product.port), product.token)

    async def post(self, body: bytes) -> bytes:
        """Send one request and return the answer's body; raises unless it is 200."""
        self._writer.write(self._head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        if b" 200 " not in head[:20]:
            raise RuntimeError(answer.decode())
        return answer

    def close(self) -> None:
        self._writer.close()


if __name__ == "__main__":
    main(sys.argv[1:])

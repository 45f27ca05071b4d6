"""Commits what many requests tell together: a request waits for the transaction that carries it, and no longer.

While a transaction runs, what arrives gathers; the next takes all of it. Nothing waits when nothing runs.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import close_old_connections, transaction

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.customers.actions.absorb import Absorbed, Fact, absorb
from guanxi.customers.intake.conflicts import settle

THREADS = 1  # more only make smaller batches: measured, two threads a process carry a third less
MOST_TOGETHER = 2_000
MOST_WAITING = 100_000
# How long the event loop may keep a thread that has an answer from the database waiting for the interpreter. Python's
# own 5 ms is longer than the whole transaction.
SWITCH_SECONDS = 0.000_5


class TooBusy(Exception):
    """More is waiting than can be taken in soon."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The facts of one request, who tells them, and under which namespace their keys are kept."""

    facts: Sequence[Fact]
    by: Actor
    source: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one request's facts. `repeated` are the places of those told before."""

    repeated: frozenset[int]


class Together:
    """The queue of one process. `tell` from the event loop; absorbing happens in threads."""

    def __init__(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        self._waiting: deque[tuple[Telling, asyncio.Future[Told]]] = deque()
        self._count = 0
        self._free = THREADS
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="intake")

    async def tell(self, telling: Telling) -> Told:
        """Returns once the facts are committed. Raises TooBusy, or what the database raised."""
        if self._count >= MOST_WAITING:
            raise TooBusy
        future: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((telling, future))
        self._count += len(telling.facts)
        if self._free:
            self._send()
        return await future

    def _send(self) -> None:
        batch: list[tuple[Telling, asyncio.Future[Told]]] = []
        size = 0
        while self._waiting and (not batch or size + len(self._waiting[0][0].facts) <= MOST_TOGETHER):
            batch.append(self._waiting.popleft())
            size += len(batch[-1][0].facts)
        self._count -= size
        self._free -= 1
        tellings = [telling for telling, _future in batch]
        work = asyncio.get_running_loop().run_in_executor(self._threads, absorb_together, tellings)
        work.add_done_callback(lambda done: self._finish(batch, done))

    def _finish(
        self,
        batch: list[tuple[Telling, asyncio.Future[Told]]],
        done: asyncio.Future[list[Told | BaseException]],
    ) -> None:
        self._free += 1
        if self._waiting:
            self._send()
        failure = done.exception()
        results = [failure] * len(batch) if failure else done.result()
        for (_telling, future), result in zip(batch, results, strict=True):
            if future.done():  # the asker went away
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            elif result is not None:
                future.set_result(result)


def absorb_together(tellings: list[Telling]) -> list[Told | BaseException]:
    """Absorb several requests in one transaction; if it fails, each in its own, so that none pays for another."""
    close_old_connections()
    try:
        return list(_in_one_transaction(tellings))
    except Exception as error:
        if len(tellings) == 1:
            return [error]
        return [_alone(telling) for telling in tellings]


def _alone(telling: Telling) -> Told | BaseException:
    try:
        return _in_one_transaction([telling])[0]
    except Exception as error:
        return error


def _in_one_transaction(tellings: list[Telling]) -> list[Told]:
    told: dict[int, Told] = {}
    by_source: dict[str, list[int]] = {}
    for place, telling in enumerate(tellings):
        by_source.setdefault(telling.source, []).append(place)
    now = clock.now()
    with transaction.atomic():
        for source in sorted(by_source):
            mine = [(place, tellings[place]) for place in by_source[source]]
            facts = [fact for _place, telling in mine for fact in telling.facts]
            absorbed = absorb(facts, by=mine[0][1].by, source=source, now=now)
            settle(absorbed.conflicts, at=now)
            told.update(_share_out(mine, absorbed))
    return [told[place] for place in range(len(tellings))]


def _share_out(mine: list[tuple[int, Telling]], absorbed: Absorbed) -> dict[int, Told]:
    """For each request, which of its facts were told before: by the log, or earlier in this very batch."""
    seen = set(absorbed.repeated_keys)
    shares: dict[int, Told] = {}
    for place, telling in mine:
        repeated = set()
        for at, fact in enumerate(telling.facts):
            if fact.key:
                if fact.key in seen:
                    repeated.add(at)
                seen.add(fact.key)
        shares[place] = Told(frozenset(repeated))
    return shares

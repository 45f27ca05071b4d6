"""Taking facts in: who they are about is resolved, new people become customers, events are appended.

One statement does it for a whole batch (absorb.sql), so that bulk is the natural grain and one fact is a bulk of
one. Of two transactions that meet a new person at once, the second notices and starts over, this time alone: it holds
the gate that everybody passes who makes new people. A large batch is sure to meet somebody, so it is alone at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import psycopg
from django.db import connection, transaction

from guanxi.core.actors import Actor
from guanxi.core.events import key_hash
from guanxi.core.sql import array_literal, load
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.actions.traits import apply_traits
from guanxi.customers.models import Identity

ABSORB = load("guanxi.customers", "absorb.sql")
STRENGTH = {str(kind): place for place, kind in enumerate(Identity.STRENGTH)}
FURTHEST_FUTURE = timedelta(days=1)
ALONE_FROM = 200
GATE = 0x6775616E  # the key of the advisory lock; any number that nothing else uses


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a channel tells: who, what, when.

    `who` names one person in one or several ways, normalised. `traits` are things told about the person
    (name, city, …: see actions/traits.py). `key` is the source's own name for the event; a second telling is
    ignored. `amount` is in `currency` (ISO 4217).
    """

    who: tuple[IdentityRef, ...]
    name: str
    at: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""
    channel: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    traits: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What became of a batch. `customers[i]` is the customer that fact i was resolved to.

    `conflicts` names, by pair of customers, the facts whose identities pointed at two people: the strongest
    identity decided, and the pair wants a look. `repeated_keys` are the keys told before.
    """

    new_events: int
    repeated: int
    customers: list[int]
    created: list[int]
    conflicts: list[tuple[int, int]]
    repeated_keys: frozenset[str]


class MetAtOnce(Exception):
    """Another transaction made one of the batch's new people meanwhile."""


def absorb(facts: Sequence[Fact], *, by: Actor, source: str, now: datetime, source_id: int | None = None) -> Absorbed:
    """Take a batch of facts in. `source` is the namespace of their keys; `source_id` a customers Source.

    Runs in a transaction of its own, or in the caller's. Facts must be clean: identities normalised, at least
    one each, names of events well formed.
    """
    if not facts:
        return Absorbed(0, 0, [], [], [], frozenset())
    batch = _Batch(facts, source=source, now=now)
    try:
        with transaction.atomic():
            return _absorb_once(
                batch, alone=len(facts) >= ALONE_FROM, by=by, source=source, now=now, source_id=source_id
            )
    except MetAtOnce:
        with transaction.atomic():
            return _absorb_once(batch, alone=True, by=by, source=source, now=now, source_id=source_id)


def _absorb_once(
    batch: _Batch, *, alone: bool, by: Actor, source: str, now: datetime, source_id: int | None
) -> Absorbed:
    with psycopg.Cursor(_raw_connection()) as cursor:
        if alone:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE], prepare=True)
        cursor.execute(ABSORB, {**batch.columns, **_common(by, source, now, source_id)}, prepare=True)
        row = cursor.fetchone()
    if row is None or row[0]:
        raise MetAtOnce
    told, by_group, created, conflicts, repeated = row[1:6]
    by_group = dict(zip(by_group[0::2], by_group[1::2], strict=True))
    customers = [by_group[group] for group in batch.groups]
    if batch.traits:
        apply_traits([(customers[place], traits) for place, traits in batch.traits], at=now)
    return Absorbed(
        new_events=told,
        repeated=len(batch.facts) - told,
        customers=customers,
        created=created,
        conflicts=list(zip(conflicts[0::2], conflicts[1::2], strict=True)),
        repeated_keys=frozenset(repeated),
    )


def _raw_connection() -> psycopg.Connection[Any]:
    """Django's connection, for a cursor that binds on the server and keeps the statement prepared."""
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:  # Django's default, which would parse and plan the statement anew each time
        raw.prepare_threshold = 5
    return raw


def _common(by: Actor, source: str, now: datetime, source_id: int | None) -> dict[str, Any]:
    return {
        "actor_kind": by.kind,
        "actor_id": by.id,
        "source": source,
        "source_id": source_id,
        "now": now,
        "gate": GATE,
    }


class _Batch:
    """A batch in columns: identities with the number of their group, events with theirs.

    A group is a set of identities that the batch's facts tie together: one person.
    """

    def __init__(self, facts: Sequence[Fact], *, source: str, now: datetime) -> None:
        self.facts = facts
        places: dict[IdentityRef, int] = {}
        self.parents: list[int] = []
        heads = [self._tie(fact.who, places) for fact in facts]
        roots = [self._root(place) for place in range(len(self.parents))]
        self.groups = [roots[head] for head in heads]
        self.traits = [(place, fact.traits) for place, fact in enumerate(facts) if fact.traits]
        told = self._first_tellings()
        self.columns: dict[str, Any] = {
            **self._identity_columns(places, roots),
            **self._event_columns(told, source=source, now=now),
        }

    def _tie(self, who: tuple[IdentityRef, ...], places: dict[IdentityRef, int]) -> int:
        """Note a fact's identities and tie them together; the place of the first."""
        first = -1
        for ref in who:
            place = places.get(ref)
            if place is None:
                place = places[ref] = len(self.parents)
                self.parents.append(place)
            if first < 0:
                first = place
            else:
                self.parents[self._root(place)] = self._root(first)
        return first

    def _root(self, place: int) -> int:
        while self.parents[place] != place:
            self.parents[place] = self.parents[self.parents[place]]
            place = self.parents[place]
        return place

    def _first_tellings(self) -> list[int]:
        """The places of the facts, without those that repeat a key of the same batch."""
        seen: set[str] = set()
        told: list[int] = []
        for place, fact in enumerate(self.facts):
            if fact.key:
                if fact.key in seen:
                    continue
                seen.add(fact.key)
            told.append(place)
        return told

    def _identity_columns(self, places: dict[IdentityRef, int], roots: list[int]) -> dict[str, str]:
        return {
            "identity_group": array_literal(roots),
            "identity_kind": array_literal([ref.kind for ref in places]),
            "identity_namespace": array_literal([ref.namespace for ref in places]),
            "identity_value": array_literal([ref.value for ref in places]),
            "identity_strength": array_literal([STRENGTH[ref.kind] for ref in places]),
        }

    def _event_columns(self, told: list[int], *, source: str, now: datetime) -> dict[str, str]:
        facts = [self.facts[place] for place in told]
        return {
            "event_group": array_literal([self.groups[place] for place in told]),
            "event_hash": array_literal([key_hash(source, fact.key) if fact.key else None for fact in facts]),
            "event_name": array_literal([fact.name for fact in facts]),
            "event_at": array_literal([fact.at or now for fact in facts]),
            "event_channel": array_literal([fact.channel for fact in facts]),
            "event_amount": array_literal([fact.amount for fact in facts]),
            "event_currency": array_literal([fact.currency for fact in facts]),
            "event_key": array_literal([fact.key for fact in facts]),
            "event_payload": array_literal(
                [orjson.dumps(fact.payload).decode() if fact.payload else "{}" for fact in facts]
            ),
        }

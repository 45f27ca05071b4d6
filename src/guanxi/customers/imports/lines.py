"""Lines of a shop or till land: each is absorbed as a purchase or refund of the customer it names, or of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.core.events import NewEvent, key_hash, record_many
from guanxi.customers.actions.absorb import Absorbed, Fact, MetAtOnce, absorb
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.imports import changing, writing
from guanxi.customers.imports.batches import Batch, Landed
from guanxi.customers.imports.people import Person
from guanxi.customers.imports.rows import Problem, Purchase, Refusal, Row

_TOLD = "SELECT key FROM core_event_key WHERE key = ANY(%s::uuid[])"


def land_lines(rows: Sequence[Row], batch: Batch) -> Landed:
    """Land rows of the transactions shape, inside the batch's transaction.

    Lines that an earlier file of the same origin told are counted and left alone. Lines that name no customer are
    events without one: the shop's totals stay whole.
    """
    landed = Landed()
    named = [row for row in rows if row.who]
    nameless = _not_told([row for row in rows if not row.who], batch)
    told = _absorb(named, batch, landed) + nameless
    if record_many([_event(row, batch) for row in nameless]) != len(nameless):
        raise MetAtOnce  # another import tells the same lines at this moment: look again
    landed.events += len(told)
    landed.repeated += len(rows) - len(told)
    landed.without_customer += len(nameless)
    for row in told:
        purchase = _purchase(row)
        landed.amounts[purchase.currency] = landed.amounts.get(purchase.currency, Decimal(0)) + purchase.amount
    return landed


def _not_told(rows: Sequence[Row], batch: Batch) -> list[Row]:
    """Those of the rows that no earlier file told."""
    if not rows:
        return []
    hashes = [key_hash(batch.plan.key_source, _purchase(row).key) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [hashes])
        told = {key.hex for (key,) in cursor.fetchall()}
    return [row for row, each in zip(rows, hashes, strict=True) if each not in told]


def _absorb(rows: Sequence[Row], batch: Batch, landed: Landed) -> list[Row]:
    """Absorb lines that name somebody; returns those that were not told before."""
    absorbed = absorb(
        [_fact(row, batch) for row in rows],
        by=batch.by,
        source=batch.plan.key_source,
        now=batch.at,
        source_id=batch.plan.source_id,
    )
    created = set(absorbed.created)
    landed.created += len(created)
    met = set(absorbed.customers) - created - batch.remembered
    writing.remember(batch.imported.pk, created, {customer: {} for customer in met})
    batch.remembered |= created | met
    _tell_about(rows, absorbed, created, batch, landed)
    landed.refusals += _conflicts(rows, absorbed)
    return [row for row in rows if _purchase(row).key not in absorbed.repeated_keys]


def _tell_about(rows: Sequence[Row], absorbed: Absorbed, created: set[int], batch: Batch, landed: Landed) -> None:
    """Fill the blanks of customers from what their lines say of them, once per customer and telling."""
    persons: dict[int, Person] = {}
    for row, customer in zip(rows, absorbed.customers, strict=True):
        if row.values:
            telling = hash((customer, *row.values.values()))
            if telling not in batch.told:
                batch.told.add(telling)
                persons.setdefault(customer, Person(id=customer)).take(row, overwrite=False)
    visible = created | batch.visible(set(persons) - created)
    there = [person for customer, person in sorted(persons.items()) if customer in visible]
    changing.change_existing(there, batch, landed, silent=frozenset(created))
    changing.tag([Person(id=customer) for customer in sorted(created)], [], batch)
    refresh_terms(created)


def _conflicts(rows: Sequence[Row], absorbed: Absorbed) -> list[Refusal]:
    """Of each two customers that one line named, the first such line: the strongest identity had it."""
    waiting = {customer: pair for pair in absorbed.conflicts for customer in pair}
    found: list[Refusal] = []
    for row, customer in zip(rows, absorbed.customers, strict=True):
        pair = waiting.get(customer)
        if pair is None or len(row.who) < 2:
            continue
        for each in pair:
            waiting.pop(each, None)
        sentence = _("The line names two customers, number %(one)d and number %(two)d; it was put on %(chosen)d.") % {
            "one": pair[0],
            "two": pair[1],
            "chosen": customer,
        }
        found.append(Refusal(row.number, "", Problem("identity_conflict", sentence), row.cells, has_landed=True))
    return found


def _purchase(row: Row) -> Purchase:
    assert row.purchase is not None  # this shape's rows all have one
    return row.purchase


def _fact(row: Row, batch: Batch) -> Fact:
    purchase = _purchase(row)
    return Fact(
        who=row.who,
        name=purchase.name,
        at=purchase.at,
        amount=purchase.amount,
        currency=purchase.currency,
        channel=batch.plan.channel,
        payload={**purchase.payload, **batch.mark},
        key=purchase.key,
    )


def _event(row: Row, batch: Batch) -> NewEvent:
    purchase = _purchase(row)
    return NewEvent(
        name=purchase.name,
        by=batch.by,
        at=purchase.at,
        amount=purchase.amount,
        currency=purchase.currency,
        channel=batch.plan.channel,
        payload={**purchase.payload, **batch.mark},
        source=batch.plan.key_source,
        key=purchase.key,
    )

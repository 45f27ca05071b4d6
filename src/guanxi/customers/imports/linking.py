"""Relating the customers of a file to others that its rows name by id, once all of its rows have landed.

Done last, because a row may point at one further down. A link that is there already is left alone, so that doing
it again after an interruption changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.events import NewEvent, record_many
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.events import RELATIONSHIP_ADDED
from guanxi.customers.imports import writing
from guanxi.customers.imports.batches import Batch
from guanxi.customers.imports.cleaning import Cleaner
from guanxi.customers.imports.rows import Link, Problem, Refusal, Row
from guanxi.customers.models import Customer, Import, ImportRefusal, Relationship, RelationshipKind
from guanxi.kit.tables import Table

BATCH_ROWS = 5_000


def land_links(table: Table, cleaner: Cleaner, batch: Batch, *, is_cancelled: Callable[[], bool]) -> None:
    """Go through the file again and relate each row's customer to those it names."""
    rows = table.numbered_rows()
    while numbered := list(islice(rows, BATCH_ROWS)):
        if is_cancelled():
            return
        _land(cleaner.clean(numbered).rows, batch)


def _land(rows: Sequence[Row], batch: Batch) -> None:
    linked = [row for row in rows if row.links]
    if not linked:
        return
    with transaction.atomic():
        known = writing.resolve({ref for row in linked for ref in _named(row)})
        refusals: list[Refusal] = []
        edges = list(_edges(linked, known, batch, refusals))
        count = _relate(edges, batch)
        imported = Import.objects.select_for_update().get(pk=batch.imported.pk)
        imported.figures["linked"] = imported.figures.get("linked", 0) + count
        imported.figures["noted"] = imported.figures.get("noted", 0) + _keep(refusals, batch)
        imported.save(update_fields=["figures"])
        batch.imported.figures = imported.figures


def _named(row: Row) -> Iterator[IdentityRef]:
    yield from row.who
    yield from (link.other for link in row.links)


def _edges(
    rows: Sequence[Row], known: dict[IdentityRef, int], batch: Batch, refusals: list[Refusal]
) -> Iterator[tuple[int, int, str]]:
    visible = batch.visible(set(known.values()))
    for row in rows:
        customer = next((known[ref] for ref in row.who if ref in known), None)
        if customer is None or customer not in visible:
            continue
        for link in row.links:
            other = known.get(link.other)
            if other is None or other not in visible:
                refusals.append(Refusal(row.number, link.column, _nobody(link), row.cells, has_landed=True))
            elif other != customer:
                yield customer, other, link.kind


def _relate(edges: Sequence[tuple[int, int, str]], batch: Batch) -> int:
    """Relate pairs of customers that are not related so yet; returns how many were not."""
    kinds = {kind.slug: kind for kind in RelationshipKind.objects.all()}
    wanted = {
        (*(sorted((one, two)) if kinds[slug].is_symmetric else (one, two)), kinds[slug].pk): kinds[slug]
        for one, two, slug in edges
        if slug in kinds
    }
    there = Relationship.objects.filter(customer__in={one for one, _two, _kind in wanted})
    for edge in there.values_list("customer_id", "other_id", "kind_id"):
        wanted.pop(edge, None)
    Relationship.objects.bulk_create(
        [
            Relationship(customer_id=one, other_id=two, kind_id=kind, created_at=batch.at)
            for one, two, kind in sorted(wanted)
        ],
        ignore_conflicts=True,
    )
    _remember(wanted, batch)
    names = dict(Customer.objects.filter(pk__in={end for edge in wanted for end in edge[:2]}).values_list("pk", "name"))
    record_many(
        [
            NewEvent(
                RELATIONSHIP_ADDED,
                batch.by,
                end,
                batch.at,
                payload={"kind": words, "other_id": far, "other": names.get(far, ""), **batch.mark},
            )
            for (one, two, _pk), kind in wanted.items()
            for end, far, words in ((one, two, kind.name), (two, one, kind.reverse_name or kind.name))
        ]
    )
    return len(wanted)


def _remember(edges: Iterable[tuple[int, int, int]], batch: Batch) -> None:
    """Keep the links with the customers they begin at, so that undoing finds them."""
    made = Relationship.objects.filter(customer__in={one for one, _two, _kind in edges}, created_at=batch.at)
    kept: dict[int, dict[str, list[int]]] = {}
    for pk, customer in made.values_list("pk", "customer_id"):
        kept.setdefault(customer, {"relationships": []})["relationships"].append(pk)
    writing.remember(batch.imported.pk, (), kept)


def _keep(refusals: Sequence[Refusal], batch: Batch) -> int:
    """Note what names nobody, unless a run before an interruption noted it."""
    noted = set(
        ImportRefusal.objects.filter(
            of_import=batch.imported, code="link_unknown", row_number__in=[refusal.number for refusal in refusals]
        ).values_list("row_number", "column")
    )
    fresh = [refusal for refusal in refusals if (refusal.number, refusal.column) not in noted]
    ImportRefusal.objects.bulk_create(
        ImportRefusal(
            of_import=batch.imported,
            row_number=refusal.number,
            column=refusal.column[:200],
            code=refusal.problem.code,
            reason=refusal.problem.sentence[:300],
            row=[cell[:500] for cell in refusal.cells],
            has_landed=True,
        )
        for refusal in fresh
    )
    return len(fresh)


def _nobody(link: Link) -> Problem:
    sentence = _("No customer has the id “%(value)s”; import the file that holds it first, then this one again.")
    return Problem("link_unknown", sentence % {"value": link.other.value[:60]})

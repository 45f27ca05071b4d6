"""Trying an import out: everything an import does, on the first rows, in a transaction that is taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from guanxi.core.actors import Actor
from guanxi.customers.actions.absorb import MetAtOnce
from guanxi.customers.imports.batches import Batch
from guanxi.customers.imports.cleaning import Cleaner
from guanxi.customers.imports.landing import add_figures, land
from guanxi.customers.imports.lookups import Lookups
from guanxi.customers.imports.making_fields import make_fields
from guanxi.customers.imports.plan import Plan
from guanxi.customers.imports.reading import SAMPLE_ROWS, first_rows, open_file
from guanxi.customers.models import Import


@dataclass(frozen=True, slots=True)
class Tried:
    """What the first rows would come to. `reasons` are the commonest refusals with their number."""

    rows: int
    total: int
    created: int
    updated: int
    events: int
    repeated: int
    skipped: int
    refused: int
    noted: int
    without_customer: int
    totals: dict[str, Decimal]
    reasons: list[tuple[str, int]]

    @property
    def is_whole(self) -> bool:
        """Whether that was the whole file."""
        return self.rows >= self.total


def try_out(imported: Import, *, at: datetime, rows: int = SAMPLE_ROWS) -> Tried:
    """What landing the first rows would do. Nothing is kept, the import's own columns included."""
    table = open_file(Path(imported.file.path), Plan.of(imported).reading)
    sample = first_rows(table, rows)
    trial = Import.objects.get(pk=imported.pk)
    by = trial.member.actor if trial.member else Actor.system()
    for attempt in range(3):
        try:
            with transaction.atomic():
                make_fields(trial, table)
                plan = Plan.of(trial)
                lookups = Lookups(plan)
                cleaned = Cleaner(plan, lookups, now=at).clean(sample)
                landed = land(cleaned, Batch(trial, plan, lookups, by, trial.member, at))
                transaction.set_rollback(True)
            break
        except MetAtOnce:
            if attempt == 2:
                raise
    landed.refusals[:0] = cleaned.refusals
    figures = add_figures({}, landed)
    reasons = Counter(
        f"{refusal.column}: {refusal.problem.sentence}" if refusal.column else refusal.problem.sentence
        for refusal in landed.refusals
    )
    return Tried(
        rows=len(sample),
        total=table.row_count if len(sample) == rows else len(sample),
        created=landed.created,
        updated=landed.updated,
        events=landed.events,
        repeated=landed.repeated,
        skipped=landed.skipped,
        refused=sum(not refusal.has_landed for refusal in landed.refusals),
        noted=figures["noted"],
        without_customer=landed.without_customer,
        totals=landed.amounts,
        reasons=reasons.most_common(8),
    )

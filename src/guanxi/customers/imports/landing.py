"""Running an import: batch after batch, each one transaction with the import's own counters.

`rows_done` is saved with what it counts. A process that is killed in the middle leaves the last whole batch; whoever
takes the import up again passes over the rows that are done and goes on. Two can't run one import at once: the
runner holds an advisory lock of its connection, which falls with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.customers.actions.absorb import MetAtOnce
from guanxi.customers.events import IMPORT_FINISHED
from guanxi.customers.imports.ahead import ahead
from guanxi.customers.imports.batches import Batch, Landed
from guanxi.customers.imports.cleaning import Cleaned, Cleaner
from guanxi.customers.imports.lines import land_lines
from guanxi.customers.imports.linking import land_links
from guanxi.customers.imports.lookups import Lookups
from guanxi.customers.imports.making_fields import make_fields
from guanxi.customers.imports.people import land_people
from guanxi.customers.imports.plan import Plan
from guanxi.customers.imports.reading import open_file
from guanxi.customers.imports.rows import Refusal
from guanxi.customers.models import Import, ImportRefusal
from guanxi.kit.errors import BadInput
from guanxi.kit.tables import Table

log = structlog.get_logger(__name__)

BATCH_ROWS = 5_000
TRIES = 5
_LOCK_CLASS = 7_301  # advisory locks of imports; the second number is the import's id
_LONGEST_CELL_KEPT = 500


class TakenOver(Exception):
    """The import moved on under another runner."""


Tick = Callable[[int, int | None], None]


def run(
    import_id: int, *, clock: Callable[[], datetime], batch_rows: int = BATCH_ROWS, tick: Tick | None = None
) -> Import:
    """Land everything of an import that is not yet landed; returns it as it then stands. `tick` is told of each
    batch: rows done, rows in all.

    Safe to call at any time: what is over, or under way elsewhere, is left alone. A file that can't be read
    further ends the import as failed, with what landed so far kept; a lost database leaves it to be taken up again.
    """
    imported = Import.objects.select_related("member", "progress").get(pk=import_id)
    with only_here(import_id) as is_mine:
        imported.refresh_from_db()
        if not is_mine or imported.state != Import.State.RUNNING:
            return imported
        with translation.override(_language(imported)):
            try:
                _Run(imported, clock, batch_rows, tick).go()
            except (OperationalError, InterfaceError, TakenOver):
                raise
            except BadInput as error:
                _fail(import_id, str(error.message), at=clock())
            except Exception:
                _fail(import_id, _("Something unexpected happened. The log of the server says what."), at=clock())
                raise
    imported.refresh_from_db()
    return imported


def _language(imported: Import) -> str | None:
    """In which refusals are told: what the starter read, or what the member chose; None for the installation's."""
    return Plan.of(imported).language or (imported.member.language if imported.member else "") or None


class _Run:
    """One import under way in this process."""

    def __init__(self, imported: Import, clock: Callable[[], datetime], batch_rows: int, tick: Tick | None) -> None:
        self.imported, self.clock, self.batch_rows, self.tick = imported, clock, batch_rows, tick
        self.progress = imported.progress
        self.by = imported.member.actor if imported.member else Actor.system()

    def go(self) -> None:
        imported = self.imported
        table = open_file(Path(imported.file.path), Plan.of(imported).reading)
        self._begin(table)
        plan = Plan.of(imported)
        lookups = Lookups(plan)
        cleaner = Cleaner(plan, lookups, now=self.clock())
        batch = Batch(imported, plan, lookups, self.by, imported.member, self.clock())
        rows = table.numbered_rows()
        cleaner.skip(islice(rows, imported.rows_done))
        with closing(ahead(self._cleaned(cleaner, rows))) as batches:
            for cleaned in batches:
                if self._is_cancelled():
                    return self._end(Import.State.CANCELLED)
                batch.at = self.clock()
                self._land(cleaned, batch)
                if self.tick is not None:
                    self.tick(imported.rows_done, table.row_count)
        if plan.has("relation"):
            land_links(table, cleaner, batch, is_cancelled=self._is_cancelled)
        return self._end(Import.State.FINISHED)

    def _cleaned(self, cleaner: Cleaner, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Cleaned]:
        while numbered := list(islice(rows, self.batch_rows)):
            yield cleaner.clean(numbered)

    def _begin(self, table: Table) -> None:
        """The first time: own fields asked for are made, and the bar gets its length."""
        imported, now = self.imported, self.clock()
        with transaction.atomic():
            if imported.started_at is None:
                make_fields(imported, table)
                imported.started_at = now
                imported.save(update_fields=["started_at", "mapping"])
            if self.progress is not None:
                if self.progress.started_at is None:
                    self.progress.start(at=now, total=table.row_count)
                else:
                    self.progress.step(imported.rows_done, total=table.row_count)

    def _land(self, cleaned: Cleaned, batch: Batch) -> None:
        """One batch, whole or not at all; tried again when another transaction met the same new people."""
        for attempt in range(TRIES):
            try:
                with transaction.atomic():
                    self._claim()
                    landed = land(cleaned, batch)
                    landed.refusals[:0] = cleaned.refusals
                    keep_refusals(self.imported, landed.refusals)
                    self._count(landed, cleaned.count)
                return
            except MetAtOnce:
                batch.lookups.forget_made()
                batch.remembered.clear()
                batch.told.clear()
                self.imported.refresh_from_db()
                if attempt == TRIES - 1:
                    raise

    def _claim(self) -> None:
        """Hold the import's row for this batch; raises when it is no longer where this process left it."""
        kept = Import.objects.select_for_update().values_list("rows_done", "state").get(pk=self.imported.pk)
        if kept != (self.imported.rows_done, Import.State.RUNNING):
            raise TakenOver

    def _count(self, landed: Landed, count: int) -> None:
        imported = self.imported
        imported.rows_done += count
        imported.created_count += landed.created
        imported.updated_count += landed.updated
        imported.event_count += landed.events
        imported.repeated_count += landed.repeated
        imported.refused_count += sum(not refusal.has_landed for refusal in landed.refusals)
        imported.figures = add_figures(imported.figures, landed) | {"xids": self._range_of_transactions()}
        imported.amount_total = main_total(imported)
        imported.save(update_fields=COUNTERS)
        if self.progress is not None:
            self.progress.step(imported.rows_done)

    def _range_of_transactions(self) -> list[int]:
        """The log's numbers of the first and the present transaction of this import."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_log_xid()")
            present = int(cursor.fetchone()[0])
        first, _last = self.imported.figures.get("xids", [present, present])
        return [first, present]

    def _is_cancelled(self) -> bool:
        return self.progress is not None and self.progress.is_cancelled()

    def _end(self, state: str) -> None:
        imported, now = self.imported, self.clock()
        with transaction.atomic():
            imported.state, imported.ended_at = state, now
            imported.save(update_fields=["state", "ended_at"])
            events.record(
                IMPORT_FINISHED,
                by=self.by,
                at=now,
                payload={
                    "import_id": imported.pk,
                    "file": imported.file_name,
                    "created": imported.created_count,
                    "updated": imported.updated_count,
                    "events": imported.event_count,
                    "refused": imported.refused_count,
                },
            )
            if self.progress is not None and state == Import.State.FINISHED:
                self.progress.step(imported.rows_done, total=imported.rows_done)
                self.progress.finish(at=now, result={"import": imported.pk})
        log.info("import_ended", id=imported.pk, state=state, rows=imported.rows_done)


COUNTERS = [
    "rows_done",
    "created_count",
    "updated_count",
    "event_count",
    "repeated_count",
    "refused_count",
    "figures",
    "amount_total",
]


def land(cleaned: Cleaned, batch: Batch) -> Landed:
    """Land one batch of cleaned rows in the caller's transaction."""
    if batch.plan.is_transactions:
        return land_lines(cleaned.rows, batch)
    return land_people(cleaned.rows, batch)


def add_figures(figures: dict[str, Any], landed: Landed) -> dict[str, Any]:
    """The import's further figures (see Import.figures) with those of a batch added."""
    totals = {currency: Decimal(told) for currency, told in figures.get("totals", {}).items()}
    for currency, amount in landed.amounts.items():
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return {
        **figures,
        "noted": figures.get("noted", 0) + sum(refusal.has_landed for refusal in landed.refusals),
        "skipped": figures.get("skipped", 0) + landed.skipped,
        "without_customer": figures.get("without_customer", 0) + landed.without_customer,
        "totals": {currency: str(total) for currency, total in sorted(totals.items())},
    }


def main_total(imported: Import) -> Decimal:
    """The sum in the import's own currency, or in the only one there is."""
    totals = imported.figures.get("totals", {})
    if len(totals) == 1:
        return Decimal(next(iter(totals.values())))
    return Decimal(totals.get(Plan.of(imported).currency, 0))


def keep_refusals(imported: Import, refusals: list[Refusal]) -> None:
    """Keep what did not land, each row as it was; cells of absurd length are cut."""
    ImportRefusal.objects.bulk_create(
        [
            ImportRefusal(
                of_import=imported,
                row_number=refusal.number,
                column=refusal.column[:200],
                code=refusal.problem.code[:40],
                reason=refusal.problem.sentence[:300],
                row=[cell[:_LONGEST_CELL_KEPT].replace("\0", "") for cell in refusal.cells[:500]],
                has_landed=refusal.has_landed,
            )
            for refusal in refusals
        ],
        batch_size=5_000,
    )


def _fail(import_id: int, sentence: str, *, at: datetime) -> None:
    with transaction.atomic():
        imported = Import.objects.select_for_update().get(pk=import_id)
        imported.state, imported.failure, imported.ended_at = Import.State.FAILED, sentence, at
        imported.save(update_fields=["state", "failure", "ended_at"])
        if imported.progress is not None:
            imported.progress.fail(sentence, at=at)


def is_at_work(import_id: int) -> bool:
    """Whether some process runs, or undoes, this import at the moment."""
    with only_here(import_id) as is_free:
        return not is_free


@contextmanager
def only_here(import_id: int) -> Iterator[bool]:
    """Hold the import for this process while the block runs; yields False when another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, import_id])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine and connection.connection is not None and not connection.connection.broken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, import_id])

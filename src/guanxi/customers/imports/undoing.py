"""Taking an import back: its purchases leave the log, customers it made go, those it changed get their values again.

Nothing that people did since is lost: a customer made by the import to whom anything happened afterwards is kept and
listed, and a value that was changed again stays as it is. Work goes customer by customer in batches, each one
transaction; what is done is no longer remembered, so an interrupted undo goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.events import key_hash
from guanxi.core.jobs import defer
from guanxi.core.models import Progress, ReaderPosition
from guanxi.core.sql import array_literal, load
from guanxi.customers.actions.tallying import recount_tallies
from guanxi.customers.events import (
    CUSTOMER_CREATED,
    IDENTITY_ADDED,
    IMPORT_UNDONE,
    OWNER_CHANGED,
    PURCHASES,
    STAGE_CHANGED,
    TAG_ADDED,
    TAG_REMOVED,
)
from guanxi.customers.imports.landing import only_here
from guanxi.customers.imports.restoring import restore
from guanxi.customers.models import Customer, Import, ImportedCustomer
from guanxi.customers.reactions import Tallies
from guanxi.staff.models import Member

TOUCHED = load(__package__, "touched.sql")
REMOVE = load(__package__, "remove_events.sql")
REMOVE_OF_NOBODY = load(__package__, "remove_events_of_nobody.sql")
_FORGET_KEYS = "DELETE FROM core_event_key WHERE key = ANY (%s::uuid[])"
_FORGET_ALL = "DELETE FROM core_event WHERE customer_id = ANY (%s::bigint[]) RETURNING source, source_key"

UNDO_JOB = "customers.undo_import"
BATCH_CUSTOMERS = 1_000
BATCH_EVENTS = 20_000
_OWN = [CUSTOMER_CREATED, IDENTITY_ADDED, TAG_ADDED, TAG_REMOVED, STAGE_CHANGED, OWNER_CHANGED]


class NothingToUndo(Refused):
    """The import is under way, or was undone before."""

    code = "nothing_to_undo"


def undo(imported: Import, *, by: Member | None, at: datetime) -> Import:
    """Begin to take an import back, in the background. Raises NothingToUndo."""
    with transaction.atomic():
        begin_undo(imported, by=by, at=at)
        defer(UNDO_JOB, import_id=imported.pk)
    return imported


def begin_undo(imported: Import, *, by: Member | None, at: datetime) -> None:
    """Mark the import as being undone and give that its bar. Raises NothingToUndo."""
    over = [Import.State.FINISHED, Import.State.CANCELLED, Import.State.FAILED]
    with transaction.atomic():
        progress = Progress.objects.create(
            kind="customers.undo_import", title=_("Undo: %(file)s") % {"file": imported.file_name[:150]}, member=by
        )
        moved = Import.objects.filter(pk=imported.pk, state__in=over).update(
            state=Import.State.UNDOING, progress=progress
        )
        if not moved:
            raise NothingToUndo(_("This import is under way or was undone already."))
    imported.refresh_from_db()


def run(import_id: int, *, clock: Callable[[], datetime]) -> Import:
    """Undo what is left of an import that is being undone; returns it as it then stands."""
    imported = Import.objects.select_related("progress").get(pk=import_id)
    with only_here(import_id) as is_mine:
        imported.refresh_from_db()
        if is_mine and imported.state == Import.State.UNDOING:
            _Undoing(imported, clock).go()
    imported.refresh_from_db()
    return imported


class _Undoing:
    def __init__(self, imported: Import, clock: Callable[[], datetime]) -> None:
        self.imported, self.clock, self.progress = imported, clock, imported.progress
        member = self.progress.member if self.progress else None
        self.by = member.actor if member else Actor.system()
        self.figures: dict[str, int] = dict(imported.figures.get("undone", {}))

    def go(self) -> None:
        waiting = ImportedCustomer.objects.filter(of_import=self.imported).exclude(before__has_key="kept")
        if self.progress is not None and self.progress.started_at is None:
            self.progress.start(at=self.clock(), total=waiting.count() + 1)
        done = 0
        while batch := list(waiting.order_by("id")[:BATCH_CUSTOMERS]):
            with transaction.atomic():
                self._undo(batch, at=self.clock())
                self._save()
            done += len(batch)
            if self.progress is not None:
                self.progress.step(done)
        while self._remove_of_nobody():
            pass
        self._end()

    def _undo(self, batch: list[ImportedCustomer], *, at: datetime) -> None:
        """Take back what the import did to some customers."""
        ids = [each.customer_id for each in batch]
        list(Customer.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        ids += self._survivors(ids)
        position = ReaderPosition.objects.select_for_update().filter(name=Tallies.name).first()
        self._add("events", self._remove_events(ids))
        made = [each for each in batch if each.was_created]
        touched = self._touched([each.customer_id for each in made])
        gone = [each.customer_id for each in made if each.customer_id not in touched]
        self._remove_customers(gone)
        kept = [each for each in made if each.customer_id in touched]
        for each in kept:
            each.before = {**each.before, "kept": True}
        ImportedCustomer.objects.bulk_update(kept, ["before"])
        changed = [each for each in batch if not each.was_created]
        self._add("restored", restore(changed, self.imported, by=self.by, at=at))
        ImportedCustomer.objects.filter(pk__in=[each.pk for each in changed]).delete()
        self._add("removed", len(gone))
        self._add("kept", len(kept))
        if position is not None:
            left = set(ids) - set(gone)
            recount_tallies(left, upto=(position.log_xid, position.event_id))

    def _survivors(self, customer_ids: list[int]) -> list[int]:
        """The records that stand for those of the customers that were merged since: their events went there."""
        merged = Customer.objects.filter(pk__in=customer_ids).exclude(merged_into=None)
        return list(merged.values_list("merged_into_id", flat=True).distinct())

    def _remove_events(self, customer_ids: list[int]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                REMOVE, {"customers": customer_ids, "names": list(PURCHASES), "import": str(self.imported.pk)}
            )
            return _forget(cursor.fetchall())

    def _remove_of_nobody(self) -> int:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    REMOVE_OF_NOBODY,
                    {"names": list(PURCHASES), "import": str(self.imported.pk), "most": BATCH_EVENTS},
                )
                count = _forget(cursor.fetchall())
            self._add("events", count)
            self._save()
        return count

    def _touched(self, customer_ids: list[int]) -> set[int]:
        """Customers to whom something happened since, whoever did it."""
        first, last = self.imported.figures.get("xids", [0, 0])
        member_id = self.imported.member_id
        with connection.cursor() as cursor:
            cursor.execute(
                TOUCHED,
                {
                    "customers": customer_ids,
                    "import": str(self.imported.pk),
                    "first_xid": first,
                    "last_xid": last,
                    "own": _OWN,
                    "actor_kind": "staff" if member_id else "system",
                    "actor_id": member_id,
                },
            )
            return {row[0] for row in cursor.fetchall()}

    def _remove_customers(self, customer_ids: list[int]) -> None:
        """Delete customers to whom nothing happened but this import, with all that tells of them."""
        if customer_ids:
            with connection.cursor() as cursor:
                cursor.execute(_FORGET_ALL, [customer_ids])
                _forget(cursor.fetchall())
            Customer.objects.filter(pk__in=customer_ids).delete()

    def _add(self, figure: str, count: int) -> None:
        self.figures[figure] = self.figures.get(figure, 0) + count

    def _save(self) -> None:
        self.imported.figures = {**self.imported.figures, "undone": self.figures}
        self.imported.save(update_fields=["figures"])

    def _end(self) -> None:
        now = self.clock()
        with transaction.atomic():
            self.imported.state = Import.State.UNDONE
            self.imported.ended_at = now
            self.imported.save(update_fields=["state", "ended_at"])
            events.record(
                IMPORT_UNDONE,
                by=self.by,
                at=now,
                payload={"import_id": self.imported.pk, "file": self.imported.file_name},
            )
            if self.progress is not None:
                self.progress.step(self.progress.total or 1)
                self.progress.finish(at=now, result={"import": self.imported.pk})


def _forget(told: Iterable[tuple[Any, ...]]) -> int:
    """Let the log take lines of these names again; returns how many lines there were."""
    rows = list(told)
    hashes = [key_hash(source, key) for source, key in rows if key]
    if hashes:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET_KEYS, [array_literal(hashes)])
    return len(rows)

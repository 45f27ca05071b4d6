"""Undoing a merge: the records stand apart again, each exactly as it was.

What people did after the merge is theirs: rows that came in since stay with the survivor, and a field that was
edited since keeps the edit. Merges that build on each other are undone in reverse order.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.customers.events import MERGE_UNDONE
from guanxi.customers.merging import profile
from guanxi.customers.merging.acts import Undoing
from guanxi.customers.merging.merge import hold_readers
from guanxi.customers.merging.network_rules import point_references_back
from guanxi.customers.merging.policies import policies
from guanxi.customers.models import Customer, Merge
from guanxi.staff.models import Member


class UnableToUndoMerge(Refused):
    """The merge can't be taken back now."""

    code = "unable_to_undo_merge"
    status = 409


def undo_merge(merge: Merge, *, by: Actor, at: datetime) -> Merge:
    """Part what `merge` made one. One transaction.

    Raises UnableToUndoMerge when it is undone already, a later merge builds on it, a record is gone for good, or
    the survivor is out of the sight of the member who asks.
    """
    with transaction.atomic():
        kept = Merge.objects.select_for_update().get(pk=merge.pk)
        ids = [kept.survivor_id, *kept.absorbed]
        locked = list(Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        _refuse_unfit(kept, locked, by)
        hold_readers()
        journal = kept.journal
        act = Undoing(
            merge_id=kept.pk,
            survivor=kept.survivor_id,
            absorbed=kept.absorbed,
            by=by,
            at=at,
            moved=journal["moved"],
            made=journal["made"],
            noted=journal["noted"],
        )
        _undo(act)
        kept.undone_at, kept.undone_by_id = at, by.id if by.kind == "staff" else None
        kept.save(update_fields=["undone_at", "undone_by"])
        return kept


def _undo(act: Undoing) -> None:
    profile.part(act)
    point_references_back(act)
    for policy in policies():
        policy.merge.undo(policy, act)
    events.record(
        MERGE_UNDONE,
        by=act.by,
        customer=act.survivor,
        at=act.at,
        payload={"merge_id": act.merge_id, "restored": act.absorbed},
    )


def _refuse_unfit(merge: Merge, locked: list[Customer], by: Actor) -> None:
    if merge.undone_at is not None:
        raise UnableToUndoMerge(_("This merge was undone already."), code="merge_undone_already")
    if len(locked) != len(merge.absorbed) + 1:
        refusal = _("A customer of this merge was deleted since, so it can't be undone.")
        raise UnableToUndoMerge(refusal, code="merge_record_gone")
    if later := _later_merge(merge):
        refusal = _("{name} was merged again later. Undo that merge first (number {number}).")
        raise UnableToUndoMerge(refusal.format(name=merge.survivor, number=later.pk), code="merge_undo_later_first")
    if not _sees(by, merge):
        raise UnableToUndoMerge(
            _("This customer is not among those you may see."), code="merge_out_of_sight", status=404
        )


def _later_merge(merge: Merge) -> Merge | None:
    """The latest merge that built on this one: into the same survivor, or of the survivor into another."""
    into = Q(survivor_id=merge.survivor_id)
    if merge.survivor.merged_into_id is not None:
        into |= Q(survivor_id=merge.survivor.merged_into_id, absorbed__contains=[merge.survivor_id])
    return Merge.objects.filter(into, pk__gt=merge.pk, undone_at=None).order_by("-pk").first()


def _sees(by: Actor, merge: Merge) -> bool:
    if by.kind != "staff":
        return True
    member = Member.objects.select_related("role", "department").filter(pk=by.id or 0).first()
    if member is None:
        return False
    return Customer.objects.visible_to(member).filter(pk=merge.survivor_id).exists()

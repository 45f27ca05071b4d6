"""Giving customers back what an import changed about them, where nobody changed it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from guanxi.core.actors import Actor
from guanxi.core.events import NewEvent, record_many
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag, remove_tag
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.events import CUSTOMER_EDITED
from guanxi.customers.imports import writing
from guanxi.customers.imports.changing import FIELD_PREFIX, plain
from guanxi.customers.models import CustomerTag, Identity, Import, ImportedCustomer, Relationship, Stage, Tag
from guanxi.staff.models import Member


def restore(changed: Sequence[ImportedCustomer], imported: Import, *, by: Actor, at: datetime) -> int:
    """Restore customers from what the import remembered of them; returns how many it had changed."""
    told = [each for each in changed if any(each.before.values())]
    if not told:
        return 0
    current = writing.lock(each.customer_id for each in told)
    back = {
        each.customer_id: _back(each.before.get("changes", {}), current[each.customer_id])
        for each in told
        if each.customer_id in current
    }
    columns = {customer: _without_verbs(changes) for customer, changes in back.items()}
    writing.change([_merged(current[customer], changes) for customer, changes in columns.items() if changes], at=at)
    record_many(
        [
            NewEvent(CUSTOMER_EDITED, by, customer, at, payload={"changes": changes, "undone_import": imported.pk})
            for customer, changes in columns.items()
            if changes
        ]
    )
    _move_and_assign(back, by=by, at=at)
    Identity.objects.filter(
        pk__in=[pk for each in told for pk in each.before.get("identities", ())],
        customer__in=[each.customer_id for each in told],
    ).delete()
    Relationship.objects.filter(pk__in=[pk for each in told for pk in each.before.get("relationships", ())]).delete()
    _tags_back(told, by=by, at=at)
    refresh_terms(back)
    return len(told)


def _back(changes: dict[str, list[Any]], current: dict[str, Any]) -> dict[str, list[Any]]:
    """{column or field:<key>: [present value, former value]} of what still stands as the import left it."""
    back: dict[str, list[Any]] = {}
    for name, (before, after) in changes.items():
        is_own = name.startswith(FIELD_PREFIX)
        now = current["fields"].get(name.removeprefix(FIELD_PREFIX)) if is_own else plain(current[name])
        if now == after:
            back[name] = [after, before]
    return back


def _without_verbs(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: pair for name, pair in changes.items() if name not in ("stage_id", "owner_id")}


def _merged(current: dict[str, Any], changes: dict[str, list[Any]]) -> dict[str, Any]:
    own = dict(current["fields"])
    columns: dict[str, Any] = {}
    for name, (_now, former) in changes.items():
        if not name.startswith(FIELD_PREFIX):
            columns[name] = former
        elif former is None:
            own.pop(name.removeprefix(FIELD_PREFIX), None)
        else:
            own[name.removeprefix(FIELD_PREFIX)] = former
    return {**current, **columns, "fields": own}


def _move_and_assign(back: dict[int, dict[str, list[Any]]], *, by: Actor, at: datetime) -> None:
    stages: dict[int | None, list[int]] = defaultdict(list)
    owners: dict[int | None, list[int]] = defaultdict(list)
    for customer, changes in back.items():
        if "stage_id" in changes:
            stages[changes["stage_id"][1]].append(customer)
        if "owner_id" in changes:
            owners[changes["owner_id"][1]].append(customer)
    for stage_id, customers in stages.items():
        move_to_stage(sorted(customers), Stage.objects.filter(pk=stage_id or 0).first(), by=by, at=at)
    for member_id, customers in owners.items():
        assign(sorted(customers), Member.objects.get_queryset().filter(pk=member_id or 0).first(), by=by, at=at)


def _tags_back(told: Sequence[ImportedCustomer], *, by: Actor, at: datetime) -> None:
    """Tags that the import put on come off; tags that they took the place of come back."""
    off: dict[int, list[int]] = defaultdict(list)
    on: dict[int, list[int]] = defaultdict(list)
    for each in told:
        before, gained = each.before.get("tags") or ([], [])
        for tag_id in gained:
            off[tag_id].append(each.customer_id)
        if gained:
            for tag_id in before:
                on[tag_id].append(each.customer_id)
    tags = {tag.pk: tag for tag in Tag.objects.filter(pk__in={*off, *on}).select_related("group")}
    for tag_id, customers in off.items():
        if tag_id in tags:
            remove_tag(customers, tags[tag_id], by=by, at=at)
    for tag_id, customers in on.items():
        if tag_id in tags:
            add_tag(customers, tags[tag_id], by=by, at=at, how=CustomerTag.How.IMPORT)

"""What an import does to the customers of a batch: it makes, changes, names and tags them, and keeps how they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from guanxi.core.events import NewEvent, record_many
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.events import CUSTOMER_CREATED, CUSTOMER_EDITED, IDENTITY_ADDED
from guanxi.customers.imports import writing
from guanxi.customers.imports.batches import Batch, Landed
from guanxi.customers.models import CustomerTag, OwnershipChange, Tag

if TYPE_CHECKING:
    from guanxi.customers.imports.people import Person

FIELD_PREFIX = "field:"
_FINDABLE = frozenset({"name", "company_name"})


def make_new(new: Sequence[Person], batch: Batch, landed: Landed) -> None:
    """Make the customers who were not there."""
    if not new:
        return
    made = [_whole(person, batch) for person in new]
    writing.make(made, at=batch.at)
    writing.name([(person.id, ref) for person in new for ref in person.refs], at=batch.at)
    member_id = batch.by.id if batch.by.kind == "staff" else None
    OwnershipChange.objects.bulk_create(
        OwnershipChange(
            customer_id=row["id"], to_member_id=row["owner_id"], changed_by_id=member_id, changed_at=batch.at
        )
        for row in made
        if row["owner_id"]
    )
    record_many(
        [
            NewEvent(CUSTOMER_CREATED, batch.by, row["id"], batch.at, payload={"name": row["name"], **batch.mark})
            for row in made
        ]
    )
    refresh_terms([person.id for person in new])
    landed.created += len(new)


def change_existing(
    there: Sequence[Person], batch: Batch, landed: Landed, *, silent: frozenset[int] = frozenset()
) -> None:
    """Fill or overwrite what the rows say of customers who are there; `silent` ones are told of elsewhere."""
    if not there:
        return
    current = writing.lock(person.id for person in there)
    overwrite = batch.plan.existing == "overwrite"
    done: dict[int, dict[str, Any]] = {}
    for person in there:
        changes = _changes(person, current[person.id], batch, overwrite=overwrite)
        done[person.id] = {"changes": changes}
    columns = {customer: _columns(doing["changes"]) for customer, doing in done.items()}
    changed = [_merged(current[customer], told) for customer, told in columns.items() if told]
    writing.change(changed, at=batch.at)
    _move_and_assign(done, batch)
    named = writing.name([(person.id, ref) for person in there for ref in person.refs], at=batch.at)
    for identity_id, customer, _ref in named:
        done[customer].setdefault("identities", []).append(identity_id)
    told = [
        NewEvent(CUSTOMER_EDITED, batch.by, customer, batch.at, payload={"changes": changes, **batch.mark})
        for customer, changes in columns.items()
        if changes and customer not in silent
    ]
    told += [
        NewEvent(IDENTITY_ADDED, batch.by, customer, batch.at, payload={**ref._asdict(), **batch.mark})
        for _identity, customer, ref in named
    ]
    record_many(told)
    refresh_terms(
        {customer for customer, changes in columns.items() if changes.keys() & _FINDABLE}
        | {customer for _identity, customer, _ref in named}
    )
    writing.remember(
        batch.imported.pk, (), {customer: doing for customer, doing in done.items() if any(doing.values())}
    )
    landed.updated += sum(bool(any(doing.values())) and customer not in silent for customer, doing in done.items())


def tag(new: Sequence[Person], there: Sequence[Person], batch: Batch) -> None:
    """Put the rows' tags, and those that the whole import gives, on customers; keep which were there before."""
    wanted: dict[int, set[int]] = defaultdict(set)
    tags: dict[int, Tag] = {
        each.pk: each for each in Tag.objects.filter(pk__in=batch.plan.tag_ids).select_related("group")
    }
    for person in (*new, *there):
        for each in (*tags.values(), *map(batch.lookups.tag, person.tags)):
            tags[each.pk] = each
            wanted[each.pk].add(person.id)
    if not wanted:
        return
    before = _carried({person.id for person in there})
    for tag_id in sorted(wanted):
        add_tag(sorted(wanted[tag_id]), tags[tag_id], by=batch.by, at=batch.at, how=CustomerTag.How.IMPORT)
    after = _carried({person.id for person in there})
    gained = {
        customer: {"tags": [sorted(before[customer]), sorted(after[customer] - before[customer])]}
        for customer in after
        if after[customer] != before[customer]
    }
    writing.remember(batch.imported.pk, (), gained)


def keep(new: Sequence[Person], there: Sequence[Person], batch: Batch) -> None:
    """Note which customers the import made, and which it met."""
    writing.remember(batch.imported.pk, [person.id for person in new], {})


def _whole(person: Person, batch: Batch) -> dict[str, Any]:
    values, plan = person.values, batch.plan
    source = values.get("source")
    return {
        **{column: values.get(column, "") for column in writing.TEXT_COLUMNS},
        "id": person.id,
        "kind": values.get("kind", plan.kind),
        "name": values.get("name") or (values.get("company_name", "") if _is_company(person, batch) else ""),
        "birth_date": values.get("birth_date"),
        "stage_id": values.get("stage_id", batch.lookups.default_stage_id),
        "owner_id": values.get("owner_id", batch.default_owner_id),
        "source_id": batch.lookups.source(source) if source else plan.source_id,
        "fields": person.own,
        "created_at": values.get("created_at") or batch.at,
    }


def _is_company(person: Person, batch: Batch) -> bool:
    """A company that only has a company's name is called by it; so is a card that names nobody else."""
    return person.values.get("kind", batch.plan.kind) == "company" or "name" not in person.values


def _changes(person: Person, current: dict[str, Any], batch: Batch, *, overwrite: bool) -> dict[str, list[Any]]:
    """{column or field:<key>: [before, after]} of what a row changes about a customer who is there."""
    told = {name: value for name, value in person.values.items() if name not in ("created_at", "source")}
    if source := person.values.get("source"):
        told["source_id"] = batch.lookups.source(source)
    elif batch.plan.source_id:
        told["source_id"] = batch.plan.source_id
    changes: dict[str, list[Any]] = {}
    for name, value in told.items():
        former = current[name]
        if former != value and (overwrite or former in ("", None)):
            changes[name] = [plain(former), plain(value)]
    for key, value in person.own.items():
        former = current["fields"].get(key)
        if former != value and (overwrite or former in ("", None, [])):
            changes[FIELD_PREFIX + key] = [former, value]
    return changes


def _columns(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Without stage and owner, which change by verbs of their own."""
    return {name: pair for name, pair in changes.items() if name not in ("stage_id", "owner_id")}


def _merged(current: dict[str, Any], changes: dict[str, list[Any]]) -> dict[str, Any]:
    own = {name.removeprefix(FIELD_PREFIX): pair[1] for name, pair in changes.items() if name.startswith(FIELD_PREFIX)}
    columns = {name: pair[1] for name, pair in changes.items() if not name.startswith(FIELD_PREFIX)}
    return {**current, **columns, "fields": {**current["fields"], **own}}


def _move_and_assign(done: dict[int, dict[str, Any]], batch: Batch) -> None:
    """Stages and owners change by the verbs that tell of it, one call for all who go to the same."""
    stages: dict[int, list[int]] = defaultdict(list)
    owners: dict[int, list[int]] = defaultdict(list)
    for customer, doing in done.items():
        if "stage_id" in doing["changes"]:
            stages[doing["changes"]["stage_id"][1]].append(customer)
        if "owner_id" in doing["changes"]:
            owners[doing["changes"]["owner_id"][1]].append(customer)
    for stage_id, customers in sorted(stages.items()):
        move_to_stage(sorted(customers), batch.lookups.stage_of[stage_id], by=batch.by, at=batch.at)
    for member_id, customers in sorted(owners.items()):
        assign(sorted(customers), batch.lookups.owner_of[member_id], by=batch.by, at=batch.at)


def _carried(customer_ids: set[int]) -> dict[int, set[int]]:
    carried: dict[int, set[int]] = {customer: set() for customer in customer_ids}
    rows = CustomerTag.objects.filter(customer__in=customer_ids).values_list("customer_id", "tag_id")
    for customer, tag_id in rows:
        carried[customer].add(tag_id)
    return carried


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value

"""The survivor's own row: how a merge fills it, and how it is given back."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from psycopg import sql

from guanxi.customers.merging import rows
from guanxi.customers.merging.acts import Merging, Undoing
from guanxi.customers.merging.choosing import COLUMNS, OWN, is_filled, value_of
from guanxi.customers.models import Customer, Field, Merge, OwnershipChange

_CHANGES = OwnershipChange._meta.db_table
_FOREIGN = ("stage", "owner", "source")
_HIDE = """
UPDATE customers_customer SET merged_into_id = %(survivor)s, version = version + 1 WHERE id = ANY (%(absorbed)s)
"""
_SHOW = """
UPDATE customers_customer SET merged_into_id = NULL, version = version + 1
WHERE id = ANY (%(absorbed)s) AND merged_into_id = %(survivor)s
"""
_AFTER = "SELECT to_jsonb(c)::text FROM customers_customer AS c WHERE id = %(survivor)s"
# A column goes back to what it was unless somebody has edited it since: then the edit stands.
_GIVE_BACK = """
UPDATE customers_customer AS c SET {settings}, version = c.version + 1
FROM customers_merge AS m,
    jsonb_populate_record(NULL::customers_customer, m.before) AS b,
    jsonb_populate_record(NULL::customers_customer, %(after)s::jsonb) AS a
WHERE m.id = %(merge)s AND c.id = %(survivor)s
"""


def unite(act: Merging, locked: dict[int, Customer]) -> dict[str, list[Any]]:
    """Give the survivor the chosen values and hide the absorbed; {field: [before, after]} of what changed."""
    survivor = locked[act.survivor]
    wanted = {field: value_of(locked[of], field) for field, of in act.chosen.items() if _is_field(field)}
    changes = {
        field: [_told(value_of(survivor, field)), _told(value)]
        for field, value in wanted.items()
        if value_of(survivor, field) != value
    }
    _note_new_owner(act, survivor, wanted)
    _assign(survivor, wanted)
    _forget_self(survivor, act)
    survivor.created_at = min(customer.created_at for customer in locked.values())
    survivor.updated_at = act.at
    survivor.version += 1
    survivor.save()
    rows.run(_HIDE, {"survivor": act.survivor, "absorbed": act.absorbed})
    act.journal.noted["after"] = rows.ask(_AFTER, {"survivor": act.survivor})[0][0]
    return changes


def part(act: Undoing) -> None:
    """Give the survivor its own values back and show the absorbed again."""
    _give_back(act)
    OwnershipChange.objects.filter(pk__in=act.made.get(_CHANGES, []), customer_id=act.survivor).delete()
    rows.run(_SHOW, {"survivor": act.survivor, "absorbed": act.absorbed})


def _is_field(field: str) -> bool:
    return field in COLUMNS or field.startswith(OWN)


def _assign(survivor: Customer, wanted: dict[str, Any]) -> None:
    survivor.fields = dict(survivor.fields)
    for field, value in wanted.items():
        if not field.startswith(OWN):
            setattr(survivor, f"{field}_id" if field in _FOREIGN else field, value)
        elif is_filled(value):
            survivor.fields[field.removeprefix(OWN)] = value
        else:
            survivor.fields.pop(field.removeprefix(OWN), None)


def _forget_self(survivor: Customer, act: Merging) -> None:
    """A reference from one of the merged to another would name the survivor itself."""
    references = Field.objects.filter(kind=Field.Kind.REFERENCE).values_list("pk", flat=True)
    for field in map(str, references):
        if survivor.fields.get(field) in act.everybody:
            del survivor.fields[field]


def _note_new_owner(act: Merging, survivor: Customer, wanted: dict[str, Any]) -> None:
    if wanted["owner"] == survivor.owner_id:
        return
    change = OwnershipChange.objects.create(
        customer_id=act.survivor,
        from_member_id=survivor.owner_id,
        to_member_id=wanted["owner"],
        changed_by_id=act.member_id,
        reason="merge",
        changed_at=act.at,
    )
    act.journal.made[_CHANGES] = [change.pk]


def _told(value: Any) -> Any:
    return value if isinstance(value, (str, int, bool, list)) or value is None else str(value)


def _give_back(act: Undoing) -> None:
    columns = [
        str(field.column)
        for field in Customer._meta.concrete_fields
        if field.column not in ("id", "version", "fields", "merged_into_id")
    ]
    setting = "{0} = CASE WHEN c.{0} IS NOT DISTINCT FROM a.{0} THEN b.{0} ELSE c.{0} END"
    settings = sql.SQL(", ").join([sql.SQL(setting).format(sql.Identifier(column)) for column in columns])
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(_GIVE_BACK).format(settings=settings),
            {"after": act.noted["after"], "merge": act.merge_id, "survivor": act.survivor},
        )
    _give_own_fields_back(act)


def _give_own_fields_back(act: Undoing) -> None:
    kept = Merge.objects.values_list("before", flat=True).get(pk=act.merge_id)
    old: dict[str, Any] = kept["fields"]
    after: dict[str, Any] = json.loads(act.noted["after"])["fields"]
    now: dict[str, Any] = Customer.objects.values_list("fields", flat=True).get(pk=act.survivor)
    mended = dict(now)
    for key in {*old, *after}:
        if now.get(key) == after.get(key) and old.get(key) != after.get(key):
            mended.pop(key, None)
            if key in old:
                mended[key] = old[key]
    if mended != now:
        Customer.objects.filter(pk=act.survivor).update(fields=mended)

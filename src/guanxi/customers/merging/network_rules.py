"""Merge rules of what ties customers to each other: relationships, references, pairs that may be duplicates."""

from __future__ import annotations

from typing import Any

from guanxi.customers.merging import rows
from guanxi.customers.merging.acts import Merging, Undoing
from guanxi.customers.merging.policies import Policy
from guanxi.customers.models import DuplicatePair, Field, Relationship

# What would tie the survivor to itself, and what would say the same twice. Of a symmetric kind (no reverse name) one
# row stands for both ways. The row that needs no change stays, else the oldest.
_TAKE_RELATIONSHIPS = """
DELETE FROM customers_relationship AS t
USING (
    SELECT id, touched, ends[1] = ends[2] AS to_self, row_number() OVER (
        PARTITION BY kind_id,
            CASE WHEN both_ways THEN least(ends[1], ends[2]) ELSE ends[1] END,
            CASE WHEN both_ways THEN greatest(ends[1], ends[2]) ELSE ends[2] END
        ORDER BY touched, id
    ) AS place
    FROM (
        SELECT r.id, r.kind_id, kind.reverse_name = '' AS both_ways,
            r.customer_id = ANY (%(absorbed)s) OR r.other_id = ANY (%(absorbed)s) AS touched,
            ARRAY[
                CASE WHEN r.customer_id = ANY (%(absorbed)s) THEN %(survivor)s ELSE r.customer_id END,
                CASE WHEN r.other_id = ANY (%(absorbed)s) THEN %(survivor)s ELSE r.other_id END
            ] AS ends
        FROM customers_relationship AS r JOIN customers_relationshipkind AS kind ON kind.id = r.kind_id
        WHERE r.customer_id = ANY (%(everybody)s) OR r.other_id = ANY (%(everybody)s)
    ) AS mapped
) AS ranked
WHERE t.id = ranked.id AND ranked.touched AND (ranked.to_self OR ranked.place > 1)
RETURNING to_jsonb(t) AS gone
"""
_CLOSE_PAIRS = """
WITH closing AS MATERIALIZED (
    SELECT * FROM customers_duplicatepair
    WHERE customer_id = ANY (%(everybody)s) AND other_id = ANY (%(everybody)s) AND state <> 'merged'
    FOR UPDATE
), closed AS (
    UPDATE customers_duplicatepair AS t SET state = 'merged', decided_at = %(at)s, decided_by_id = %(member)s
    FROM closing WHERE t.id = closing.id
)
SELECT coalesce(jsonb_agg(to_jsonb(closing)), '[]')::text FROM closing
"""
_REOPEN_PAIRS = """
UPDATE customers_duplicatepair AS t
SET state = r.state, decided_at = r.decided_at, decided_by_id = r.decided_by_id
FROM jsonb_populate_recordset(NULL::customers_duplicatepair, %(pairs)s::jsonb) AS r
WHERE t.id = r.id AND t.state = 'merged'
"""
# Pairs of the absorbed with outsiders, and the survivor's own with the same outsiders.
_TAKE_PAIRS = """
DELETE FROM customers_duplicatepair AS t
USING (
    SELECT DISTINCT CASE WHEN customer_id = ANY (%(absorbed)s) THEN other_id ELSE customer_id END AS outsider
    FROM customers_duplicatepair
    WHERE (customer_id = ANY (%(absorbed)s)) <> (other_id = ANY (%(absorbed)s))
) AS met
WHERE met.outsider <> %(survivor)s
  AND ((t.customer_id = met.outsider AND t.other_id = ANY (%(everybody)s))
    OR (t.other_id = met.outsider AND t.customer_id = ANY (%(everybody)s)))
RETURNING to_jsonb(t) AS gone
"""
# One pair for each outsider: a colleague's "not the same" of any of them holds, else the likeliest.
_GIVE_PAIRS = """
INSERT INTO customers_duplicatepair (
    customer_id, other_id, score, reasons, state, found_at, decided_at, decided_by_id
)
SELECT least(%(survivor)s, outsider), greatest(%(survivor)s, outsider), score, reasons, state, found_at, decided_at,
    decided_by_id
FROM (
    SELECT DISTINCT ON (outsider) *
    FROM (
        SELECT r.*, CASE WHEN customer_id = ANY (%(everybody)s) THEN other_id ELSE customer_id END AS outsider
        FROM jsonb_populate_recordset(NULL::customers_duplicatepair, %(taken)s::jsonb) AS r
    ) AS known
    WHERE state <> 'merged'
    ORDER BY outsider, state <> 'distinct', score DESC, id
) AS best
RETURNING id
"""
_POINT = """
UPDATE customers_customer SET fields = jsonb_set(fields, ARRAY[%(field)s], to_jsonb(%(to)s::bigint))
WHERE fields ->> %(field)s = %(of)s::text AND id <> ALL (%(everybody)s)
RETURNING id
"""
_POINT_BACK = """
UPDATE customers_customer SET fields = jsonb_set(fields, ARRAY[%(field)s], to_jsonb(%(to)s::bigint))
WHERE id = ANY (%(holders)s) AND fields ->> %(field)s = %(of)s::text
"""


class FollowAsRelationships:
    """Both ends follow; what would tie the survivor to itself or say the same twice gives way."""

    def merge(self, policy: Policy, act: Merging) -> None:
        parameters = {"survivor": act.survivor, "absorbed": act.absorbed, "everybody": act.everybody}
        if taken := rows.take(_TAKE_RELATIONSHIPS, parameters):
            act.journal.taken[policy.table] = taken
        for column in policy.database_columns:
            moved = rows.move(policy.table, column, "id", survivor=act.survivor, absorbed=act.absorbed)
            if moved:
                act.journal.moved[f"{policy.table}.{column}"] = moved

    def undo(self, policy: Policy, act: Undoing) -> None:
        for column in policy.database_columns:
            moved = act.moved.get(f"{policy.table}.{column}", {})
            rows.move_back(policy.table, column, "id", survivor=act.survivor, moved=moved)
        rows.put_back(Relationship, act.merge_id)


class SettlePairs:
    """Pairs among the merged are settled; pairs with others become the survivor's, one for each."""

    def merge(self, policy: Policy, act: Merging) -> None:
        parameters: dict[str, Any] = {
            "survivor": act.survivor,
            "absorbed": act.absorbed,
            "everybody": act.everybody,
            "at": act.at,
            "member": act.member_id,
        }
        act.journal.noted["pairs"] = rows.ask(_CLOSE_PAIRS, parameters)[0][0]
        if taken := rows.take(_TAKE_PAIRS, parameters):
            act.journal.taken[policy.table] = taken
            made = rows.ask(_GIVE_PAIRS, {**parameters, "taken": taken})
            act.journal.made[policy.table] = [pair for (pair,) in made]

    def undo(self, policy: Policy, act: Undoing) -> None:
        made = act.made.get(policy.table, [])
        DuplicatePair.objects.filter(pk__in=made).delete()
        rows.put_back(DuplicatePair, act.merge_id)
        rows.run(_REOPEN_PAIRS, {"pairs": act.noted.get("pairs", "[]")})


def point_references(act: Merging) -> None:
    """Let other customers' reference fields that name an absorbed record name the survivor."""
    pointed: list[dict[str, Any]] = []
    for field in _reference_fields():
        for absorbed in act.absorbed:
            values = {"field": field, "of": absorbed, "to": act.survivor, "everybody": act.everybody}
            holders = sorted(holder for (holder,) in rows.ask(_POINT, values))
            if holders:
                pointed.append({"field": field, "absorbed": absorbed, "holders": holders})
    act.journal.noted["references"] = pointed


def point_references_back(act: Undoing) -> None:
    """The reverse, where nobody has chosen another reference meanwhile."""
    for entry in act.noted.get("references", []):
        values = {"field": entry["field"], "of": act.survivor, "to": entry["absorbed"], "holders": entry["holders"]}
        rows.run(_POINT_BACK, values)


def _reference_fields() -> list[str]:
    return [str(pk) for pk in Field.objects.filter(kind=Field.Kind.REFERENCE).values_list("pk", flat=True)]

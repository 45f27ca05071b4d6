"""The general merge rules: follow the survivor, follow once, stay, give way."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.customers.merging import rows
from guanxi.customers.merging.acts import Merging, Undoing
from guanxi.customers.merging.policies import Policy

# Of rows that would be the same once they are all the survivor's, the survivor's own stays, else the oldest.
_TAKE_REPEATED = """
DELETE FROM {table} AS t
USING (
    SELECT {key} AS key, {column} AS holder,
        row_number() OVER (PARTITION BY {once} ORDER BY {column} <> %(survivor)s, {key}, {column}) AS place
    FROM {table}
    WHERE {column} = ANY (%(everybody)s)
) AS ranked
WHERE t.{column} = ranked.holder AND t.{key} = ranked.key
  AND ranked.place > 1 AND t.{column} <> %(survivor)s
RETURNING to_jsonb(t) AS gone
"""
_TAKE_ALL = "DELETE FROM {table} AS t WHERE t.{column} = ANY (%(absorbed)s) RETURNING to_jsonb(t) AS gone"


@dataclass(frozen=True, slots=True)
class Follow:
    """Rows of the absorbed become the survivor's. `once` names a column that may stand only once per customer:
    rows that would repeat it give way, and come back when the merge is undone."""

    once: str = ""

    def merge(self, policy: Policy, act: Merging) -> None:
        for column in policy.database_columns:
            if self.once:
                self._give_way(policy, column, act)
            moved = rows.move(policy.table, column, policy.key, survivor=act.survivor, absorbed=act.absorbed)
            if moved:
                act.journal.moved[f"{policy.table}.{column}"] = moved

    def _give_way(self, policy: Policy, column: str, act: Merging) -> None:
        parameters = {"survivor": act.survivor, "everybody": act.everybody}
        taken = rows.take(_TAKE_REPEATED, parameters, table=policy.table, column=column, key=policy.key, once=self.once)
        if taken:
            act.journal.taken[policy.table] = taken

    def undo(self, policy: Policy, act: Undoing) -> None:
        for column in policy.database_columns:
            moved = act.moved.get(f"{policy.table}.{column}", {})
            rows.move_back(policy.table, column, policy.key, survivor=act.survivor, moved=moved)
        rows.put_back(policy.model, act.merge_id)


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows stay with the record they were written for: they are history of that record, not of the person."""

    def merge(self, policy: Policy, act: Merging) -> None:
        """Nothing moves."""

    def undo(self, policy: Policy, act: Undoing) -> None:
        """Nothing had moved."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Rows of the absorbed go, and come back when the merge is undone."""

    def merge(self, policy: Policy, act: Merging) -> None:
        (column,) = policy.database_columns
        taken = rows.take(_TAKE_ALL, {"absorbed": act.absorbed}, table=policy.table, column=column)
        if taken:
            act.journal.taken[policy.table] = taken

    def undo(self, policy: Policy, act: Undoing) -> None:
        rows.put_back(policy.model, act.merge_id)

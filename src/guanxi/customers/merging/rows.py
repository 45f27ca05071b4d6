"""Moving rows from the absorbed to the survivor and back, and taking rows away to put them back unchanged."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, models
from psycopg import sql

from guanxi.customers.merging.acts import Moved

Parameters = dict[str, Any]

_MOVE = """
WITH moved AS (
    UPDATE {table} SET {column} = %(survivor)s WHERE {column} = %(absorbed)s RETURNING {key} AS key
)
SELECT coalesce(jsonb_agg(key ORDER BY key), '[]')::text FROM moved
"""
# Rows that were deleted, or given to somebody else, since the merge are left as they are.
_MOVE_BACK = """
UPDATE {table} SET {column} = %(absorbed)s WHERE {column} = %(survivor)s AND {key} = ANY (%(keys)s)
"""
_PUT_BACK = """
INSERT INTO {table} ({columns})
SELECT {values}
FROM customers_merge AS merge,
    jsonb_populate_recordset(NULL::{table}, merge.journal -> 'taken' -> {name}) AS r
WHERE merge.id = %(merge)s AND {alive}
ON CONFLICT DO NOTHING
"""
_COLUMNS_TAKEN = """
SELECT DISTINCT jsonb_object_keys(r) FROM customers_merge AS merge,
    jsonb_array_elements(merge.journal -> 'taken' -> %(name)s) AS r
WHERE merge.id = %(merge)s
"""


def run(statement: str, parameters: Parameters, **names: str) -> int:
    """Run a statement whose `{names}` are tables and columns; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(_composed(statement, names), parameters)
        return int(cursor.rowcount)


def ask(statement: str, parameters: Parameters, **names: str) -> list[tuple[Any, ...]]:
    """The rows that a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(_composed(statement, names), parameters)
        return list(cursor.fetchall())


def move(table: str, column: str, key: str, *, survivor: int, absorbed: list[int]) -> Moved:
    """Point every row of the absorbed at the survivor; the keys of the rows by whose they were."""
    moved: Moved = {}
    for each in absorbed:
        found = ask(_MOVE, {"survivor": survivor, "absorbed": each}, table=table, column=column, key=key)
        keys: list[int] = json.loads(found[0][0])
        if keys:
            moved[str(each)] = keys
    return moved


def move_back(table: str, column: str, key: str, *, survivor: int, moved: Moved) -> None:
    """The reverse of `move`, for the rows that are still the survivor's."""
    for each, keys in moved.items():
        values = {"survivor": survivor, "absorbed": int(each), "keys": keys}
        run(_MOVE_BACK, values, table=table, column=column, key=key)


def take(statement: str, parameters: Parameters, **names: str) -> str:
    """Run a `DELETE … RETURNING to_jsonb(…) AS gone`; the rows as a JSON list, empty when there were none."""
    counted = f"WITH taken AS ({statement}) SELECT jsonb_agg(gone)::text FROM taken"  # noqa: S608 - our own text
    return str(ask(counted, parameters, **names)[0][0] or "")


def put_back(model: type[models.Model], merge_id: int) -> None:
    """Write the rows of `model` that the merge took away again, as they were.

    A row whose tag, colleague or other customer is gone since comes back without it where the column may be
    empty, and stays away otherwise.
    """
    table = model._meta.db_table
    taken = {name for (name,) in ask(_COLUMNS_TAKEN, {"name": table, "merge": merge_id})}
    fields = [each for each in model._meta.concrete_fields if each.column in taken]
    if not fields:
        return
    values = [_value(each) for each in fields]
    alive = [_still_there(each) for each in fields if each.is_relation and not each.null]
    statement = sql.SQL(_PUT_BACK).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join([sql.Identifier(str(each.column)) for each in fields]),
        values=sql.SQL(", ").join(values),
        name=sql.Literal(table),
        alive=sql.SQL(" AND ").join(alive) if alive else sql.SQL("true"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merge": merge_id})


def _value(column: models.Field[Any, Any]) -> sql.Composable:
    written = sql.SQL("r.{}").format(sql.Identifier(str(column.column)))
    if not (column.is_relation and column.null):
        return written
    return sql.SQL("CASE WHEN {} THEN {} END").format(_still_there(column), written)


def _still_there(column: models.Field[Any, Any]) -> sql.Composable:
    target = column.related_model
    if not isinstance(target, type):
        raise TypeError(f"{column} points at a model that is not loaded.")
    return sql.SQL("EXISTS (SELECT FROM {} AS target WHERE target.id = r.{})").format(
        sql.Identifier(target._meta.db_table), sql.Identifier(str(column.column))
    )


def _composed(statement: str, names: dict[str, str]) -> sql.Composable:
    identifiers: dict[str, Any] = {name: sql.Identifier(value) for name, value in names.items()}
    return sql.SQL(statement).format(**identifiers)

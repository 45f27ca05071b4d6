"""How much a tag, a stage or a source is in use: counted up to a thousand, by index alone."""

from __future__ import annotations

from django.db import connection

CAP = 1_000
_COUNTED = {
    "customers_tag": ("customers_customertag", "tag_id"),
    "customers_stage": ("customers_customer", "stage_id"),
    "customers_source": ("customers_customer", "source_id"),
    "customers_relationshipkind": ("customers_relationship", "kind_id"),
}


def usage(table: str) -> dict[int, int]:
    """By row of `table`, how many customers (or relationships) use it, CAP at most."""
    using, column = _COUNTED[table]
    statement = (
        f"SELECT t.id, (SELECT count(*) FROM (SELECT 1 FROM {using} AS u WHERE u.{column} = t.id LIMIT %s) AS used)"  # noqa: S608
        f" FROM {table} AS t"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [CAP])
        return dict(cursor.fetchall())


def is_used(table: str, pk: int) -> bool:
    """Whether anything points at the row, merged-away customers included."""
    using, column = _COUNTED[table]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {using} WHERE {column} = %s)", [pk])  # noqa: S608
        return bool(cursor.fetchone()[0])

"""The base out of the database in columns: one COPY to a file beside memory, read by Polars."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from guanxi.core.sql import load
from guanxi.customers.models import Field

if TYPE_CHECKING:
    import polars as pl

READ = load(__package__, "read_records.sql")
# Values of other kinds are shared by many, or of one kind with many meanings.
TEXT_KINDS = (Field.Kind.TEXT, Field.Kind.NUMBER, Field.Kind.LINK)
MOST_OWN_FIELDS = 12
MOST_NAMESPACES = 6
_NAMESPACES = """
SELECT kind, namespace FROM customers_identity WHERE kind IN ('external', 'unionid')
GROUP BY kind, namespace HAVING count(*) > 1 ORDER BY count(*) DESC, kind, namespace LIMIT %s
"""


def read_records() -> pl.DataFrame:
    """Every present customer that has a name, a phone or an e-mail, as `duplicates.records` wants them."""
    import polars as pl

    with connection.cursor() as cursor, tempfile.TemporaryFile(prefix="guanxi-records-") as file:
        statement = sql.SQL(READ).format(own=_own_fields(), strong=_strong(cursor))
        with cursor.copy(statement) as copy:
            for block in copy:
                file.write(block)
        file.seek(0)
        frame = pl.read_csv(file, infer_schema=False)
    return frame.with_columns(pl.col("id").cast(pl.Int64), pl.col("birth_date").str.to_date("%Y-%m-%d", strict=False))


def _own_fields() -> sql.Composable:
    chosen = Field.objects.filter(kind__in=TEXT_KINDS, archived_at=None).order_by("position", "pk")
    keys = [str(pk) for pk in chosen.values_list("pk", flat=True)[:MOST_OWN_FIELDS]]
    column = sql.SQL(", c.fields ->> {} AS {}")
    return sql.SQL("").join(column.format(sql.Literal(key), sql.Identifier(f"field:{key}")) for key in keys)


def _strong(cursor: Any) -> sql.Composable:
    """The ids that an outside system gives once: one column for each of the largest systems."""
    cursor.execute(_NAMESPACES, [MOST_NAMESPACES])
    column = sql.SQL(", max(value) FILTER (WHERE kind = {} AND namespace = {}) AS {}")
    return sql.SQL("").join(
        column.format(sql.Literal(kind), sql.Literal(namespace), sql.Identifier(f"strong:{kind}:{namespace}"))
        for kind, namespace in cursor.fetchall()
    )

"""Reading rows for so many milliseconds and no longer, in one round trip.

Outside of a transaction the time limit travels in front of the statement: both make one message, which PostgreSQL
runs as one transaction with the limit applied to each statement. Inside of one a savepoint keeps the caller's
transaction whole when time is up.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import QueryCanceled


class TimeIsUp(Exception):
    """The rows did not come in time."""


def rows_within(milliseconds: int, rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a `values_list`, as the database gives them. Raises TimeIsUp."""
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    return _run(milliseconds, statement, values)


def count_within(milliseconds: int, rows: QuerySet[Any, Any]) -> int:
    """How many rows there are. Raises TimeIsUp."""
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0
    counting = f"SELECT count(*) FROM ({statement}) AS counted"  # noqa: S608 - the compiler's own statement
    return int(_run(milliseconds, counting, values)[0][0])


def _run(milliseconds: int, statement: str, values: Any) -> list[tuple[Any, ...]]:
    limit = f"SET LOCAL statement_timeout = {int(milliseconds)}"
    try:
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(f"{limit}; {statement}", values)
                cursor.nextset()
                return list(cursor.fetchall())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(limit)
            cursor.execute(statement, values)
            found = list(cursor.fetchall())
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TimeIsUp from error
        raise

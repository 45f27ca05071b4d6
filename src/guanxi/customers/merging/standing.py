"""Which record stands for a customer that was merged: old links lead there."""

from __future__ import annotations

from django.db import connection

_STANDING = """
WITH RECURSIVE way AS (
    SELECT id, merged_into_id FROM customers_customer WHERE id = %s
    UNION
    SELECT c.id, c.merged_into_id FROM customers_customer AS c JOIN way ON c.id = way.merged_into_id
)
SELECT id FROM way WHERE merged_into_id IS NULL
"""


def standing_for(customer_id: int) -> int | None:
    """The id of the record that stands for this one now, itself when it was not merged; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [customer_id])
        row = cursor.fetchone()
    return int(row[0]) if row else None

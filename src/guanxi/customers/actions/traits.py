"""What a source tells about people: it fills what is blank and never overwrites what is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from guanxi.core.sql import load
from guanxi.customers.actions.terms import refresh_terms

FILL_BLANKS = load("guanxi.customers", "fill_blanks.sql")

# Trait → the longest text that its column holds.
TRAITS = {
    "name": 200,
    "gender": 8,
    "title": 120,
    "company_name": 200,
    "language": 10,
    "country": 2,
    "region": 80,
    "city": 80,
    "address": 300,
    "postcode": 20,
}


def apply_traits(told: list[tuple[int, dict[str, Any]]], *, at: datetime) -> None:
    """Fill blank columns of customers from [(customer id, traits)]; of two tellings in a batch the later counts.

    Unknown traits are left alone: the event's payload keeps them.
    """
    by_customer: dict[int, dict[str, str]] = {}
    for customer_id, traits in told:
        known = {trait: str(traits[trait])[:most] for trait, most in TRAITS.items() if traits.get(trait)}
        if known:
            by_customer.setdefault(customer_id, {}).update(known)
    if not by_customer:
        return
    rows = [{"id": customer_id, **by_customer[customer_id]} for customer_id in sorted(by_customer)]
    with connection.cursor() as cursor:
        cursor.execute(FILL_BLANKS, [orjson.dumps(rows).decode(), at])
        changed = [row[0] for row in cursor.fetchall()]
    refresh_terms(changed)

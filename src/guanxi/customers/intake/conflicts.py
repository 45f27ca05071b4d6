"""What to do when one fact's identities point at two customers.

The fact went to the strongest identity's customer. A visitor known by nothing but a browser is taken up into the
other; two customers who are both known by more are put before a person, as a pair to review.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from guanxi.core.jobs import defer
from guanxi.core.sql import load
from guanxi.customers.models import Identity

NOTE_PAIRS = load("guanxi.customers", "note_pairs.sql")


def settle(pairs: Sequence[tuple[int, int]], *, at: datetime) -> None:
    """Queue the taking up of visitors and note the other pairs, in the caller's transaction."""
    if not pairs:
        return
    everyone = {customer_id for pair in pairs for customer_id in pair}
    known = Identity.objects.filter(customer_id__in=everyone).exclude(kind=Identity.Kind.COOKIE)
    named = set(known.values_list("customer_id", flat=True))
    to_review: list[tuple[int, int]] = []
    for low, high in pairs:
        if low in named and high in named:
            to_review.append((low, high))
            continue
        visitor, customer = (low, high) if low not in named else (high, low)
        defer("customers.absorb_visitor", visitor_id=visitor, customer_id=customer, lock=f"customer:{customer}")
    if to_review:
        with connection.cursor() as cursor:
            lows, highs = zip(*to_review, strict=True)
            cursor.execute(NOTE_PAIRS, [at, list(lows), list(highs)])

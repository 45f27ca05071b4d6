"""Putting settings in order: the positions that people gave them by dragging or with arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model

STEP = 10


def put_in_order(model: type[Model], ids: Sequence[int]) -> None:
    """Number the rows in the order of `ids`; rows not named keep their place behind them."""
    rows: Any = model._default_manager
    with transaction.atomic():
        known = {row.pk: row for row in rows.select_for_update().order_by("position", "pk")}
        wanted = [known.pop(pk) for pk in dict.fromkeys(ids) if pk in known]
        for place, row in enumerate([*wanted, *known.values()], start=1):
            row.position = place * STEP
        rows.bulk_update([*wanted, *known.values()], ["position"])


def next_position(model: type[Model]) -> int:
    """Behind all others."""
    rows: Any = model._default_manager
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + STEP

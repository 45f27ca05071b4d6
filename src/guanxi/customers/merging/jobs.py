"""Background work of merging."""

from __future__ import annotations

from guanxi.core import clock
from guanxi.core.jobs import job
from guanxi.customers.merging import visitors


@job(visitors.ABSORB_JOB)
def absorb_visitor(visitor_id: int, customer_id: int) -> None:
    visitors.absorb_visitor(visitor_id, customer_id, at=clock.now())

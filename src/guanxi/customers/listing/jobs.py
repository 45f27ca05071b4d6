"""Work of the list that takes longer than a page may."""

from __future__ import annotations

from guanxi.core import clock
from guanxi.core.jobs import job
from guanxi.core.models import Progress
from guanxi.customers.listing.bulk import carry_on
from guanxi.customers.listing.own_indexes import bring_index_in_line
from guanxi.customers.models import Field


@job("customers.bulk")
def bulk(progress_id: int) -> None:
    """Do what was asked for many customers."""
    progress = Progress.objects.select_related("member__role", "member__department").filter(pk=progress_id).first()
    if progress is not None:
        carry_on(progress, at=clock.now())


@job("customers.index_field", lock="customers.index_field")
def index_field(field_id: int) -> None:
    """Build or drop the index of one of the company's own fields."""
    field = Field.objects.filter(pk=field_id).first()
    if field is not None:
        bring_index_in_line(field)

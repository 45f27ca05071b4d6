"""Work on many customers, saved views, duplicates and merges as the JSON API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from guanxi.customers.api.common import Ids, Name, Word
from guanxi.staff.api_shapes import RowId

FilterValues = Annotated[
    dict[str, Any],
    Field(
        max_length=100,
        description="Filters by their parameters (GET /customer-filters): a value, or a list of alternatives.",
        examples=[{"city": "上海", "no_purchase_days": 90}],
    ),
]


class BulkIn(Schema):
    """One thing to do to many customers: to those of `customer_ids`, or to all that `filters` find."""

    do: Literal["tag", "untag", "stage", "owner"]
    target_id: Annotated[RowId | None, Field(description="The tag, stage or colleague; null for no stage, nobody.")]
    customer_ids: Ids | None = None
    filters: FilterValues | None = None


class ProgressOut(Schema):
    """Long work: how far it has come, and what came of it."""

    id: int
    kind: str
    title: str
    state: Literal["waiting", "running", "finished", "failed", "cancelled"]
    done: int
    total: int | None
    percent: int | None
    changed: int
    failure: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ViewOut(Schema):
    """A list somebody wants to come back to."""

    id: int
    name: str
    member_id: int
    is_shared: bool
    filters: dict[str, Any]
    columns: list[str]
    sort: str


class ViewIn(Schema):
    """A view to save."""

    name: Name
    is_shared: bool = False
    filters: FilterValues = {}
    columns: Annotated[list[Word], Field(max_length=100)] = []
    sort: Word = ""


class ViewPatch(Schema):
    """What to change of a view; what is left out stays."""

    name: Name | None = None
    is_shared: bool | None = None
    filters: FilterValues | None = None
    columns: Annotated[list[Word], Field(max_length=100)] | None = None
    sort: Word | None = None


class PairOut(Schema):
    """Two records that may be one customer: how likely (0 to 1), and how far each field agrees."""

    id: int
    customer_id: int
    customer_name: str
    other_id: int
    other_name: str
    score: float
    reasons: list[Any]
    state: Literal["open", "merged", "distinct"]
    found_at: datetime
    decided_at: datetime | None


class PairPageOut(Schema):
    """Open pairs, the likeliest first. Pass `next` as `after` for the following page."""

    items: list[PairOut]
    next: str


class PairDecision(Schema):
    """distinct: not the same; open: back to the queue. To merge a pair, post a merge."""

    state: Literal["distinct", "open"]


class MergeIn(Schema):
    """Records to take up into one. `choices` says by field whose value wins; the rest is decided as on screen."""

    survivor_id: RowId
    absorbed_ids: Annotated[list[RowId], Field(min_length=1, max_length=19)]
    choices: Annotated[
        dict[str, RowId],
        Field(max_length=200, description="Field → id of the record whose value wins.", examples=[{"name": 12}]),
    ] = {}


class MergeOut(Schema):
    """A merge."""

    id: int
    survivor_id: int
    absorbed_ids: list[int]
    member_id: int | None
    merged_at: datetime
    undone_at: datetime | None


class MergePageOut(Schema):
    """Merges, newest first. Pass `next` as `after` for older ones."""

    items: list[MergeOut]
    next: str

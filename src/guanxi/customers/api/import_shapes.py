"""Imports as the JSON API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from guanxi.customers.api.common import Word
from guanxi.staff.api_shapes import RowId


class ColumnOut(Schema):
    """A column of the file and where its values go."""

    name: str
    target: str
    namespace: str


class ColumnIn(Schema):
    """Where the values of a column go: one of GET /imports/targets, or nowhere (""). In the file's order."""

    target: Annotated[str, Field(max_length=80)]
    namespace: Annotated[str, Field(max_length=80)] = ""


class ImportOut(Schema):
    """A file taken in. It lands once it is started; counts grow while it runs."""

    id: int
    file_name: str
    shape: Literal["customers", "transactions"]
    state: Literal["mapping", "running", "finished", "failed", "cancelled", "undoing", "undone"]
    columns: list[ColumnOut]
    options: dict[str, Any]
    progress_id: int | None
    rows_done: int
    created_count: int
    updated_count: int
    event_count: int
    refused_count: int
    repeated_count: int
    totals: dict[str, Decimal]
    failure: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ImportPageOut(Schema):
    """Imports, newest first. Pass `next` as `after` for older ones."""

    items: list[ImportOut]
    next: str


class PlanPatch(Schema):
    """What to change about how a file lands; what is left out stays. A new `shape` guesses the columns anew."""

    shape: Literal["customers", "transactions"] | None = None
    columns: Annotated[list[ColumnIn], Field(min_length=1, max_length=1_000)] | None = None
    kind: Literal["person", "company"] | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    date_order: Literal["", "dmy", "mdy"] | None = None
    decimal: Literal["", ".", ","] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    existing: Literal["fill", "overwrite", "skip"] | None = None
    origin: Annotated[Word, Field(description="The shop or till whose lines these are.")] | None = None
    source_id: RowId | None = None
    tag_ids: Annotated[list[RowId], Field(max_length=50)] | None = None


class TriedOut(Schema):
    """What landing the first rows would come to. Nothing of it was kept."""

    rows: int
    total: int
    created: int
    updated: int
    events: int
    repeated: int
    skipped: int
    refused: int
    totals: dict[str, Decimal]
    reasons: list[tuple[str, int]]


class RefusalOut(Schema):
    """A row that did not land, as it was, and why; with `has_landed` only the named cell did not."""

    row_number: int
    column: str
    code: str
    reason: str
    row: list[Any]
    has_landed: bool


class RefusalPageOut(Schema):
    """Refused rows in the file's order. Pass `next` as `after` for the following page."""

    items: list[RefusalOut]
    next: str


class TargetOut(Schema):
    """Where a column of a file can go."""

    key: str
    label: str

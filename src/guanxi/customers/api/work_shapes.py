"""Notes, follow-ups and relationships as the JSON API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from guanxi.customers.api.common import Line, Moment, Prose
from guanxi.staff.api_shapes import RowId


class AttachmentOut(Schema):
    """A file kept with a note; fetch it at /api/v1/attachments/{id}."""

    id: int
    name: str
    content_type: str
    size: int


class NoteOut(Schema):
    """What a colleague wrote down."""

    id: int
    text: str
    author_id: int | None
    is_pinned: bool
    created_at: datetime
    edited_at: datetime | None
    attachments: list[AttachmentOut]


class NotePageOut(Schema):
    """Notes, newest first. Pass `next` as `after` for older ones."""

    items: list[NoteOut]
    next: str


class NoteIn(Schema):
    """A note. `@` and a colleague's name tells them, if they may see the customer."""

    text: Annotated[Prose, Field(min_length=1, examples=["Prefers to be called in the evening. @Li Ming"])]
    is_call: Annotated[bool, Field(description="What was said on a call.")] = False


class NotePatch(Schema):
    """What to change."""

    text: Annotated[Prose, Field(min_length=1)] | None = None
    is_pinned: bool | None = None


class FollowUpOut(Schema):
    """Something to do by a certain time."""

    id: int
    customer_id: int
    assignee_id: int
    text: str
    due_at: datetime
    created_by_id: int | None
    created_at: datetime
    reminded_at: datetime | None
    done_at: datetime | None
    done_by_id: int | None


class FollowUpPageOut(Schema):
    """Follow-ups. Pass `next` as `after` for the following page."""

    items: list[FollowUpOut]
    next: str


class FollowUpIn(Schema):
    """What to do, when, and who; without `assignee_id` the caller's member."""

    text: Annotated[Line, Field(min_length=1, examples=["Call back about the spring tea"])]
    due_at: Moment
    assignee_id: RowId | None = None


class FollowUpPatch(Schema):
    """What to change: done or not, put off, passed on."""

    is_done: bool | None = None
    due_at: Moment | None = None
    assignee_id: RowId | None = None


class RelationshipOut(Schema):
    """How a customer is related to another, as it reads from this customer's side."""

    id: int
    kind_id: int
    words: Annotated[str, Field(examples=["referred by"])]
    other_id: int
    other_name: str
    is_outgoing: Annotated[bool, Field(description="Whether this customer is the one the kind's name speaks of.")]
    weight: float
    created_at: datetime


class RelationshipIn(Schema):
    """This customer is `kind` of the other (referred, follows …)."""

    other_id: RowId
    kind_id: RowId
    weight: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0

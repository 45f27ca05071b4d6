"""Customers as the JSON API takes and gives them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from guanxi.customers.api.common import Line, Prose, Word
from guanxi.staff.api_shapes import RowId

IdentityKind = Literal["phone", "email", "unionid", "openid", "external", "cookie"]
OwnValues = Annotated[
    dict[str, Any],
    Field(
        max_length=500,
        description="Values of the company's own fields by the field's slug; null empties one.",
        examples=[{"shoe-size": "42"}],
    ),
]


class IdentityIn(Schema):
    """A name under which a channel knows a customer. Phones are read as people write them and kept as E.164."""

    kind: IdentityKind
    value: Annotated[str, Field(min_length=1, max_length=254, examples=["138 0013 8000"])]
    namespace: Annotated[
        str,
        Field(max_length=80, description="Where the id is unique: the shop of an external id, the app of an open id."),
    ] = ""


class IdentityOut(Schema):
    """An identity; masked for callers whose role masks contacts."""

    id: int
    kind: str
    namespace: str
    value: str
    is_primary: bool
    verified_at: datetime | None


class TagOnCustomer(Schema):
    """A tag that a customer carries."""

    id: int
    name: str
    group_id: int


class Figures(Schema):
    """What the event log says of a customer, in figures; a moment behind the log."""

    event_count: int = 0
    first_event_at: datetime | None = None
    last_event_at: datetime | None = None
    purchase_count: int = 0
    purchase_total: Decimal = Decimal(0)
    currency: str = ""
    last_purchase_at: datetime | None = None


class _Profile(Schema):
    kind: Literal["person", "company"]
    name: str
    gender: str
    birth_date: date | None
    title: str
    company_name: str
    language: str
    country: str
    region: str
    city: str
    address: str
    postcode: str
    description: str


class CustomerOut(_Profile):
    """A customer. `version` rises with each edit: send it back with changes, as `version` or as If-Match."""

    id: int
    stage_id: int | None
    owner_id: int | None
    source_id: int | None
    fields: OwnValues
    identities: list[IdentityOut]
    tags: list[TagOnCustomer]
    figures: Figures
    version: int
    created_at: datetime
    updated_at: datetime


class CustomerPageOut(Schema):
    """A page of customers. Pass `next` as `after` for the following one; it is empty on the last."""

    items: list[CustomerOut]
    previous: str
    next: str
    count: Annotated[int, Field(description="How many match; 10,000 stands for that many or more.")]
    count_is_estimate: bool


class _Changes(Schema):
    kind: Literal["person", "company"] | None = None
    name: Line | None = None
    gender: Literal["female", "male", "other", ""] | None = None
    birth_date: Annotated[
        Word | None, Field(description="A day in any usual form; ISO 8601 is never misread.", examples=["1990-05-17"])
    ] = None
    title: Line | None = None
    company_name: Line | None = None
    language: Word | None = None
    country: Annotated[Word | None, Field(description="ISO 3166 alpha-2.", examples=["CN"])] = None
    region: Line | None = None
    city: Line | None = None
    address: Line | None = None
    postcode: Word | None = None
    description: Prose | None = None
    fields: OwnValues = {}


class CustomerIn(_Changes):
    """A new customer: at least a name or one identity. Without `owner_id`, callers who see only their own own it."""

    identities: Annotated[list[IdentityIn], Field(max_length=20)] = []
    tag_ids: Annotated[list[RowId], Field(max_length=100)] = []
    stage_id: RowId | None = None
    owner_id: RowId | None = None
    source_id: RowId | None = None


class CustomerPatch(_Changes):
    """What to change; what is left out stays, null empties. An old `version` is answered with 409."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class StageChoice(Schema):
    """The stage to move to; null for none."""

    stage_id: RowId | None


class OwnerChoice(Schema):
    """Whose the customer shall be; null for nobody's."""

    owner_id: RowId | None
    reason: Line = ""


class CollaboratorOut(Schema):
    """A colleague who works on the customer beside its owner."""

    member_id: int
    name: str
    added_by_id: int | None
    created_at: datetime


class EventOut(Schema):
    """One thing that happened. `payload` depends on the name; masked for callers whose role masks contacts."""

    id: int
    name: Annotated[str, Field(examples=["shop.purchase_made"])]
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_id: int | None
    channel: str
    amount: Decimal | None
    currency: str
    source: str
    payload: dict[str, Any]


class EventPageOut(Schema):
    """Events, newest first. Pass `next` as `after` for older ones."""

    items: list[EventOut]
    next: str


class HitOut(Schema):
    """A customer that answers a search."""

    id: int
    name: str
    is_company: bool
    detail: str


class FilterOut(Schema):
    """A filter of the list of customers: the parameters that say it, and what may be chosen."""

    name: str
    label: str
    group: str
    parameters: list[str]
    choices: list[tuple[str, str]]

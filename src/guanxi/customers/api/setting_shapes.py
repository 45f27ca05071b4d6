"""What the company defines, as the JSON API takes and gives it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from guanxi.customers.api.common import Line, Name, Word
from guanxi.design.tones import TONES
from guanxi.staff.api_shapes import RowId

Color = Annotated[str, Field(pattern=f"^({'|'.join(TONES)})$", examples=["blue"])]
FieldKind = Literal["text", "number", "date", "choice", "multi_choice", "yes_no", "link", "reference"]
Choices = Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=500)]


class TagOut(Schema):
    """A tag; an archived one stays on customers and is given to nobody any more."""

    id: int
    name: str
    group_id: int
    archived_at: datetime | None


class TagIn(Schema):
    name: Name
    group_id: RowId


class TagPatch(Schema):
    name: Name | None = None
    group_id: RowId | None = None
    is_archived: bool | None = None


class TagMerge(Schema):
    """The tag that takes this one up."""

    into_id: RowId


class TagGroupOut(Schema):
    """Tags that belong together; of an exclusive group a customer carries one at most."""

    id: int
    name: str
    color: str
    is_exclusive: bool


class TagGroupIn(Schema):
    name: Name
    color: Color = "blue"
    is_exclusive: bool = False


class TagGroupPatch(Schema):
    name: Name | None = None
    color: Color | None = None
    is_exclusive: bool | None = None


class FieldOut(Schema):
    """One of the company's own fields. Customers hold its values under `slug`."""

    id: int
    slug: str
    name: str
    kind: str
    choices: list[str]
    help_text: str
    is_required: bool
    archived_at: datetime | None


class FieldIn(Schema):
    name: Name
    kind: FieldKind
    choices: Choices = []
    help_text: Line = ""
    is_required: bool = False


class FieldPatch(Schema):
    """What to change. `renamed_choices` {former: now} renames a choice on every customer. The kind stays."""

    name: Name | None = None
    choices: Choices | None = None
    renamed_choices: Annotated[dict[Word, Annotated[str, Field(max_length=100)]], Field(max_length=500)] = {}
    help_text: Line | None = None
    is_required: bool | None = None
    is_archived: bool | None = None


class StageOut(Schema):
    """A step of the lifecycle; new customers begin at the default one."""

    id: int
    name: str
    color: str
    position: int
    is_default: bool


class StageIn(Schema):
    name: Annotated[Name, Field(max_length=60)]
    color: Color = "blue"


class StagePatch(Schema):
    name: Annotated[Name, Field(max_length=60)] | None = None
    color: Color | None = None


class SourceOut(Schema):
    """Where customers come from."""

    id: int
    name: str
    slug: str


class SourceIn(Schema):
    name: Name


class SourcePatch(Schema):
    name: Name | None = None


class KindOut(Schema):
    """How two customers are related; without `reverse_name` it reads the same both ways."""

    id: int
    slug: str
    name: str
    reverse_name: str


class KindIn(Schema):
    name: Annotated[Name, Field(max_length=60)]
    reverse_name: Annotated[Word, Field(max_length=60)] = ""


class KindPatch(Schema):
    name: Annotated[Name, Field(max_length=60)] | None = None
    reverse_name: Annotated[Word, Field(max_length=60)] | None = None


class Order(Schema):
    """The ids in the order wanted; what is left out keeps its place behind them."""

    ids: Annotated[list[RowId], Field(min_length=1, max_length=1_000)]

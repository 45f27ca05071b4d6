"""What the JSON API of staff takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
RoleName = Annotated[str, Field(min_length=1, max_length=80)]


class MemberOut(Schema):
    """A person who works here."""

    id: int
    name: str
    email: str
    phone: str
    role_id: int
    department_id: int | None
    language: str
    timezone: str
    is_active: bool
    created_at: datetime


class MemberPageOut(Schema):
    """Members by name. Pass `next` as `after` for the following page."""

    items: list[MemberOut]
    previous: str
    next: str


class MemberPatch(Schema):
    """What to change; what is left out stays. `department_id: null` takes a member out of every department."""

    role_id: RowId | None = None
    department_id: RowId | None = None
    is_active: bool | None = None


class DepartmentOut(Schema):
    """A node of the company's tree; `path` holds the ids from the root down."""

    id: int
    name: str
    parent_id: int | None
    path: str


class DepartmentIn(Schema):
    """A department and what it hangs below."""

    name: Name
    parent_id: RowId | None = None


class DepartmentPatch(Schema):
    """What to change; `parent_id: null` moves it to the top."""

    name: Name | None = None
    parent_id: RowId | None = None


class RoleOut(Schema):
    """What its holders may do: verbs by module, whose customers they see, whether contacts are masked for them."""

    id: int
    name: str
    scope: Literal["own", "department", "all"]
    permissions: dict[str, list[str]]
    masks_contacts: bool
    is_administrator: bool


class RoleIn(Schema):
    """A role in full."""

    name: RoleName
    scope: Literal["own", "department", "all"] = "own"
    permissions: dict[str, list[str]] = {}
    masks_contacts: bool = False
    is_administrator: bool = False


class InvitationIn(Schema):
    """Whom to invite, and to what."""

    email: Annotated[str, Field(max_length=254)]
    role_id: RowId
    department_id: RowId | None = None


class InvitationOut(Schema):
    """An open invitation."""

    id: int
    email: str
    role_id: int
    department_id: int | None
    created_at: datetime
    expires_at: datetime


class InvitedOut(InvitationOut):
    """A new invitation with its link, which is given this once and mailed."""

    link: str


class ApiKeyIn(Schema):
    """`scopes` are module:verb words; without `member_id` the key acts for the caller."""

    name: RoleName
    scopes: Annotated[list[str], Field(min_length=1, max_length=100)]
    member_id: RowId | None = None
    expires_at: datetime | None = None


class ApiKeyOut(Schema):
    """A key, without its token."""

    id: int
    name: str
    member_id: int
    token_hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class IssuedOut(ApiKeyOut):
    """A new key with its token, which is given this once and kept nowhere."""

    token: str


class Me(Schema):
    """Who calls, and what they may do."""

    member: MemberOut
    api_key_id: int | None
    permissions: list[str]
    scope: Literal["own", "department", "all"]
    masks_contacts: bool

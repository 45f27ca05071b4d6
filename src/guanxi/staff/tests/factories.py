"""Members for the tests of every domain, and the named cast.

ming = make_member("Li Ming", permissions={"customers": ["see", "edit"]}, scope="own")
cast = make_cast()          # Wang Fang administers, Chen Jie manages Sales, Li Ming sells, Zhao Lei analyses
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from django.test import Client

from guanxi.staff.models import ApiKey, Department, Member, Role

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_role(
    name: str = "",
    *,
    permissions: dict[str, list[str]] | None = None,
    scope: str = "all",
    masks_contacts: bool = False,
    is_administrator: bool = False,
) -> Role:
    """A role; it may do nothing unless told otherwise."""
    return Role.objects.create(
        name=name or f"Role {next(_numbers)}",
        permissions=permissions or {},
        scope=scope,
        masks_contacts=masks_contacts,
        is_administrator=is_administrator,
    )


def make_department(name: str = "", parent: Department | None = None) -> Department:
    return Department.objects.create(name=name or f"Department {next(_numbers)}", parent=parent)


def make_member(
    name: str = "",
    *,
    role: Role | None = None,
    permissions: dict[str, list[str]] | None = None,
    scope: str = "all",
    masks_contacts: bool = False,
    is_administrator: bool = False,
    department: Department | None = None,
    email: str = "",
    password: str | None = None,
    **fields: object,
) -> Member:
    """An active member; without `role`, with one of their own made of permissions, scope and masking.

    Without `password` they can't sign in by one: `Client().force_login(member)` does, and spares the hashing.
    """
    number = next(_numbers)
    name = name or f"Member {number}"
    made = role or make_role(
        f"{name}'s role {number}",
        permissions=permissions,
        scope=scope,
        masks_contacts=masks_contacts,
        is_administrator=is_administrator,
    )
    address = email or f"{''.join(name.lower().split()) or 'member'}{number}@example.com"
    return Member.objects.create_user(address, password, name=name, role=made, department=department, **fields)


def make_administrator(name: str = "Wang Fang", **fields: object) -> Member:
    """A member who may do everything."""
    return make_member(name, is_administrator=True, **fields)  # type: ignore[arg-type]


def make_api_key(member: Member, *scopes: str, name: str = "Web shop") -> tuple[ApiKey, str]:
    """A key and its token."""
    return ApiKey.issue(name=name, member=member, scopes=list(scopes))


def client_of(member: Member) -> Client:
    """A browser in which this member is signed in."""
    client = Client()
    client.force_login(member)
    return client


def bearer(token: str) -> dict[str, str]:
    """The header of a program: `client.get(url, headers=bearer(token))`."""
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True, slots=True)
class Cast:
    """A small company: headquarters above Sales (with its Shanghai branch) and Service."""

    headquarters: Department
    sales: Department
    shanghai: Department
    service: Department
    wang_fang: Member  # administers everything
    chen_jie: Member  # manages Sales: department and below
    li_ming: Member  # sells in Shanghai: own customers
    zhao_lei: Member  # serves customers: own
    sun_yue: Member  # analyses all, contacts masked


def make_cast() -> Cast:
    """The company, in twenty rows."""
    headquarters = make_department("Headquarters")
    sales = make_department("Sales", headquarters)
    shanghai = make_department("Shanghai", sales)
    service = make_department("Service", headquarters)
    every = ["see", "edit", "export", "delete", "administer"]
    manager = make_role(
        "Manager",
        scope="department",
        permissions={"customers": every, "imports": ["see", "edit", "delete"], "staff": ["see", "edit"]},
    )
    seller = make_role("Salesperson", scope="own", permissions={"customers": ["see", "edit"]})
    analyst = make_role("Analyst", permissions={"customers": ["see", "export"]}, masks_contacts=True)
    return Cast(
        headquarters=headquarters,
        sales=sales,
        shanghai=shanghai,
        service=service,
        wang_fang=make_administrator(department=headquarters),
        chen_jie=make_member("Chen Jie", role=manager, department=sales),
        li_ming=make_member("Li Ming", role=seller, department=shanghai),
        zhao_lei=make_member("Zhao Lei", role=seller, department=service),
        sun_yue=make_member("Sun Yue", role=analyst, department=headquarters),
    )

"""The JSON API of staff: people, departments, roles, invitations and API keys, on the verbs of the pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from guanxi.core import clock
from guanxi.staff import api_shapes as shapes
from guanxi.staff.actions import api_keys as key_verbs
from guanxi.staff.actions import departments as department_verbs
from guanxi.staff.actions import invitations as invitation_verbs
from guanxi.staff.actions import members as member_verbs
from guanxi.staff.actions import roles as role_verbs
from guanxi.staff.api_auth import caller, require
from guanxi.staff.authority import Grant
from guanxi.staff.mail import base_url
from guanxi.staff.models import ApiKey, Department, Invitation, Member, Role
from guanxi.staff.paging import page_by_name
from guanxi.staff.permissions import modules

router = Router(tags=["staff"])


@router.get("/me", response=shapes.Me, summary="Who calls")
def me(request: HttpRequest) -> dict[str, Any]:
    """The member that the session or the API key acts for, and what it may do."""
    who = caller(request)
    words = [f"{module.slug}:{verb}" for module in modules() for verb in module.verbs if who.can(module.slug, verb)]
    role = who.member.role
    return {
        "member": who.member,
        "api_key_id": who.key.pk if who.key else None,
        "permissions": words,
        "scope": Role.Scope.ALL if role.is_administrator else role.scope,
        "masks_contacts": who.member.masks_contacts,
    }


@router.get("/members", response=shapes.MemberPageOut, summary="List members by name")
def list_members(
    request: HttpRequest, q: str = "", is_active: bool | None = None, after: str = "", limit: int = 50
) -> dict[str, Any]:
    """`q` looks in name and e-mail; `after` is the `next` of the page before; at most 200 a page."""
    require(request, "staff", "see")
    people = Member.objects.get_queryset()
    if q.strip():
        people = people.filter(Q(name__icontains=q.strip()) | Q(email__icontains=q.strip()))
    if is_active is not None:
        people = people.filter(is_active=is_active)
    found = page_by_name(people, after=after, size=max(1, min(limit, 200)))
    return {"items": found.members, "previous": found.previous, "next": found.next}


@router.get("/members/{int:pk}", response=shapes.MemberOut, summary="One member")
def read_member(request: HttpRequest, pk: int) -> Member:
    require(request, "staff", "see")
    return get_object_or_404(Member, pk=pk)


@router.patch(
    "/members/{int:pk}", response=shapes.MemberOut, summary="Change role or department, deactivate, reactivate"
)
def change_member(request: HttpRequest, pk: int, changes: shapes.MemberPatch) -> Member:
    """All of the changes are made, or none."""
    by = require(request, "staff", "edit").actor
    member = get_object_or_404(Member, pk=pk)
    said = changes.model_fields_set
    with transaction.atomic():
        if changes.role_id is not None:
            member_verbs.change_role(member, get_object_or_404(Role, pk=changes.role_id), by=by)
        if "department_id" in said:
            member_verbs.move_member(member, _department(changes.department_id), by=by)
        if changes.is_active is True:
            member_verbs.reactivate(member, by=by)
        elif changes.is_active is False:
            member_verbs.deactivate(member, by=by, at=clock.now())
    return Member.objects.get(pk=pk)


@router.get("/departments", response=list[shapes.DepartmentOut], summary="List departments")
def list_departments(request: HttpRequest) -> QuerySet[Department]:
    """Every department, parents before children."""
    require(request, "staff", "see")
    return Department.objects.order_by("path", "id")


@router.post("/departments", response={201: shapes.DepartmentOut}, summary="Create a department")
def create_department(request: HttpRequest, wanted: shapes.DepartmentIn) -> Status[Department]:
    by = require(request, "staff", "edit").actor
    parent = _department(wanted.parent_id)
    return Status(201, department_verbs.create_department(name=wanted.name, parent=parent, by=by))


@router.patch("/departments/{int:pk}", response=shapes.DepartmentOut, summary="Rename or move a department")
def change_department(request: HttpRequest, pk: int, changes: shapes.DepartmentPatch) -> Department:
    by = require(request, "staff", "edit").actor
    department = get_object_or_404(Department, pk=pk)
    with transaction.atomic():
        if changes.name is not None:
            department_verbs.rename_department(department, name=changes.name, by=by)
        if "parent_id" in changes.model_fields_set:
            department_verbs.move_department(department, parent=_department(changes.parent_id), by=by)
    return Department.objects.get(pk=pk)


@router.delete("/departments/{int:pk}", response={204: None}, summary="Delete an empty department")
def delete_department(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "staff", "edit").actor
    department_verbs.delete_department(get_object_or_404(Department, pk=pk), by=by)
    return Status(204, None)


@router.get("/roles", response=list[shapes.RoleOut], summary="List roles")
def list_roles(request: HttpRequest) -> QuerySet[Role]:
    require(request, "staff", "see")
    return Role.objects.all()


@router.post("/roles", response={201: shapes.RoleOut}, summary="Create a role")
def create_role(request: HttpRequest, wanted: shapes.RoleIn) -> Status[Role]:
    by = require(request, "staff", "administer").actor
    return Status(201, role_verbs.create_role(name=wanted.name, grant=_grant(wanted), by=by))


@router.put("/roles/{int:pk}", response=shapes.RoleOut, summary="Change a role")
def change_role(request: HttpRequest, pk: int, wanted: shapes.RoleIn) -> Role:
    by = require(request, "staff", "administer").actor
    role_verbs.edit_role(get_object_or_404(Role, pk=pk), name=wanted.name, grant=_grant(wanted), by=by)
    return Role.objects.get(pk=pk)


@router.delete("/roles/{int:pk}", response={204: None}, summary="Delete a role that nobody has")
def delete_role(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "staff", "administer").actor
    role_verbs.delete_role(get_object_or_404(Role, pk=pk), by=by)
    return Status(204, None)


@router.get("/invitations", response=list[shapes.InvitationOut], summary="List open invitations")
def list_invitations(request: HttpRequest) -> QuerySet[Invitation]:
    require(request, "staff", "edit")
    return Invitation.objects.open()[:200]


@router.post("/invitations", response={201: shapes.InvitedOut}, summary="Invite a colleague")
def invite(request: HttpRequest, wanted: shapes.InvitationIn) -> Status[dict[str, Any]]:
    by = require(request, "staff", "edit").actor
    invitation, link = invitation_verbs.invite(
        email=wanted.email,
        role=get_object_or_404(Role, pk=wanted.role_id),
        department=_department(wanted.department_id),
        by=by,
        at=clock.now(),
        base_url=base_url(request),
    )
    return Status(201, shapes.InvitationOut.from_orm(invitation).dict() | {"link": link})


@router.delete("/invitations/{int:pk}", response={204: None}, summary="Withdraw an invitation")
def revoke_invitation(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "staff", "edit").actor
    invitation_verbs.revoke_invitation(get_object_or_404(Invitation, pk=pk), by=by, at=clock.now())
    return Status(204, None)


@router.get("/api-keys", response=list[shapes.ApiKeyOut], summary="List API keys")
def list_api_keys(request: HttpRequest) -> QuerySet[ApiKey]:
    """An administrator's session sees everybody's keys, others those of the member they act for."""
    require(request, "settings", "administer")
    return _visible_keys(request)[:200]


@router.post("/api-keys", response={201: shapes.IssuedOut}, summary="Issue an API key")
def issue_api_key(request: HttpRequest, wanted: shapes.ApiKeyIn) -> Status[dict[str, Any]]:
    """A key can do no more than its member, nor than whoever issues it."""
    who = require(request, "settings", "administer")
    member = get_object_or_404(Member, pk=wanted.member_id, is_active=True) if wanted.member_id else who.member
    key, token = key_verbs.issue_key(
        name=wanted.name,
        member=member,
        scopes=wanted.scopes,
        by=who.actor,
        at=clock.now(),
        expires_at=wanted.expires_at,
    )
    return Status(201, shapes.ApiKeyOut.from_orm(key).dict() | {"token": token})


@router.delete("/api-keys/{int:pk}", response={204: None}, summary="Revoke an API key")
def revoke_api_key(request: HttpRequest, pk: int) -> Status[None]:
    who = require(request, "settings", "administer")
    key_verbs.revoke_key(get_object_or_404(_visible_keys(request), pk=pk), by=who.actor, at=clock.now())
    return Status(204, None)


def _department(pk: int | None) -> Department | None:
    return get_object_or_404(Department, pk=pk) if pk is not None else None


def _grant(wanted: shapes.RoleIn) -> Grant:
    return Grant(wanted.permissions, wanted.scope, wanted.masks_contacts, wanted.is_administrator)


def _visible_keys(request: HttpRequest) -> QuerySet[ApiKey]:
    who = caller(request)
    keys = ApiKey.objects.order_by("-id")
    sees_all = who.key is None and who.member.is_administrator
    return keys if sees_all else keys.filter(member=who.member)

"""Making, changing and dropping roles."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff import events
from guanxi.staff.actions.lockout import keeping_an_administrator
from guanxi.staff.authority import Authority, BeyondAuthority, Grant
from guanxi.staff.models import Invitation, Role
from guanxi.staff.permissions import is_permission


class RoleInUse(Refused):
    """A role that somebody has can't be deleted."""

    code = "role_in_use"
    status = 409


def create_role(*, name: str, grant: Grant, by: Actor) -> Role:
    """Make a role. Raises BeyondAuthority when it would give more than `by` has."""
    _check(name, grant)
    with transaction.atomic():
        _must_cover(Authority.of(by), grant)
        role = Role(name=name.strip())
        _apply(role, grant)
        _save(role)
        events.record(events.ROLE_CREATED, by=by, role=role.pk, after=_facts(role))
    return role


def edit_role(role: Role, *, name: str, grant: Grant, by: Actor) -> bool:
    """Change what a role gives. False when nothing changed.

    Raises BeyondAuthority when it gives, or would give, more than `by` has; LastAdministrator when it is the
    administrators' role and would lose its power with nobody left.
    """
    _check(name, grant)
    with keeping_an_administrator():
        role = Role.objects.select_for_update().get(pk=role.pk)
        authority = Authority.of(by)
        authority.must_cover(role)
        _must_cover(authority, grant)
        before = _facts(role)
        role.name = name.strip()
        _apply(role, grant)
        if before == _facts(role):
            return False
        _save(role)
        events.record(
            events.PERMISSIONS_CHANGED, by=by, role=role.pk, name=role.name, before=before, after=_facts(role)
        )
    return True


def delete_role(role: Role, *, by: Actor) -> None:
    """Drop a role that nobody has and nobody is invited to. Raises RoleInUse."""
    with keeping_an_administrator():
        role = Role.objects.select_for_update().get(pk=role.pk)
        Authority.of(by).must_cover(role)
        before, number = _facts(role), role.pk
        if role.members.exists() or Invitation.objects.open().filter(role=role).exists():
            raise RoleInUse(
                _("People have the role “%(role)s”, or are invited to it. Give them another one first.")
                % {"role": role.name}
            )
        role.delete()
        events.record(events.ROLE_DELETED, by=by, role=number, name=before["name"], before=before)


def _check(name: str, grant: Grant) -> None:
    if not name.strip():
        raise Refused(_("Enter a name for the role."), code="required", field="name")
    if grant.scope not in Role.Scope.values:
        raise Refused(_("Choose whose customers the role may see."), code="unknown_scope", field="scope")
    for module, verbs in grant.permissions.items():
        for verb in verbs:
            if not is_permission(module, verb):
                raise Refused(
                    _("“%(permission)s” is not a permission.") % {"permission": f"{module}:{verb}"},
                    code="unknown_permission",
                    field="permissions",
                )


def _must_cover(authority: Authority, grant: Grant) -> None:
    if not authority.covers(grant):
        raise BeyondAuthority(_("You can't give a role more than you may do yourself."), field="permissions")


def _apply(role: Role, grant: Grant) -> None:
    """An administrator may do everything and sees everyone, so nothing else is kept of the role."""
    role.is_administrator = grant.is_administrator
    role.scope = Role.Scope.ALL if grant.is_administrator else grant.scope
    role.masks_contacts = grant.masks_contacts and not grant.is_administrator
    kept = {} if grant.is_administrator else grant.permissions
    role.permissions = {module: sorted(set(verbs)) for module, verbs in sorted(kept.items()) if verbs}


def _save(role: Role) -> None:
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        raise Refused(
            _("There is already a role called “%(name)s”.") % {"name": role.name}, code="taken", field="name"
        ) from error


def _facts(role: Role) -> dict[str, Any]:
    return {
        "name": role.name,
        "permissions": role.permissions,
        "scope": str(role.scope),
        "masks_contacts": role.masks_contacts,
        "is_administrator": role.is_administrator,
    }

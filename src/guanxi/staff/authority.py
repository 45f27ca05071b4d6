"""How far somebody's say goes: nobody grants more than they have, and nobody touches those who may do more.

Read from the database at the moment of the act, never from what a page was opened with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff.models import ApiKey, Department, Member, Role

_REACH = {Role.Scope.OWN: 0, Role.Scope.DEPARTMENT: 1, Role.Scope.ALL: 2}


class BeyondAuthority(Refused):
    """Somebody tries to give away, or to touch, more than they have."""

    code = "beyond_authority"
    status = 403


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role gives, compared without its name."""

    permissions: dict[str, list[str]] = field(default_factory=dict)
    scope: str = Role.Scope.OWN
    masks_contacts: bool = False
    is_administrator: bool = False

    @classmethod
    def of(cls, role: Role) -> Grant:
        return cls(role.permissions, role.scope, role.masks_contacts, role.is_administrator)


@dataclass(frozen=True, slots=True)
class Authority:
    """The limits within which `by` may act on people, departments and roles."""

    grant: Grant
    member: Member | None = None

    @classmethod
    def of(cls, by: Actor) -> Authority:
        """The present authority of an actor. An API key has what its scopes name, and is never an administrator."""
        if by.kind == "system":
            return cls(Grant(is_administrator=True))
        if by.id is None:
            return cls(Grant())
        people = Member.objects.active().select_related("role", "department")
        if by.kind == "api_key":
            key = ApiKey.objects.filter(pk=by.id, revoked_at=None).select_related("member").first()
            member = people.filter(pk=key.member_id).first() if key else None
            return cls(_grant_of_key(key, member), member) if key and member else cls(Grant())
        member = people.filter(pk=by.id).first() if by.kind == "staff" else None
        return cls(Grant.of(member.role), member) if member else cls(Grant())

    @property
    def is_unlimited(self) -> bool:
        return self.grant.is_administrator

    def covers(self, grant: Grant) -> bool:
        """Whether giving `grant` away gives no more than one has."""
        if self.is_unlimited:
            return True
        mine = self.grant
        return (
            not grant.is_administrator
            and _REACH[Role.Scope(grant.scope)] <= _REACH[Role.Scope(mine.scope)]
            and (grant.masks_contacts or not mine.masks_contacts)
            and all(set(verbs) <= set(mine.permissions.get(module, ())) for module, verbs in grant.permissions.items())
        )

    def must_cover(self, role: Role) -> None:
        """Raises BeyondAuthority when the role gives more than one has."""
        if not self.covers(Grant.of(role)):
            raise BeyondAuthority(
                _("The role “%(role)s” may do more than you may, so only an administrator can give it or change it.")
                % {"role": role.name},
                field="role",
            )

    def must_reach(self, member: Member) -> None:
        """Raises BeyondAuthority when the member may do more than one may, or works outside one's scope."""
        self.must_cover(member.role)
        if self.is_unlimited:
            return
        visible = self.member.visible_member_ids() if self.member else []
        if visible is not None and member.pk not in visible:
            raise BeyondAuthority(
                _("%(name)s works outside your part of the company. Ask an administrator.") % {"name": member.name}
            )

    def must_reach_department(self, department: Department | None) -> None:
        """Raises BeyondAuthority when the department (None: the top of the tree) is outside one's scope."""
        if self.is_unlimited or self.grant.scope == Role.Scope.ALL:
            return
        own = self.member.department if self.member else None
        if department is not None and own is not None:
            if self.grant.scope == Role.Scope.DEPARTMENT and department.path.startswith(own.path):
                return
            if department.pk == own.pk:
                return
        raise BeyondAuthority(
            _("You may place people and departments within your own department only."), field="department"
        )


def _grant_of_key(key: ApiKey, member: Member) -> Grant:
    permissions: dict[str, list[str]] = {}
    for scope in key.scopes:
        module, _colon, verb = str(scope).partition(":")
        if member.can(module, verb):
            permissions.setdefault(module, []).append(verb)
    reach: Any = Role.Scope.ALL if member.is_administrator else member.role.scope
    return Grant(permissions, reach, member.masks_contacts)

"""What happens to a member after joining: another role, another department, leaving and coming back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff import events
from guanxi.staff.actions.api_keys import revoke_all_keys
from guanxi.staff.actions.lockout import keeping_an_administrator
from guanxi.staff.actions.sign_in import end_sessions
from guanxi.staff.authority import Authority
from guanxi.staff.models import Department, Member, Role

PREFERENCES = ("name", "phone", "language", "timezone")


def change_role(member: Member, role: Role, *, by: Actor) -> bool:
    """Give a member another role. False when they have it already.

    Raises BeyondAuthority when either role may do more than `by`, LastAdministrator when nobody would be left.
    """
    with keeping_an_administrator():
        member = _locked(member)
        if member.role_id == role.pk:
            return False
        authority = Authority.of(by)
        authority.must_reach(member)
        authority.must_cover(role)
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        events.record(
            events.ROLE_CHANGED,
            by=by,
            member=member.pk,
            name=member.name,
            before={"role": before.pk, "name": before.name},
            after={"role": role.pk, "name": role.name},
        )
    return True


def move_member(member: Member, department: Department | None, *, by: Actor) -> bool:
    """Put a member into another department, or into none. False when they are there already."""
    with transaction.atomic():
        member = _locked(member)
        before = member.department_id
        if before == (department.pk if department else None):
            return False
        authority = Authority.of(by)
        authority.must_reach(member)
        authority.must_reach_department(department)
        member.department = department
        member.save(update_fields=["department"])
        events.record(
            events.MEMBER_MOVED,
            by=by,
            member=member.pk,
            name=member.name,
            before=before,
            after=member.department_id,
        )
    return True


def deactivate(member: Member, *, by: Actor, at: datetime) -> bool:
    """Shut a member out: their sessions and API keys end with this transaction. False when they are out already."""
    with keeping_an_administrator():
        member = _locked(member)
        if not member.is_active:
            return False
        Authority.of(by).must_reach(member)
        member.is_active = False
        member.save(update_fields=["is_active"])
        ended = end_sessions(member)
        revoke_all_keys(member, by=by, at=at)
        events.record(events.MEMBER_DEACTIVATED, by=by, member=member.pk, name=member.name, sessions=ended)
    return True


def reactivate(member: Member, *, by: Actor) -> bool:
    """Let a member in again; API keys stay revoked. False when they are in already."""
    with transaction.atomic():
        member = _locked(member)
        if member.is_active:
            return False
        Authority.of(by).must_reach(member)
        member.is_active = True
        member.save(update_fields=["is_active"])
        events.record(events.MEMBER_REACTIVATED, by=by, member=member.pk, name=member.name)
    return True


def sign_out_everywhere(member: Member, *, by: Actor) -> int:
    """End every session of a member, such as after a lost phone; returns how many there were."""
    with transaction.atomic():
        Authority.of(by).must_reach(member)
        ended = end_sessions(member)
        if ended:
            events.record(events.SESSIONS_ENDED, by=by, member=member.pk, count=ended)
    return ended


def change_preferences(member: Member, *, by: Actor, **changes: Any) -> bool:
    """Change name, phone, language or time zone. False when nothing changed."""
    _check(changes)
    with transaction.atomic():
        member = _locked(member)
        before = {name: getattr(member, name) for name in changes}
        changed = {name: value for name, value in changes.items() if value != before[name]}
        if not changed:
            return False
        for name, value in changed.items():
            setattr(member, name, value)
        member.save(update_fields=list(changed))
        events.record(
            events.MEMBER_CHANGED,
            by=by,
            member=member.pk,
            before={name: before[name] for name in changed},
            after=changed,
        )
    return True


def _check(changes: dict[str, Any]) -> None:
    if unknown := set(changes) - set(PREFERENCES):
        raise TypeError(f"Not a preference: {', '.join(sorted(unknown))}")
    if "name" in changes and not str(changes["name"]).strip():
        raise Refused(_("Enter a name."), code="required", field="name")
    if changes.get("language") and changes["language"] not in dict(settings.LANGUAGES):
        raise Refused(_("Guanxi does not speak this language."), code="unknown_language", field="language")
    if changes.get("timezone") and changes["timezone"] not in available_timezones():
        raise Refused(_("This time zone is not known."), code="unknown_timezone", field="timezone")


def _locked(member: Member) -> Member:
    """The member as they are now, held against others until the transaction ends."""
    found = Member.objects.get_queryset().select_related("role", "department")
    return found.select_for_update(of=("self",)).get(pk=member.pk)

"""Letting programs in, and out again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.events import NewEvent, record_many
from guanxi.staff import events
from guanxi.staff.authority import Authority, BeyondAuthority
from guanxi.staff.models import ApiKey, Member
from guanxi.staff.permissions import is_permission


def issue_key(
    *, name: str, member: Member, scopes: list[str], by: Actor, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key that acts for `member`; returns it and its token, which is shown once and kept nowhere.

    `scopes` are `module:verb` words. Raises Refused when one means nothing, BeyondAuthority when the member, or
    `by`, may not do it.
    """
    wanted = sorted(set(scopes))
    _check_form(name, wanted, expires_at, at)
    with transaction.atomic():
        member = Member.objects.get_queryset().select_related("role").get(pk=member.pk)
        _check_rights(member, wanted, Authority.of(by))
        key, token = ApiKey.issue(name=name.strip(), member=member, scopes=wanted, expires_at=expires_at)
        events.record(
            events.API_KEY_ISSUED,
            by=by,
            api_key=key.pk,
            name=key.name,
            member=member.pk,
            scopes=wanted,
            expires_at=expires_at.isoformat() if expires_at else None,
        )
    return key, token


def revoke_key(key: ApiKey, *, by: Actor, at: datetime) -> bool:
    """End a key at once. False when it has ended already."""
    with transaction.atomic():
        key = ApiKey.objects.select_related("member__role").select_for_update(of=("self",)).get(pk=key.pk)
        if key.revoked_at is not None:
            return False
        authority = Authority.of(by)
        if not authority.is_unlimited and (authority.member is None or authority.member.pk != key.member_id):
            raise BeyondAuthority(_("Only an administrator can revoke the key of somebody else."))
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        events.record(events.API_KEY_REVOKED, by=by, api_key=key.pk, name=key.name, member=key.member_id)
    return True


def revoke_all_keys(member: Member, *, by: Actor, at: datetime) -> int:
    """End every key of a member, in the caller's transaction; returns how many there were."""
    keys = list(ApiKey.objects.filter(member=member, revoked_at=None).select_for_update())
    ApiKey.objects.filter(pk__in=[key.pk for key in keys]).update(revoked_at=at)
    record_many(
        [
            NewEvent(events.API_KEY_REVOKED, by, payload={"api_key": key.pk, "name": key.name, "member": member.pk})
            for key in keys
        ]
    )
    return len(keys)


def _check_form(name: str, scopes: list[str], expires_at: datetime | None, at: datetime) -> None:
    if not name.strip():
        raise Refused(_("Name the key after the program that will use it."), code="required", field="name")
    if not scopes:
        raise Refused(_("Choose at least one thing that the key may do."), code="required", field="scopes")
    for scope in scopes:
        if not is_permission(*_parts(scope)):
            raise Refused(
                _("“%(scope)s” is not a scope. A scope is a module and a verb, such as customers:see.")
                % {"scope": scope},
                code="unknown_scope",
                field="scopes",
            )
    if expires_at is not None and expires_at <= at:
        raise Refused(_("Choose an expiry that is still to come."), code="in_the_past", field="expires_at")


def _check_rights(member: Member, scopes: list[str], authority: Authority) -> None:
    if not authority.is_unlimited:
        if authority.member is None or authority.member.pk != member.pk:
            raise BeyondAuthority(_("Only an administrator can issue a key for somebody else."), field="member")
        permissions = authority.grant.permissions
        beyond = [scope for scope in scopes if _parts(scope)[1] not in permissions.get(_parts(scope)[0], ())]
    else:
        beyond = [scope for scope in scopes if not member.can(*_parts(scope))]
    if beyond:
        raise BeyondAuthority(
            _("The key can't do more than the person it acts for: %(scopes)s.") % {"scopes": ", ".join(beyond)},
            field="scopes",
        )


def _parts(scope: str) -> tuple[str, str]:
    module, _colon, verb = scope.partition(":")
    return module, verb

"""How a new colleague joins: an invitation, its link, and what comes of it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff import events
from guanxi.staff.actions.lockout import queue_for
from guanxi.staff.authority import Authority
from guanxi.staff.mail import Mail, post
from guanxi.staff.models import Department, Invitation, Member, Role
from guanxi.staff.models.api_key import hash_token

GOOD_FOR = timedelta(days=7)
_LOCK = 0x67780003  # the advisory lock of invitations: one open at a time for each address


class InvitationSpent(Refused):
    """A link that no longer opens anything."""

    code = "invitation_spent"
    status = 410


def invite(
    *, email: str, role: Role, department: Department | None, by: Actor, at: datetime, base_url: str
) -> tuple[Invitation, str]:
    """Invite a colleague; returns the invitation and its link, and mails the link to them.

    An open invitation to the same address is replaced, so its link ends. `base_url` is where people reach this
    installation, such as https://crm.example.com. Raises Refused when the address belongs to a member already.
    """
    email = _checked_address(email)
    with transaction.atomic():
        queue_for(_LOCK)
        _must_be_new(email)
        authority = Authority.of(by)
        authority.must_cover(role)
        authority.must_reach_department(department)
        for earlier in Invitation.objects.open().filter(email=email):
            _end(earlier, by=by, at=at)
        token = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            email=email,
            role=role,
            department=department,
            token_hash=hash_token(token),
            invited_by=authority.member,
            expires_at=at + GOOD_FOR,
        )
        link = f"{base_url}/invitations/{token}/"
        post(_mail(invitation, link, by))
        events.record(
            events.MEMBER_INVITED,
            by=by,
            invitation=invitation.pk,
            email=email,
            role=role.pk,
            department=department.pk if department else None,
        )
    return invitation, link


def revoke_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> bool:
    """End the link of an invitation. False when it has ended already."""
    with transaction.atomic():
        queue_for(_LOCK)
        found = Invitation.objects.open().select_related("role").filter(pk=invitation.pk).first()
        if found is None:
            return False
        Authority.of(by).must_cover(found.role)
        _end(found, by=by, at=at)
    return True


def find_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation that a link opens. Raises InvitationSpent when it is used, revoked, expired or unknown."""
    usable = Invitation.objects.usable(at=at).select_related("role", "department", "invited_by")
    found = usable.filter(token_hash=hash_token(token)).first()
    if found is None:
        raise InvitationSpent(_("This invitation is used up, withdrawn or too old. Ask for a new one."))
    return found


def accept_invitation(token: str, *, name: str, password: str, at: datetime, language: str = "") -> Member:
    """Join: the invited colleague becomes a member with the role and department they were invited to."""
    with transaction.atomic():
        queue_for(_LOCK)
        invitation = find_invitation(token, at=at)
        _must_be_new(invitation.email)
        member = Member(
            email=invitation.email,
            name=checked_name(name),
            role=invitation.role,
            department=invitation.department,
            language=language,
        )
        check_password(password, member)
        member = Member.objects.create_user(
            invitation.email,
            password,
            name=member.name,
            role=member.role,
            department=member.department,
            language=language,
        )
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        events.record(
            events.MEMBER_JOINED,
            by=member.actor,
            member=member.pk,
            name=member.name,
            invitation=invitation.pk,
            role=member.role_id,
        )
    return member


def checked_name(name: str) -> str:
    """A name without spaces around it. Raises Refused when nothing is left."""
    if not name.strip():
        raise Refused(_("Enter your name."), code="required", field="name")
    return name.strip()


def check_password(password: str, member: Member) -> None:
    """Raises Refused, with all that is wrong, when the password is too easy to guess."""
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="weak_password", field="password") from error


def _checked_address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("Enter an e-mail address."), code="invalid_email", field="email") from error
    return email


def _must_be_new(email: str) -> None:
    known = Member.objects.filter(email=email).first()
    if known is not None:
        raise Refused(
            _("%(name)s already works here with this e-mail.") % {"name": known.name}
            if known.is_active
            else _("%(name)s has worked here with this e-mail: reactivate them instead.") % {"name": known.name},
            code="already_member",
            field="email",
            status=409,
        )


def _end(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    events.record(events.INVITATION_REVOKED, by=by, invitation=invitation.pk, email=invitation.email)


def _mail(invitation: Invitation, link: str, by: Actor) -> Mail:
    context = {"link": link, "inviter": by.label if by.kind == "staff" else "", "days": GOOD_FOR.days}
    return Mail(
        to=invitation.email,
        subject=_("Your invitation to Guanxi"),
        text=render_to_string("staff/mails/invitation.txt", context).strip(),
    )

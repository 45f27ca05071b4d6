"""The first administrator, and the roles a company starts with."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff import events
from guanxi.staff.actions.invitations import check_password, checked_name
from guanxi.staff.actions.lockout import queue_for
from guanxi.staff.models import Member, Role

_LOCK = 0x67780004


def setup_token() -> str:
    """The word that opens the first page: `guanxi up` prints it, and it is worth nothing once there is a member.

    Derived from SECRET_KEY, so nothing is kept and every process knows the same one.
    """
    return salted_hmac("guanxi.staff.first_administrator", "", algorithm="sha256").hexdigest()[:20]


def is_waiting_for_first() -> bool:
    """Whether nobody works here yet."""
    return not Member.objects.exists()


def found(*, token: str, email: str, name: str, password: str) -> Member:
    """Make the first administrator. Raises Refused when somebody was first or the token is not the one printed."""
    with transaction.atomic():
        queue_for(_LOCK)
        if not is_waiting_for_first():
            raise Refused(_("Somebody already administers this installation. Sign in."), code="founded", status=409)
        if not hmac.compare_digest(token.strip().encode(), setup_token().encode()):
            raise Refused(
                _("This is not the setup token. “guanxi up” prints it in its first lines."),
                code="wrong_token",
                field="token",
                status=403,
            )
        return create_administrator(email=email, name=name, password=password, by=Actor.system())


def create_administrator(*, email: str, name: str, password: str, by: Actor) -> Member:
    """Make a member who may do everything. Whoever calls this has the machine itself, or is the first to come."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("Enter an e-mail address."), code="invalid_email", field="email") from error
    with transaction.atomic():
        if Member.objects.filter(email=email).exists():
            raise Refused(_("There is already a member with this e-mail."), code="already_member", field="email")
        role = standard_roles()["administrator"]
        check_password(password, Member(email=email, name=name, role=role))
        member = Member.objects.create_user(
            email, password, name=checked_name(name), role=role, timezone=settings.TIME_ZONE
        )
        events.record(events.MEMBER_JOINED, by=by, member=member.pk, name=member.name, invitation=None, role=role.pk)
    return member


def standard_roles() -> dict[str, Role]:
    """The roles a company starts with, by a key of ours; made when there is none at all, and free to change later.

    Keys: administrator, manager, salesperson, analyst.
    """
    names = {
        "administrator": _("Administrator"),
        "manager": _("Manager"),
        "salesperson": _("Salesperson"),
        "analyst": _("Analyst"),
    }
    if not Role.objects.exists():
        Role.objects.bulk_create(_standard(names))
    known = {role.name: role for role in Role.objects.filter(name__in=names.values())}
    roles = {key: known[name] for key, name in names.items() if name in known}
    return roles | {"administrator": _administrators_role(names["administrator"])}


def _administrators_role(name: str) -> Role:
    """The oldest role that may do everything, whatever it is called by now."""
    found_role = Role.objects.filter(is_administrator=True).order_by("id").first()
    return found_role or Role.objects.create(name=name, scope=Role.Scope.ALL, is_administrator=True)


def _standard(names: dict[str, str]) -> list[Role]:
    everything = ["see", "edit", "export", "delete", "administer"]
    return [
        Role(name=names["administrator"], scope=Role.Scope.ALL, is_administrator=True),
        Role(
            name=names["manager"],
            scope=Role.Scope.DEPARTMENT,
            permissions={
                "customers": everything,
                "imports": ["see", "edit", "delete"],
                "staff": ["see", "edit"],
                "settings": ["see", "edit"],
                "events": ["see"],
            },
        ),
        Role(
            name=names["salesperson"],
            scope=Role.Scope.OWN,
            permissions={"customers": ["see", "edit"], "imports": ["see", "edit"], "staff": ["see"]},
        ),
        Role(
            name=names["analyst"],
            scope=Role.Scope.ALL,
            permissions={"customers": ["see", "export"], "events": ["see"]},
            masks_contacts=True,
        ),
    ]

"""`guanxi admin`: what the command line asks of staff. Whoever can run it has the machine, and may do everything."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff import events
from guanxi.staff.actions import founding
from guanxi.staff.actions.invitations import check_password
from guanxi.staff.actions.members import change_role, reactivate
from guanxi.staff.models import Member


def create_administrator(email: str, name: str, password: str) -> Member:
    """Make a member who may do everything. Raises Refused with what is wrong."""
    return founding.create_administrator(email=email, name=name, password=password, by=Actor.system())


def let_in_again(email: str, password: str) -> Member:
    """Make a member an active administrator with a new password and no second factor: the way back in.

    Raises Refused when nobody has this e-mail or the password is too easy.
    """
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        member = Member.objects.filter(email=email.strip().lower()).first()
        if member is None:
            raise Refused(f"Nobody here has the e-mail {email}.", code="unknown_member", field="email")
        check_password(password, member)
        reactivate(member, by=Actor.system())
        change_role(member, founding.standard_roles()["administrator"], by=Actor.system())
        member = Member.objects.get(pk=member.pk)
        member.set_password(password)
        member.save(update_fields=["password"])
        Authenticator.objects.filter(user_id=member.pk).delete()
        events.record(events.PASSWORD_CHANGED, by=Actor.system(), how="command line", member=member.pk)
    return member


def welcome_address(base_url: str = "") -> str:
    """The address that `guanxi up` prints while nobody works here yet; empty as soon as somebody does."""
    if not founding.is_waiting_for_first():
        return ""
    return f"{base_url or settings.PUBLIC_URL or 'http://localhost:8000'}/welcome/?token={founding.setup_token()}"


def run(arguments: Sequence[str]) -> int:
    """The command `guanxi admin …`; returns the exit status."""
    told = _parser().parse_args(arguments)
    try:
        if told.verb == "create":
            member = create_administrator(told.email, told.name or _ask("Name: "), _password())
            print(f"{member.name} <{member.email}> may now sign in and administer everything.")  # noqa: T201
        elif told.verb == "restore":
            member = let_in_again(told.email, _password())
            print(f"{member.name} <{member.email}> may sign in again and administer everything.")  # noqa: T201
        else:
            print(welcome_address(told.url) or "Somebody works here already: sign in.")  # noqa: T201
    except Refused as refused:
        print(f"guanxi: {refused}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guanxi admin", description="Make an administrator, or let one in again.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="make a member who may administer everything")
    create.add_argument("--email", required=True)
    create.add_argument("--name", default="")
    restore = verbs.add_parser("restore", help="new password, administrator's role, second factors taken off")
    restore.add_argument("--email", required=True)
    welcome = verbs.add_parser("welcome", help="print the address where the first administrator is made")
    welcome.add_argument("--url", default="")
    return parser


def _password() -> str:
    """From the terminal, unseen; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")


def _ask(prompt: str) -> str:
    return input(prompt) if sys.stdin.isatty() else ""

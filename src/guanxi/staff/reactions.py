"""What staff hears from allauth: a third party's signals, told on as events."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.http import HttpRequest

from guanxi.staff import events
from guanxi.staff.actions.sign_in import tell_failure
from guanxi.staff.client import client_of
from guanxi.staff.models import Member


def connect() -> None:
    """Called once, when the app is ready."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="staff.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="staff.signed_out")
    mfa.authenticator_added.connect(_second_factor_added, dispatch_uid="staff.factor_added")
    mfa.authenticator_removed.connect(_second_factor_removed, dispatch_uid="staff.factor_removed")
    mfa.authenticator_reset.connect(_recovery_codes_renewed, dispatch_uid="staff.factor_reset")
    mfa.authentication_failed.connect(_second_factor_failed, dispatch_uid="staff.factor_failed")


def _signed_in(request: HttpRequest, user: Member, **_: Any) -> None:
    records = request.session.get("account_authentication_methods", [])
    methods = [str(record.get("method", "")) for record in records]
    with transaction.atomic():
        events.record(events.SIGNED_IN, by=user.actor, methods=methods, **client_of(request))


def _signed_out(request: HttpRequest | None, user: Member | None, **_: Any) -> None:
    if user is None or request is None:
        return
    with transaction.atomic():
        events.record(events.SIGNED_OUT, by=user.actor, **client_of(request))


def _second_factor_added(user: Member, authenticator: Authenticator, **_: Any) -> None:
    _tell_of(events.SECOND_FACTOR_ADDED, user, authenticator)


def _second_factor_removed(user: Member, authenticator: Authenticator, **_: Any) -> None:
    _tell_of(events.SECOND_FACTOR_REMOVED, user, authenticator)


def _recovery_codes_renewed(user: Member, **_: Any) -> None:
    with transaction.atomic():
        events.record(events.RECOVERY_CODES_RENEWED, by=user.actor)


def _tell_of(name: str, member: Member, authenticator: Authenticator) -> None:
    with transaction.atomic():
        events.record(name, by=member.actor, kind=str(authenticator.type))


def _second_factor_failed(request: HttpRequest, user: Member, **_: Any) -> None:
    tell_failure(request, method="second_factor", email=user.email)

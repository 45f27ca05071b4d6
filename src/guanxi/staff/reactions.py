"""What staff hears from allauth: a third party's signals, told on as events."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.core import context
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from guanxi.core.actors import Actor
from guanxi.staff import events
from guanxi.staff.actions.sign_in import tell_failure
from guanxi.staff.client import client_of
from guanxi.staff.models import Member


def connect() -> None:
    """Called once, when the app is ready."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="staff.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="staff.signed_out")
    post_save.connect(_second_factor_added, Authenticator, dispatch_uid="staff.factor_added")
    post_delete.connect(_second_factor_removed, Authenticator, dispatch_uid="staff.factor_removed")
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


def _second_factor_added(instance: Authenticator, created: bool, **_: Any) -> None:
    """On the row itself, in its transaction: allauth sends its own signal only after the commit."""
    if created:
        _tell_of(events.SECOND_FACTOR_ADDED, instance)


def _second_factor_removed(instance: Authenticator, **_: Any) -> None:
    _tell_of(events.SECOND_FACTOR_REMOVED, instance)


def _recovery_codes_renewed(user: Member, **_: Any) -> None:
    with transaction.atomic():
        events.record(events.RECOVERY_CODES_RENEWED, by=user.actor)


def _tell_of(name: str, authenticator: Authenticator) -> None:
    asker = getattr(context.request, "user", None)
    by = asker.actor if isinstance(asker, Member) else Actor.system()
    with transaction.atomic():
        events.record(name, by=by, member=authenticator.user_id, kind=str(authenticator.type))


def _second_factor_failed(request: HttpRequest, user: Member, **_: Any) -> None:
    tell_failure(request, method="second_factor", email=user.email)

"""Sign-in that fails, and sessions that end."""

from __future__ import annotations

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from guanxi.core.actors import Actor
from guanxi.staff import events
from guanxi.staff.client import client_of
from guanxi.staff.models import Member

_LONGEST_EMAIL = 254


def tell_failure(request: HttpRequest, *, method: str, email: str) -> None:
    """Record a sign-in that was refused; by the member whose e-mail was given, when there is one."""
    given = email.strip().lower()[:_LONGEST_EMAIL]
    member = Member.objects.filter(email=given).first() if given else None
    by = member.actor if member else Actor.system()
    with transaction.atomic():
        events.record(events.SIGN_IN_FAILED, by=by, email=given, method=method, **client_of(request))


def end_sessions(member: Member) -> int:
    """Sign a member out everywhere, in the caller's transaction; returns how many sessions ended."""
    sessions = UserSession.objects.filter(user_id=member.pk)
    keys = list(sessions.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        store.delete(key)
    sessions.delete()
    return len(keys)

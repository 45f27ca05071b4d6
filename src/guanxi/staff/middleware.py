"""Applies what the member prefers to each request, and notes which sessions are alive."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from guanxi.core import clock
from guanxi.staff.models import Member

_SEEN_EVERY = timedelta(minutes=5)
_MOST_SEEN = 20_000
_LANGUAGES = {code for code, _label in settings.LANGUAGES}


class MemberPreferences:
    """Language and time zone of the member who asks.

    Where the member has chosen none, and for strangers, LocaleMiddleware has already picked the language of
    cookie or browser, and the time zone is the installation's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = self._member(request)
        if member is not None and member.language in _LANGUAGES:
            translation.activate(member.language)
            request.LANGUAGE_CODE = translation.get_language()
        zone = _zone(member.timezone) if member is not None else None
        if zone is None:
            timezone.deactivate()  # the thread may still be in the zone of whom it served before
        else:
            timezone.activate(zone)  # stays on while a streamed answer is written
        return self.get_response(request)

    def _member(self, request: HttpRequest) -> Member | None:
        """Nobody is looked up for a request without a session, such as one for a static file."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        return request.user if isinstance(request.user, Member) else None


def _zone(name: str) -> ZoneInfo | None:
    """The zone called `name`; none (the installation's) when it is empty or no longer known."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


class SessionActivity:
    """Keeps `last_seen_at` of a session right to five minutes, for the list of sessions.

    In place of allauth's own middleware, which reads and writes on every request. What one process remembers only
    spares it asking again; the condition in the statement is what spares the write.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._seen: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.session.session_key if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if key and self._is_due(key):
            now = clock.now()
            stale = UserSession.objects.filter(session_key=key, last_seen_at__lt=now - _SEEN_EVERY)
            stale.update(last_seen_at=now)
        return response

    def _is_due(self, key: str) -> bool:
        now = time.monotonic()
        if now - self._seen.get(key, -_SEEN_EVERY.total_seconds()) < _SEEN_EVERY.total_seconds():
            return False
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[key] = now
        return True

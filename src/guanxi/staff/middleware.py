"""Applies what the member prefers to each request."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from guanxi.staff.models import Member

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

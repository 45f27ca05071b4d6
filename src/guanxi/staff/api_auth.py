"""Who calls the JSON API: a program by its key, or a member by their session from our own pages.

    Authorization: Bearer gx_…

`require(request, "customers", "edit")` stands first in every endpoint; `caller(request)` says who it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff.key_lookup import FIND_KEY, TOUCH_KEY, FoundKey, looks_like_token
from guanxi.staff.models import ApiKey, Member
from guanxi.staff.models.api_key import hash_token

lookup_sql = FIND_KEY


class Forbidden(Refused):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the member whose rights count, and the key when it is a program."""

    member: Member
    key: ApiKey | None = None

    @property
    def actor(self) -> Actor:
        return self.key.actor if self.key else self.member.actor

    def can(self, module: str, verb: str) -> bool:
        return self.key.can(module, verb) if self.key else self.member.can(module, verb)


class ApiKeyAuth(HttpBearer):
    """`Authorization: Bearer gx_…`. Nothing is remembered between calls: a revoked key is dead at once."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        if not looks_like_token(token):
            return None
        keys = ApiKey.objects.usable(at=clock.now()).select_related("member__role", "member__department")
        key = keys.filter(token_hash=hash_token(token)).first()
        if key is None:
            return None
        touch(key.pk)
        return Caller(key.member, key)


class SessionAuth(APIKeyCookie):
    """A signed-in member, from our own pages only: unsafe methods need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Without a session there is nobody to protect from forgery: that is a 401, not a failed CSRF check."""
        return super().__call__(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        return Caller(request.user) if isinstance(request.user, Member) else None


authentication = [ApiKeyAuth(), SessionAuth()]


def caller(request: HttpRequest) -> Caller:
    """Who calls. Only behind `authentication`."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Caller):
        raise Forbidden(_("Sign in, or send an API key."), status=401, code="not_signed_in")
    return found


def require(request: HttpRequest, module: str, verb: str) -> Caller:
    """The caller, if they may do `verb` in `module`. Raises Forbidden, a 403 with problem details."""
    who = caller(request)
    if who.can(module, verb):
        return who
    permission = f"{module}:{verb}"
    if who.key is not None and permission not in who.key.scopes:
        raise Forbidden(_("This API key lacks the scope %(permission)s.") % {"permission": permission})
    raise Forbidden(_("%(name)s may not do this: %(permission)s.") % {"name": who.member, "permission": permission})


def find_key(token: str) -> FoundKey | None:
    """The usable key behind a token, read afresh; None when it is unknown, revoked, expired or its member has left."""
    if not looks_like_token(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIND_KEY, [hash_token(token)])
        row = cursor.fetchone()
    return FoundKey.from_row(row) if row else None


def touch(key_id: int) -> None:
    """Note that a key was used."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCH_KEY, [key_id])

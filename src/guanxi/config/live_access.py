"""Who is at `/live`, and which topics they may follow. Runs in a thread: it asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connection
from django.http import HttpRequest

from guanxi.config.http import Scope
from guanxi.core.live import may_follow


@dataclass(frozen=True)
class Visitor:
    """A signed-in member and those of the wanted topics that are open to them."""

    member: Any
    topics: frozenset[str]


def visitor(scope: Scope, wanted: frozenset[str]) -> Visitor | None:
    """The member behind the request's session cookie; None when nobody is signed in."""
    key = _session_key(scope)
    if not key:
        return None
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        member = get_user(request)
        if not member.is_authenticated or not member.is_active:
            return None
        return Visitor(member, frozenset(topic for topic in wanted if may_follow(member, topic)))
    finally:
        connection.close()  # the threads that come here are many and short of work


def connection_parameters() -> dict[str, Any]:
    """How psycopg reaches the database that Django uses, without Django's own cursor and encoding hooks."""
    told = connection.settings_dict
    named = {
        "dbname": told["NAME"],
        "user": told["USER"],
        "password": told["PASSWORD"],
        "host": told["HOST"],
        "port": told["PORT"],
    }
    options = {name: value for name, value in told["OPTIONS"].items() if name.startswith("ssl")}
    return {name: value for name, value in named.items() if value} | options | {"connect_timeout": 5}


def _session_key(scope: Scope) -> str:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""

"""Checks of the settings and the machine: each names the mistake and the mend. Run by `guanxi check`."""

from __future__ import annotations

import os
import zoneinfo
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DatabaseError
from django.db import connections

OLDEST_POSTGRES = 150_000
_SHORTEST_KEY = 32
# The trigrams of search ask the C library (datctype), case and patterns the database's own provider.
_KNOWS_LETTERS = """
SELECT '李' ~ '[[:alpha:]]', lower('Ä') = 'ä', datctype NOT IN ('C', 'POSIX')
FROM pg_database WHERE datname = current_database()
"""


@register(Tags.security)
def check_secret_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The key signs sessions and links; a short or shared one can be guessed."""
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < _SHORTEST_KEY:
        found.append(
            Error(
                f"The signing key has fewer than {_SHORTEST_KEY} characters.",
                hint="Remove GUANXI_SECRET_KEY, and Guanxi makes and keeps a good one; or set a longer one.",
                id="core.E001",
            )
        )
    path = settings.GUANXI_HOME / "secret"
    if not os.environ.get("GUANXI_SECRET_KEY") and path.exists() and path.stat().st_mode & 0o077:
        found.append(
            Error(
                f"Others on this machine can read the signing key {path}.",
                hint=f"Run: chmod 600 {path}",
                id="core.E002",
            )
        )
    return found


@register()
def check_home(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Uploaded files, the signing key and the embedded database lie in GUANXI_HOME."""
    home = settings.GUANXI_HOME
    if os.access(home if home.exists() else home.parent, os.W_OK):
        return []
    return [
        Error(
            f"Guanxi cannot write to its home folder {home}.",
            hint="Give the folder to the user that runs Guanxi, or name another in GUANXI_HOME.",
            id="core.E003",
        )
    ]


@register()
def check_time_zone(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Times are shown in this zone unless a member chose another."""
    if settings.TIME_ZONE in zoneinfo.available_timezones():
        return []
    return [
        Error(
            f"GUANXI_TIME_ZONE is {settings.TIME_ZONE!r}, which is no time zone.",
            hint="Write it like Asia/Shanghai or Europe/Paris.",
            id="core.E004",
        )
    ]


@register(Tags.security, deploy=True)
def check_public_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Links in mails, passkeys and secure cookies need the address people use."""
    if not settings.PUBLIC_URL:
        return [
            Warning(
                "GUANXI_PUBLIC_URL is not set, so links in e-mails lead to this machine only.",
                hint="Set it to the address people open, such as https://crm.example.com.",
                id="core.W001",
            )
        ]
    if settings.PUBLIC_URL.startswith("http://"):
        return [
            Warning(
                f"People reach Guanxi at {settings.PUBLIC_URL}, without encryption.",
                hint="Put it behind a proxy with a certificate, and set GUANXI_PUBLIC_URL to https://….",
                id="core.W002",
            )
        ]
    return []


@register(Tags.database)
def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The database answers, is new enough, is in Unicode and knows Chinese letters."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
                number, encoding = cursor.fetchone()
                cursor.execute(_KNOWS_LETTERS)
                knows_letters = all(cursor.fetchone())
        except DatabaseError as error:
            found.append(_unreachable(error))
            continue
        found += _judged(number, encoding, knows_letters)
    return found


def _unreachable(error: DatabaseError) -> CheckMessage:
    return Error(
        f"The database does not answer: {str(error).splitlines()[0]}",
        hint="Correct DATABASE_URL, or remove it to use the embedded database.",
        id="core.E005",
    )


def _judged(number: int, encoding: str, knows_letters: bool) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if number < OLDEST_POSTGRES:
        found.append(
            Error(
                f"The database is PostgreSQL {number // 10_000}; Guanxi needs 15 or newer.",
                hint="Upgrade it, or remove DATABASE_URL to use the embedded database.",
                id="core.E006",
            )
        )
    if encoding != "UTF8" or not knows_letters:
        found.append(
            Error(
                "The database does not know Chinese letters, so search would miss names.",
                hint="Make it with: CREATE DATABASE guanxi ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;",
                id="core.E007",
            )
        )
    return found

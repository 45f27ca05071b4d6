"""Tells in a moment, without Django, whether the database's tables are those of this version.

After each migration a fingerprint of every migration file is left as the comment of Django's own table of
migrations; it travels with backups and needs no table of ours.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

_SOURCE = Path(__file__).resolve().parent.parent
_OTHERS = ("Django", "django-allauth", "procrastinate")
READ = "SELECT obj_description(to_regclass('django_migrations'), 'pg_class')"
AT_HOME = """
SELECT epoch.system_identifier = here.system_identifier FROM core_log_epoch AS epoch, pg_control_system() AS here
"""
# Read as a file: importing its package would need Django.
RENEW_EPOCH = (_SOURCE / "core" / "events" / "sql" / "renew_epoch.sql").read_text(encoding="utf-8")


@cache
def fingerprint() -> str:
    """A digest of all migrations: ours by their contents, other packages' by their versions."""
    digest = hashlib.sha256()
    for path in sorted(_SOURCE.glob("*/migrations/*.py")) + sorted(_SOURCE.glob("*/**/sql/*.sql")):
        digest.update(str(path.relative_to(_SOURCE)).encode() + b"\0" + path.read_bytes() + b"\0")
    for name in _OTHERS:
        digest.update(f"{name}={version(name)}\n".encode())
    return f"guanxi:{digest.hexdigest()[:24]}"


def is_current(url: str) -> bool:
    """Whether the database at `url` was migrated by exactly these migrations, and lies where it was made."""
    with psycopg.connect(url) as connection:
        found = connection.execute(READ).fetchone()
        if found is None or found[0] != fingerprint():
            return False
        at_home = connection.execute(AT_HOME).fetchone()
    return at_home is not None and bool(at_home[0])


def missing(connection: Any) -> list[str]:
    """The migrations of ours that were not applied, such as "core.0002_event_log"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return _ours()
        cursor.execute("SELECT app || '.' || name FROM django_migrations")
        applied = {name for (name,) in cursor.fetchall()}
    return [name for name in _ours() if name not in applied]


@cache
def _ours() -> list[str]:
    return [f"{path.parent.parent.name}.{path.stem}" for path in sorted(_SOURCE.glob("*/migrations/[0-9]*.py"))]


def mark_current(url: str) -> None:
    """Leave the fingerprint after a migration, and let a log that was restored elsewhere go on in order."""
    with psycopg.connect(url) as connection:
        connection.execute(RENEW_EPOCH)
        connection.execute(sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(fingerprint()))

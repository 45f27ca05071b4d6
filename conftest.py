"""Every test database is cloned from one that was migrated once, however many workers share the server."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A shared machine has slow moments, and a test that fails by chance is worse than one that finds less.
settings.register_profile(
    "guanxi", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("guanxi")

_PREFIX = "guanxi_template_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_test_environment: None,
    django_db_blocker: Any,
) -> None:
    """Have Django clone the template where it would otherwise run every migration for each worker."""
    from django.conf import settings as django_settings

    from guanxi.core import schema

    template = _PREFIX + schema.fingerprint().partition(":")[2]
    with _one_at_a_time(), django_db_blocker.unblock():
        _make_template(template)
    django_settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template


def _make_template(template: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    own = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [_PREFIX + "%"])
        found = {name for (name,) in cursor.fetchall()}
        if template in found:
            return
        for stale in found:
            cursor.execute(f'DROP DATABASE IF EXISTS "{stale}"')
        draft = f"draft_of_{template}"
        cursor.execute(f'DROP DATABASE IF EXISTS "{draft}"')
        cursor.execute(f'CREATE DATABASE "{draft}"')
    connection.close()
    connection.settings_dict["NAME"] = draft
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
    with connection._nodb_cursor() as cursor:  # the name marks it as whole
        cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template}"')


class _one_at_a_time:  # noqa: N801 -- reads as what it does
    """A lock among the workers of this run."""

    def __enter__(self) -> None:
        place = Path(os.environ.get("GUANXI_HOME") or tempfile.gettempdir())
        self.file = open(place / "tests.lock", "w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


@pytest.fixture(autouse=True)
def _empty_log_after_commits(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Empty the event log after a test that commits: its tables are laid by SQL, so Django's flush passes them by."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        return
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_event, core_event_key")

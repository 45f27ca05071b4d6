"""Gives a test run a database of its own: `-p guanxi.core.postgres.pytest_plugin`.

Loaded before pytest-django reads the settings. Unless DATABASE_URL is set, it starts a forgetful server in a
temporary folder; the workers of pytest-xdist inherit the address and share the server. The keeper stops it
and deletes the folder when the run ends, even when it is killed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from guanxi.core.postgres.cluster import Cluster, Lease

_kept: list[Lease] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """A wrapper, because those run before every ordinary hook, pytest-django's among them."""
    if "GUANXI_HOME" not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="guanxi-test-"))
        folder.chmod(0o711)  # the database's own user passes through when root runs the tests
        os.environ["GUANXI_HOME"] = str(folder)
    home = Path(os.environ["GUANXI_HOME"])
    if "DATABASE_URL" not in os.environ:
        cluster = Cluster(home / "database", forgetful=True, remove=home)
        _kept.append(cluster.acquire())
        os.environ["DATABASE_URL"] = cluster.address
    yield


def pytest_unconfigure() -> None:
    """Let go of the server; the controller's hold is the last one."""
    while _kept:
        _kept.pop().release()

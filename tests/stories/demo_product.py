"""A running `guanxi demo` on a database of its own, cloned from one that was filled once for all workers."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.conftest import free_port, wait_until

_ROOT = Path(__file__).resolve().parents[2]
_FILL = """
from guanxi.config.commands import load_demo
load_demo()
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()) as worker:
    worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
"""
_LINK = re.compile(r"http://\S+/demo/\S+?/(?=\s)")


@dataclass(frozen=True)
class DemoProduct:
    """Where the product answers, and the link it printed for signing in."""

    url: str
    sign_in_link: str
    database: str

    def ask(self, query: str, *values: object) -> Any:
        """One value from the database, for what a story must know beforehand."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute(query, values or None).fetchone()
        assert row is not None, f"the demo data has nothing for: {query}"
        return row[0]


@contextlib.contextmanager
def running(home: Path, name: str) -> Iterator[DemoProduct]:
    """Run the product on a clone called `name` until the block ends; the clone goes with it."""
    server = os.environ["DATABASE_URL"]
    template = _filled(server, home)
    with psycopg.connect(server, autocommit=True) as connection:
        _drop(connection, name)
        connection.execute(_sql("CREATE DATABASE {} TEMPLATE {}", name, template))
    address = _named(server, name)
    try:
        with _started(home, address) as product:
            yield product
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            _drop(connection, name)


@contextlib.contextmanager
def _started(home: Path, database: str) -> Iterator[DemoProduct]:
    port = free_port()
    output = home / "output.log"
    command = [sys.executable, "-m", "guanxi.config.cli", "demo", "--port", str(port), "--processes", "1"]
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, env=_environment(home, database), stdout=file, stderr=file, start_new_session=True
        )
    try:
        wait_until(lambda: process.poll() is not None or _LINK.search(output.read_text()) is not None, seconds=120)
        link = _LINK.search(output.read_text())
        assert link, output.read_text()
        yield DemoProduct(f"http://localhost:{port}", link[0], database)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(home: Path, database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database,
        "GUANXI_HOME": str(home),
        "GUANXI_SECRET_KEY": "the stories' own key, known to everybody and worth nothing",
        "GUANXI_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "GUANXI_TIME_ZONE": "Asia/Shanghai",
        "PYTHONPATH": str(_ROOT / "src"),
    }


def _filled(server: str, home: Path) -> str:
    """The name of a database with the demo's data, made by the first worker that asks."""
    name = f"guanxi_demo_{_fingerprint()}"
    draft = f"draft_of_{name}"
    place = Path(os.environ.get("GUANXI_HOME") or tempfile.gettempdir())
    with open(place / "demo.lock", "w") as lock, psycopg.connect(server, autocommit=True) as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stale = "SELECT datname FROM pg_database WHERE datname LIKE %s"
        found = {found for (found,) in connection.execute(stale, [r"%guanxi\_demo\_%"]).fetchall()}
        if name in found:
            return name
        for old in found:
            _drop(connection, old)
        connection.execute(_sql("CREATE DATABASE {}", draft))
        environment = _environment(home, _named(server, draft))
        for command in (["-m", "guanxi.config.cli", "migrate"], ["-c", _FILL]):
            done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
        connection.execute(_sql("ALTER DATABASE {} RENAME TO {}", draft, name))
    return name


def _fingerprint() -> str:
    """Another for other tables or another demo."""
    from guanxi.core import schema

    digest = hashlib.sha256(schema.fingerprint().encode())
    for path in sorted((_ROOT / "src/guanxi/config/demo").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _named(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _sql(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))

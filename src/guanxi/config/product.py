"""`guanxi up` and its parts: the database, its tables, then web and worker under one supervisor."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from guanxi.config import environment, processes
from guanxi.config.supervisor import Part, Supervisor, say
from guanxi.core.postgres import Cluster, Lease

_PAGES_FIRST_SECONDS = 10.0
_GUANXI = [sys.executable, "-m", "guanxi.config.cli"]


def run(
    parts: list[str],
    *,
    host: str,
    port: str,
    processes: int | None,  # web processes
    reload: bool,
    with_demo: bool,
) -> int:
    """Bring up what is asked for and stay until told to stop."""
    address = _address(host, port) if "web" in parts else None
    lease = None if os.environ.get("DATABASE_URL") else _start_database()
    try:
        _count_afresh(environment.home())
        migrated = subprocess.run([*_GUANXI, "migrate", "--if-needed"])
        if migrated.returncode != 0:
            return migrated.returncode
        sign_in = _load_demo(port) if with_demo else ""
        made = [Part(name, _command(name, address, processes, reload)) for name in parts]
        supervisor = Supervisor(made, database=lease.cluster if lease else None)
        if address is not None:
            _let_pages_go_first(made)
            threading.Thread(target=_announce, args=(address, sign_in, supervisor), daemon=True).start()
        return supervisor.run()
    finally:
        if lease is not None:
            lease.release()


def _address(host: str, port: str) -> tuple[str, int]:
    number = processes.port_number(port)
    processes.refuse_taken_port(host, number)
    return host, number


def _count_afresh(home: Path) -> None:
    """A new folder of metrics, which all children share."""
    folder = home / "run" / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _start_database() -> Lease:
    lease = Cluster(environment.home()).acquire()
    os.environ["DATABASE_URL"] = lease.cluster.address
    say("started", part="database", home=str(environment.home()))
    return lease


def _command(name: str, address: tuple[str, int] | None, count: int | None, reload: bool) -> list[str]:
    command = [*_GUANXI, name]
    if name == "web" and address is not None:
        command += ["--host", address[0], "--port", str(address[1])]
        command += ["--processes", str(count)] if count else []
        command += ["--reload"] if reload else []
    return command


def _load_demo(port: str) -> str:
    """Load the demo data in a process of its own, so that its memory is given back; how to sign in."""
    loading = [sys.executable, "-c", "from guanxi.config.commands import load_demo; load_demo()"]
    environment = os.environ | {"GUANXI_PORT": str(port)}  # stands in the link to sign in
    done = subprocess.run(loading, stdout=subprocess.PIPE, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(done.returncode)
    return done.stdout.strip()


def _let_pages_go_first(parts: list[Part]) -> None:
    """Both load the same program; on two cores the first page comes sooner when the worker waits for it."""
    for part in parts:
        if part.name != "web":
            part.due_at = time.monotonic() + _PAGES_FIRST_SECONDS


def _announce(address: tuple[str, int], sign_in: str, supervisor: Supervisor) -> None:
    host, port = address
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    while not _answers(reachable, port):
        time.sleep(0.1)  # the pages tell of their readiness when asked
    supervisor.start_what_waits()
    url = os.environ.get("GUANXI_PUBLIC_URL") or f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    say("ready", address=url)
    sign_in = sign_in or _welcome(url)
    if sign_in or sys.stdout.isatty():
        print(_box([f"Guanxi is ready at {url}", *sign_in.splitlines()]), flush=True)  # noqa: T201


def _welcome(url: str) -> str:
    """Where the first administrator is made; empty as soon as anybody works here.

    The word in the address needs the settings, which this process never loads: another one tells it, once.
    """
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT FROM staff_member LIMIT 1").fetchone()
    if found is not None:
        return ""
    told = subprocess.run([*_GUANXI, "admin", "welcome", "--url", url], stdout=subprocess.PIPE, text=True)
    return f"Nobody works here yet. Begin at {told.stdout.strip()}" if told.returncode == 0 else ""


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            connection.sendall(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(15).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _box(lines: list[str]) -> str:
    width = max(_columns(line) for line in lines)
    middle = [f"│ {line}{' ' * (width - _columns(line))} │" for line in lines]
    return "\n".join(["┌" + "─" * (width + 2) + "┐", *middle, "└" + "─" * (width + 2) + "┘"])


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)

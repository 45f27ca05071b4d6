"""Starts the server, joins one that runs, waits for its recovery, and lets go of it."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from guanxi.core.postgres.binaries import Binaries, find_binaries
from guanxi.core.postgres.errors import UnableToStart
from guanxi.core.postgres.layout import PORT, Layout
from guanxi.core.postgres.owner import Owner, find_owner
from guanxi.core.postgres.setup import (
    clean_environment,
    prepare,
    settle_past,
)

_PATIENCE = 600.0  # seconds; replaying the log after a crash takes its time
_TRIES = 40  # the shared memory of a killed server is held until its last session has noticed
_POLL = 0.02  # PostgreSQL tells its readiness in a file, so the file is looked at
_LARGEST_LOG = 8_000_000

_leases: dict[Path, Lease] = {}


class Lease:
    """One user's hold on the running server; the server stops when nobody holds it any more."""

    def __init__(self, cluster: Cluster, descriptor: int) -> None:
        self.cluster = cluster
        self._descriptor: int | None = descriptor
        self._holder = os.getpid()

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let go, and when this was the last user, wait until the server has stopped."""
        if self._descriptor is None or self._holder != os.getpid():
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.cluster.stop()
        except BlockingIOError:  # others hold it, or the keeper does while it stops the server
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)


class Cluster:
    """The embedded server of one home. `forgetful` gives up durability for speed: for tests.

    With `remove`, the keeper deletes that folder once the server has stopped.
    """

    def __init__(self, home: Path, *, forgetful: bool = False, remove: Path | None = None) -> None:
        self.layout = Layout(home.resolve())
        self.forgetful = forgetful
        self.remove = remove
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The database's URL. Known whether the server runs or not."""
        return self.layout.address()

    def acquire(self) -> Lease:
        """Hold the server for as long as the lease is kept, started first if it does not run."""
        self.layout.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.layout.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while the last user's server stops
            self.bring_up()
        except BaseException:
            os.close(descriptor)
            raise
        return Lease(self, descriptor)

    def bring_up(self) -> None:
        """Return once the server takes connections. Of processes that call at once, one starts it.

        Only who holds a lease may call: without one, the keeper may be about to stop the server.
        """
        with self._alone():
            if self._is_kept() and self._becomes_ready():
                return
            for _ in range(_TRIES):
                self._launch()
                if self._becomes_ready():
                    return
                if not self._is_held_by_the_dead():
                    break
            raise UnableToStart(
                f"The embedded database did not start. Its last words, from {self.layout.log}:\n"
                + "\n".join(self._log_tail())
            )

    def is_up(self) -> bool:
        """Whether the server runs and takes connections."""
        return self._is_kept() and self._says_ready()

    def stop(self) -> None:
        """Stop the server whoever uses it, and wait until it is down."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if self._is_kept():
                os.kill(self._status()["keeper"], signal.SIGTERM)
        descriptor = os.open(self.layout.keeper_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # the keeper's lock falls when the keeper has ended
        finally:
            os.close(descriptor)
        if self._keeper is not None:
            self._keeper.wait()

    def server_pid(self) -> int:
        """The process number of the running server."""
        return self._status()["server"]

    @property
    def owner(self) -> Owner:
        return find_owner(self.layout.data)

    @property
    def binaries(self) -> Binaries:
        return find_binaries()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self.layout.start_lock, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _is_kept(self) -> bool:
        """Whether a keeper lives: it holds its lock, however it was started and whoever looks."""
        try:
            descriptor = os.open(self.layout.keeper_lock, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _launch(self) -> None:
        owner, binaries = self.owner, self.binaries
        usable = prepare(self.layout, owner, binaries, forgetful=self.forgetful)
        settle_past(self.layout.data)
        self.layout.keeper_status.unlink(missing_ok=True)
        self._turn_log()
        told = {
            "command": [
                usable.path("postgres"),
                "-D",
                str(self.layout.data),
                "-c",
                f"config_file={self.layout.configuration}",
            ],
            "cwd": "/",
            "uid": owner.uid if owner.is_someone_else else None,
            "gid": owner.gid,
            "log": str(self.layout.log),
            "users": str(self.layout.users_lock),
            "mine": str(self.layout.keeper_lock),
            "status": str(self.layout.keeper_status),
            "remove": str(self.remove) if self.remove else None,
        }
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), json.dumps(told)],
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in a terminal is for Guanxi; the server ends after it
        )

    def _becomes_ready(self) -> bool:
        """Wait until the server is ready (True) or its keeper has ended (False)."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if self._says_ready() and self._listens():
                return True
            if self._keeper is not None:
                if self._keeper.poll() is not None:
                    return False
            elif not self._is_kept():
                return False
            time.sleep(_POLL)
        raise UnableToStart(f"The embedded database is still not ready; {self.layout.log} tells what it does.")

    def _says_ready(self) -> bool:
        """The eighth line of postmaster.pid is the server's state; the first must be our server's number."""
        try:
            lines = (self.layout.data / "postmaster.pid").read_text().splitlines()
            return lines[7].strip() == "ready" and int(lines[0]) == self._status()["server"]
        except (OSError, IndexError, ValueError):
            return False

    def _listens(self) -> bool:
        """Whether the socket takes connections: a server killed a moment ago still says that it is ready."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.layout.socket / f".s.PGSQL.{PORT}")) == 0

    def _status(self) -> dict[str, int]:
        status: dict[str, int] = json.loads(self.layout.keeper_status.read_text())
        return status

    def _is_held_by_the_dead(self) -> bool:
        """Whether the start failed only because sessions of a killed server have not ended yet."""
        held = any("shared memory block" in line and "in use" in line for line in self._log_tail())
        if held:
            time.sleep(0.25)  # they notice within moments; nothing tells when
        return held

    def _log_tail(self) -> list[str]:
        try:
            return self.layout.log.read_text(errors="replace").splitlines()[-6:]
        except OSError:
            return []

    def _turn_log(self) -> None:
        log = self.layout.log
        log.parent.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > _LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))


def ensure_running(home: Path) -> str:
    """Hold the home's server until this process ends, started first if need be; gives its URL."""
    cluster = Cluster(home)
    place = cluster.layout.home
    if place not in _leases:
        _leases[place] = cluster.acquire()
        atexit.register(_leases[place].release)
    else:
        _leases[place].cluster.bring_up()
    return cluster.address

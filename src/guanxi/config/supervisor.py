"""Keeps the parts of the product running: starts them, restarts what crashes, ends them all together.

Light on purpose: it imports neither Django nor psycopg, because it lives as long as the product does.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from guanxi.config import processes

_LONGEST_PAUSE = 30.0  # seconds before a part that keeps crashing is started again
_STEADY = 60.0  # a part that ran this long starts afresh with the shortest pause
_GRACE = 20.0  # seconds a part has to finish what it is doing
_LOOK = 1.0  # how often the embedded database is looked at


class Watched(Protocol):
    """The embedded database, as far as it must be kept up."""

    def is_up(self) -> bool: ...
    def bring_up(self) -> None: ...


@dataclass
class Part:
    """One child process: a name for people and the command that runs it."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    crashes: int = 0
    environment: dict[str, str] = field(default_factory=dict)


class Supervisor:
    """Runs parts until it is told to stop by SIGTERM or SIGINT."""

    def __init__(self, parts: list[Part], *, database: Watched | None = None) -> None:
        self.parts = parts
        self.database = database
        self.stopping = False
        self._look_at = 0.0
        self._wake, self._woken = os.pipe()

    def run(self) -> int:
        """Returns 0 when asked to stop."""
        self._listen_for_signals()
        for part in self.parts:
            if part.due_at == 0:
                self._start(part)
        while not self.stopping:
            self._sleep()
            self._watch_database()
            self._restart_what_ended()
        self._end()
        return 0

    def start_what_waits(self) -> None:
        """Start now what was to start later. Called from another thread."""
        for part in self.parts:
            if part.process is None:
                part.due_at = 0.0
        os.write(self._woken, b"!")

    def _listen_for_signals(self) -> None:
        os.set_blocking(self._wake, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _asked_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _sleep(self) -> None:
        """Until a signal comes, a child's end among them, or something is due."""
        due = [part.due_at for part in self.parts if part.process is None]
        if self.database is not None:
            due.append(self._look_at)
        timeout = max(0.0, min(due) - time.monotonic()) if due else None
        select.select([self._wake], [], [], timeout)
        try:
            while os.read(self._wake, 512):
                pass
        except BlockingIOError:
            pass

    def _start(self, part: Part) -> None:
        environment = os.environ | part.environment | {processes.PARENT: str(os.getpid())}
        # A group of its own: Ctrl-C reaches the supervisor alone, which then ends its parts in order.
        part.process = subprocess.Popen(part.command, env=environment, process_group=0)
        part.started_at = time.monotonic()
        say("started", part=part.name, pid=part.process.pid)

    def _restart_what_ended(self) -> None:
        now = time.monotonic()
        for part in self.parts:
            if part.process is None:
                if now >= part.due_at and not self.stopping:
                    self._start(part)
            elif part.process.poll() is not None:
                if now - part.started_at > _STEADY:
                    part.crashes = 0
                pause = min(_LONGEST_PAUSE, 0.1 * 2**part.crashes)
                part.crashes += 1
                part.due_at = now + pause
                say("crashed", part=part.name, status=part.process.returncode, restarts_in=pause)
                part.process = None

    def _watch_database(self) -> None:
        if self.database is None or time.monotonic() < self._look_at:
            return
        if not self.database.is_up():
            say("crashed", part="database")
            self.database.bring_up()
            say("started", part="database")
        self._look_at = time.monotonic() + _LOOK

    def _end(self) -> None:
        say("stopping")
        running = [part.process for part in self.parts if part.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + _GRACE
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def say(event: str, **facts: Any) -> None:
    """One line about the product itself: words on a terminal, JSON anywhere else."""
    now = datetime.now(UTC)
    if sys.stderr.isatty():
        told = " ".join(f"{name}={value}" for name, value in facts.items() if name != "part")
        line = f"{now.astimezone():%H:%M:%S}  {facts.get('part', 'guanxi'):<9} {event}  {told}".rstrip()
    else:
        line = json.dumps({"timestamp": now.isoformat(), "level": "info", "event": f"guanxi_{event}", **facts})
    print(line, file=sys.stderr, flush=True)  # noqa: T201

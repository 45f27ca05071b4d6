from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from guanxi.config.supervisor import Part, Supervisor


def test_a_crashed_part_is_started_again_until_all_are_told_to_stop(tmp_path: Path) -> None:
    """The part notes each of its lives, dies in the first two and asks its supervisor to stop in the third."""
    notes = tmp_path / "lives"
    script = (
        "import os, signal, sys, time; notes = open(sys.argv[1], 'a'); notes.write('x'); notes.close();"
        "lives = len(open(sys.argv[1]).read());"
        "sys.exit(3) if lives < 3 else (os.kill(os.getppid(), signal.SIGTERM), signal.pause())"
    )
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        supervisor = Supervisor([Part("worker", [sys.executable, "-c", script, str(notes)])])
        assert supervisor.run() == 0
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
    assert notes.read_text() == "xxx"
    process = supervisor.parts[0].process
    assert process is not None
    assert process.returncode == -signal.SIGTERM


def test_a_database_that_is_down_is_brought_up() -> None:
    class Database:
        brought_up = 0

        def is_up(self) -> bool:
            return self.brought_up > 0

        def bring_up(self) -> None:
            self.brought_up += 1
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()

    database = Database()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        Supervisor([], database=database).run()
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
    assert database.brought_up == 1

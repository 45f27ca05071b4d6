"""How long until the first page, on a new home and on an old one; how much memory the idle product takes."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

PORT = 8917
FIRST_SECONDS, NEXT_SECONDS, IDLE_MB = 15.0, 4.0, 400.0
SETTLED_SECONDS = 5.0
LONGEST_SECONDS = 120.0


def main() -> int:
    home = Path(tempfile.mkdtemp(prefix="guanxi-bench-"))
    home.chmod(0o711)
    try:
        first, _ = start_once(home)
        following, memory = start_once(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    rows = [
        ("first start, seconds to the first page", first, FIRST_SECONDS),
        ("next start, seconds to the first page", following, NEXT_SECONDS),
        ("idle process tree, MB (PSS)", memory, IDLE_MB),
    ]
    for name, figure, bound in rows:
        print(f"{name:<42} {figure:8.1f}   bound {bound:6.1f}   {figure / bound:5.2f} of it")
    return int(any(figure > bound for _, figure, bound in rows))


def start_once(home: Path) -> tuple[float, float]:
    """Seconds to the first page, and megabytes of the whole tree some seconds later."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"GUANXI_HOME": str(home), "GUANXI_PORT": str(PORT)}
    begun = time.monotonic()
    with open(home / "output.log", "ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "guanxi.config.cli", "up"], env=environment, stdout=output, stderr=output
        )
    try:
        while not answers():
            if process.poll() is not None or time.monotonic() - begun > LONGEST_SECONDS:
                sys.exit((home / "output.log").read_text())
            time.sleep(0.02)
        seconds = time.monotonic() - begun
        time.sleep(SETTLED_SECONDS)  # what is measured is rest
        return seconds, sum(pss(found) for found in tree(process.pid, home)) / 1024
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def tree(pid: int, home: Path) -> list[psutil.Process]:
    """The supervisor and its children, and the database with its keeper."""
    found = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(home) in " ".join(process.cmdline()):
                found += [process, *process.children(recursive=True)]
    return list(dict.fromkeys(found))


def pss(process: psutil.Process) -> int:
    """Kilobytes: own pages, and a fair share of those held in common."""
    try:
        told = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    sys.exit(main())

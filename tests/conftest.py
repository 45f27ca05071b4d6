"""What tests of the whole product share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

_PATIENCE = 120.0


@dataclass
class Product:
    """A real `guanxi up` in a home and on a port of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page, redirects followed; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self) -> bool:
        return self.get("/ready")[0] == 200

    def parts(self, word: str) -> list[psutil.Process]:
        """The processes of the tree whose command line holds a word."""
        return [found for found in self.tree() if word in _command(found)]

    def tree(self) -> list[psutil.Process]:
        """Every process of this home: the supervisor's children, and the keeper with its server."""
        mine = psutil.Process(self.process.pid)
        found = [mine, *mine.children(recursive=True)]
        for process in psutil.process_iter():
            if str(self.home) in _command(process) and process not in found:
                found += [process, *process.children(recursive=True)]
        return list(dict.fromkeys(found))


def wait_until(condition: Callable[[], bool], *, seconds: float = _PATIENCE) -> None:
    """Look again and again until something is so; fails the test when it is not so in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)  # there is nothing to wait on: the condition lies in other processes


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def shared_home() -> Iterator[Path]:
    """A GUANXI_HOME for the tests of one worker, one after the other: its tables are made only once.

    The database's own user can pass through it when root runs the tests, as through pytest's tmp_path not.
    """
    folder = Path(tempfile.mkdtemp(prefix="guanxi-up-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def product(shared_home: Path) -> Iterator[Product]:
    """The whole product, ready to answer."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"GUANXI_HOME": str(shared_home), "GUANXI_PORT": str(port)}
    with open(shared_home / "output.log", "ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "guanxi.config.cli", "up"], env=environment, stdout=output, stderr=output
        )
    running = Product(shared_home, port, process)
    try:
        wait_until(lambda: process.poll() is not None or running.is_ready())
        assert process.poll() is None, (shared_home / "output.log").read_text()
        yield running
    finally:
        if process.poll() is None:
            left = running.tree()
            process.terminate()
            process.wait(timeout=60)
            psutil.wait_procs(left, timeout=20)

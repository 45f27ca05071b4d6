"""A product of its own for a bench: a fresh home, its own database, its own port; gone at the end."""

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
from pathlib import Path
from types import TracebackType

SOURCE = Path(__file__).resolve().parent.parent / "src"
PATIENCE_SECONDS = 60


class Product:
    """`guanxi up` in a temporary home. `token` is an API key that may do everything."""

    def __init__(self, *, web_only: bool = False) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="guanxi-bench-", dir="/var/tmp"))
        self.port = _free_port()
        self.token = ""
        self.database_url = ""
        self._command = "web" if web_only else "up"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Product:
        self.home.chmod(0o755)
        environment = {
            **os.environ,
            "GUANXI_HOME": str(self.home),
            "GUANXI_PORT": str(self.port),
            "PYTHONPATH": str(SOURCE),
        }
        for name in ("DATABASE_URL", "GUANXI_SECRET_KEY"):
            environment.pop(name, None)
        with (self.home / "out").open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guanxi.config.cli", self._command],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_it_answers()
        self.database_url = self._address()
        self.token = self._make_key(environment)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
        shutil.rmtree(self.home, ignore_errors=True)

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError((self.home / "out").read_text()[-3_000:])

    def _address(self) -> str:
        from guanxi.core.postgres import Cluster

        return Cluster(self.home).address

    def _make_key(self, environment: dict[str, str]) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "bench.make_key"],
            env={
                **environment,
                "DATABASE_URL": self.database_url,
                "DJANGO_SETTINGS_MODULE": "guanxi.config.settings",
                "PYTHONPATH": f"{SOURCE}:{SOURCE.parent}",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.split()[-1]


def django_ready(product: Product) -> None:
    """Set Django up in this process on the product's database."""
    import django

    os.environ["DATABASE_URL"] = product.database_url
    os.environ["GUANXI_HOME"] = str(product.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.config.settings"
    django.setup()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

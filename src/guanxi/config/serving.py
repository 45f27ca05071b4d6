"""Serves the front door with granian: a few processes forked from one that has loaded everything."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings

from guanxi.config.processes import end_with_parent
from guanxi.core import logs

_MOST_PROCESSES = 2
_GRACE_SECONDS = 15


def serve(*, host: str, port: int, processes: int | None, reload: bool) -> None:
    """Answer requests until told to stop by SIGTERM or SIGINT."""
    logs.configure()
    if not reload:
        _load_once()
    server = Granian(
        "guanxi.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes or min(_MOST_PROCESSES, os.cpu_count() or 1),
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(keep_alive=True, header_read_timeout=15_000),
        websockets=False,
        backlog=2048,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=_GRACE_SECONDS,
        log_enabled=False,
        reload=reload,
        reload_paths=[Path(__file__).resolve().parent.parent] if reload else None,
    )
    server.serve(target_loader=_loader(os.getpid()), wrap_loader=False)


def _load_once() -> None:
    """Load the product before forking: its pages of memory are then shared by all web processes."""
    gc.disable()  # loading makes many objects and little garbage
    from guanxi.config import asgi

    asgi.warm_up()
    gc.freeze()  # the collector leaves what was loaded alone, so that it stays shared
    gc.enable()


def _loader(parent: int) -> Callable[[], Any]:
    """Called in each web process. Killed with its parent: an orphan would keep the port."""

    def load() -> Any:
        end_with_parent(signal.SIGKILL, parent)
        from guanxi.config.asgi import application

        return application

    return load

"""The process that stands between the database and those who use it. Run by itself, with a plain interpreter.

Every user of the embedded database holds a shared lock on one file for as long as it lives; the system lets
go of it however that process ends, kill -9 included. The keeper starts the server, waits for that lock alone,
and so stops the server exactly when the last user is gone. No user's end takes the server from another.

Called with one JSON argument: command, cwd, uid, gid (null: this user), log, users, mine, status, remove.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from typing import Any

PR_SET_PDEATHSIG = 1


def main(told: dict[str, Any]) -> int:
    mine = os.open(told["mine"], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 3  # another keeper is at work
    server = _start(told)
    draft = f"{told['status']}.{os.getpid()}"
    with open(draft, "w") as file:
        json.dump({"keeper": os.getpid(), "server": server.pid}, file)
    os.replace(draft, told["status"])
    signal.signal(signal.SIGTERM, lambda *_: _stop(server))
    threading.Thread(target=_stop_after_the_last_user, args=(told["users"], server), daemon=True).start()
    code = server.wait()
    if told["remove"]:
        shutil.rmtree(told["remove"], ignore_errors=True)
    return code


def _start(told: dict[str, Any]) -> subprocess.Popen[bytes]:
    identity = {} if told["uid"] is None else {"user": told["uid"], "group": told["gid"], "extra_groups": []}
    with open(told["log"], "ab") as log:
        return subprocess.Popen(
            told["command"],
            cwd=told["cwd"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_stop_with_the_keeper,
            **identity,
        )


def _stop_with_the_keeper() -> None:
    """On Linux a server never outlives its keeper: when that is killed, it gets SIGINT, an orderly stop."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _stop_after_the_last_user(users: str, server: subprocess.Popen[bytes]) -> None:
    """Holds the lock until the server is down, so that the next user waits and then starts a fresh one."""
    descriptor = os.open(users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGINT)  # PostgreSQL's "fast": ends sessions, writes a checkpoint, exits


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))

"""Whom the database runs as: this user, or, when root starts it, a system user of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guanxi.core.postgres.errors import UnableToStart

SYSTEM_USER = "guanxi-db"
_STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True)
class Owner:
    """A user of the operating system that owns the data folder and runs the server."""

    uid: int
    gid: int
    name: str

    @property
    def is_someone_else(self) -> bool:
        """Whether programs must change to this user first; only root can."""
        return self.uid != os.geteuid()

    @property
    def identity(self) -> dict[str, Any]:
        """The arguments with which `subprocess` runs a program as this user."""
        if not self.is_someone_else:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a path to this user."""
        if self.is_someone_else:
            os.chown(path, self.uid, self.gid)

    def may_run(self, program: str) -> bool:
        """Whether this user can reach and run the program."""
        try:
            told = subprocess.run([program, "--version"], capture_output=True, cwd="/", **self.identity)
        except PermissionError:
            return False
        return told.returncode == 0

    def may_enter(self, folder: Path) -> bool:
        """Whether this user can pass through every folder down to this one."""
        told = subprocess.run(["/bin/sh", "-c", 'cd "$0"', str(folder)], stderr=subprocess.DEVNULL, **self.identity)
        return told.returncode == 0


def find_owner(data: Path) -> Owner:
    """The owner of the data folder if there is one, else this user, or for root the database's own user.

    Raises UnableToStart when the data belong to somebody else and this user is not root.
    """
    me = os.geteuid()
    if data.exists():
        owner = _by_uid(data.stat().st_uid)
        if me not in {0, owner.uid}:
            raise UnableToStart(
                f"The database in {data} belongs to the user {owner.name}: run Guanxi as that user, "
                "or set GUANXI_HOME to a folder of your own."
            )
        return owner
    return _system_user() if me == 0 else _by_uid(me)


def _by_uid(uid: int) -> Owner:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        raise UnableToStart(
            f"The user number {uid} has no name on this machine, and PostgreSQL refuses to run without one: "
            "add it to /etc/passwd, or set DATABASE_URL to a PostgreSQL elsewhere."
        ) from None
    return Owner(found.pw_uid, found.pw_gid, found.pw_name)


def _system_user() -> Owner:
    """PostgreSQL refuses to run as root, so root gives it a user that owns nothing else."""
    found = _named(SYSTEM_USER)
    if found is None and (useradd := shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin")):
        subprocess.run(
            [
                useradd,
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                SYSTEM_USER,
            ],
            capture_output=True,
        )
        found = _named(SYSTEM_USER)
    for name in _STAND_INS:
        found = found or _named(name)
    if found is None:
        raise UnableToStart(
            f"PostgreSQL refuses to run as root, and no user {SYSTEM_USER!r} could be made: add one "
            f"(useradd --system {SYSTEM_USER}), or run Guanxi as an ordinary user."
        )
    return found


def _named(name: str) -> Owner | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return Owner(found.pw_uid, found.pw_gid, found.pw_name)

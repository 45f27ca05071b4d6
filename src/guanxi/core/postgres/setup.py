"""Makes the data folder once, and writes the server's configuration at each start."""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from guanxi.core.postgres import tuning
from guanxi.core.postgres.binaries import Binaries
from guanxi.core.postgres.errors import UnableToStart
from guanxi.core.postgres.layout import DATABASE, PORT, ROLE, Layout
from guanxi.core.postgres.owner import Owner

EXTENSIONS = ("pg_trgm", "btree_gin")

_PATIENCE = 60.0  # seconds for a server without a keeper to end


def prepare(layout: Layout, owner: Owner, binaries: Binaries, *, forgetful: bool) -> Binaries:
    """Everything a start needs, made where it is missing. Gives the programs the owner can run.

    Raises UnableToStart when the data are of another version or the owner cannot reach them.
    """
    _make_folders(layout, owner)
    usable = binaries.usable_by(owner, home=layout.home)
    _refuse_another_version(layout, binaries)
    _write_configuration(layout, owner, usable, forgetful=forgetful)
    if not layout.data.exists():
        _initialise(layout, owner, usable, forgetful=forgetful)
    return usable


def clean_environment() -> dict[str, str]:
    """This process's environment without what would steer PostgreSQL's programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def settle_past(data: Path) -> None:
    """Deal with the mark (postmaster.pid) of a server that has no keeper any more.

    If that server still runs, its keeper was killed: stop it and wait. If its number now belongs to another
    program, remove the mark: PostgreSQL does so itself unless that program is the same user's, which is common
    after a restart of a container, where numbers begin again.
    """
    mark = data / "postmaster.pid"
    try:
        pid = int(mark.read_text().splitlines()[0])
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return
    if not _is_postgres(pid):
        mark.unlink(missing_ok=True)
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    until = time.monotonic() + _PATIENCE
    while _is_postgres(pid):
        if time.monotonic() > until:
            raise UnableToStart(f"The process {pid} already runs a PostgreSQL on {data}: stop it first.")
        time.sleep(0.05)  # it is nobody's child here, so its end cannot be waited for


def _is_postgres(pid: int) -> bool:
    if Path("/proc/self/stat").exists():  # small images have no ps
        try:
            told = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        program, _, rest = told.partition("(")[2].rpartition(")")
        return program == "postgres" and rest.split()[0] != "Z"
    told = subprocess.run(["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True).stdout
    state, _, program = told.strip().partition(" ")
    return "postgres" in program and not state.startswith("Z")


def _make_folders(layout: Layout, owner: Owner) -> None:
    passable = 0o711 if owner.is_someone_else else 0o700
    layout.home.mkdir(parents=True, exist_ok=True)
    layout.server.mkdir(exist_ok=True)
    layout.server.chmod(passable)
    if owner.is_someone_else and layout.home.stat().st_mode & 0o001 == 0:
        layout.home.chmod(layout.home.stat().st_mode | 0o001)  # ours; the folders above are left as they are
    if not owner.may_enter(layout.server):
        raise UnableToStart(
            f"The database runs as the user {owner.name}, who may not pass through the folders above "
            f"{layout.home}: set GUANXI_HOME to a folder such as /var/lib/guanxi."
        )
    layout.socket.mkdir(exist_ok=True, mode=0o700)
    found = layout.socket.lstat()
    if layout.socket.is_symlink() or found.st_uid not in {owner.uid, os.geteuid()}:
        raise UnableToStart(f"{layout.socket} belongs to another user; remove it.")
    owner.own(layout.socket)
    layout.socket.chmod(0o700)


def _refuse_another_version(layout: Layout, binaries: Binaries) -> None:
    try:
        written = (layout.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if written != str(binaries.major):
        raise UnableToStart(
            f"The data in {layout.data} were written by PostgreSQL {written}, but the programs in "
            f"{binaries.folder} are version {binaries.version}. Name the folder of PostgreSQL {written}'s "
            "programs in GUANXI_PG_BIN; to move to the new version, run `guanxi backup` with the old "
            "programs, set the old data folder aside and run `guanxi restore` with the new ones."
        )


def _write_configuration(layout: Layout, owner: Owner, binaries: Binaries, *, forgetful: bool) -> None:
    chosen = tuning.settings(memory=tuning.machine_memory(), cores=os.cpu_count() or 1, major=binaries.major)
    if forgetful:
        chosen |= tuning.FORGETFUL
    chosen |= {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(layout.socket),
        "unix_socket_permissions": "0700",
        "hba_file": str(layout.server / "pg_hba.conf"),
        "ident_file": str(layout.server / "pg_ident.conf"),
        "log_min_messages": "warning",
        "log_line_prefix": "%m [%p] ",
        "log_min_duration_statement": "2s",
        "log_lock_waits": "on",
    }
    lines = [f"{name} = '{_escaped(value)}'" for name, value in chosen.items()]
    _write(
        layout.configuration,
        "# Written by Guanxi at each start. Settings of your own go in custom.conf beside this file.",
        *lines,
        f"include_if_exists = '{_escaped(str(layout.server / 'custom.conf'))}'",
    )
    _write(layout.server / "pg_hba.conf", "local all all peer map=guanxi")
    users = dict.fromkeys(["root", owner.name])
    _write(layout.server / "pg_ident.conf", *(f'guanxi "{user}" {ROLE}' for user in users))


def _escaped(value: str) -> str:
    return value.replace("'", "''")


def _write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o644)


def _initialise(layout: Layout, owner: Owner, binaries: Binaries, *, forgetful: bool) -> None:
    """Make the data in a folder beside and rename it when whole, so that a half-made one is never used."""
    draft = layout.server / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    owner.own(draft)
    try:
        _run(
            owner,
            [binaries.path("initdb"), "-D", str(draft), *_initdb_options(binaries, forgetful=forgetful)],
        )
        for extension in EXTENSIONS:
            _single(owner, binaries, draft, "template1", _extension_if_available(extension))
        _single(owner, binaries, draft, "postgres", f"CREATE DATABASE {DATABASE};")
        draft.rename(layout.data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initdb_options(binaries: Binaries, *, forgetful: bool) -> list[str]:
    """A locale that knows Chinese letters: under plain C, trigrams and case functions skip them.

    Trigrams ask the C library what a letter is even where the built-in provider sorts, hence --lc-ctype.
    """
    letters = _locale_with_letters()
    options = [f"--username={ROLE}", "--encoding=UTF8", "--auth=peer", "--no-instructions"]
    if binaries.major >= 17:
        options += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--lc-ctype={letters}",
        ]
    else:
        options += [f"--locale={letters}"]
    return [*options, "--no-sync"] if forgetful else options


def _locale_with_letters() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise UnableToStart("This machine has no locale C.UTF-8 or en_US.UTF-8; the database needs one of them.")


def _extension_if_available(name: str) -> str:
    return (
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_available_extensions WHERE name = '{name}') "
        f"THEN CREATE EXTENSION {name}; END IF; END $$;"
    )


def _single(owner: Owner, binaries: Binaries, data: Path, database: str, statement: str) -> None:
    """Run one statement without a server: nobody else can reach the data yet."""
    command = [binaries.path("postgres"), "--single", "-D", str(data)]
    _run(owner, [*command, "-c", "exit_on_error=on", "-c", "fsync=off", database], stdin=statement + "\n")


def _run(owner: Owner, command: list[str], stdin: str = "") -> None:
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd="/",
        env=clean_environment(),
        **owner.identity,
    )
    if done.returncode != 0:
        raise UnableToStart(
            f"The embedded database could not be made; {Path(command[0]).name} said:\n{done.stderr.strip()}"
        )

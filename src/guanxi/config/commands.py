"""What each command does. Everything heavy is imported inside."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from guanxi.config import processes


def is_expected(error: Exception) -> bool:
    """Whether an error speaks for itself, so that a traceback would only hide it."""
    from guanxi.core.postgres import UnableToStart

    expected: tuple[type[Exception], ...] = (UnableToStart, processes.UnableToListen)
    if "guanxi.config.upkeep" in sys.modules:
        from guanxi.config.upkeep import UnableToKeep

        expected += (UnableToKeep,)
    if "django" in sys.modules:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import CommandError

        expected += (ImproperlyConfigured, CommandError)
    return isinstance(error, expected)


def up(told: argparse.Namespace) -> int:
    return _supervise(told, ["web", "worker"])


def web(told: argparse.Namespace) -> int:
    if not os.environ.get("DATABASE_URL"):
        return _supervise(told, ["web"])
    from guanxi.config.serving import serve

    port = processes.port_number(told.port)
    processes.refuse_taken_port(told.host, port)
    serve(host=told.host, port=port, processes=told.processes, reload=told.reload)
    return 0


def worker(told: argparse.Namespace) -> int:
    if not os.environ.get("DATABASE_URL"):
        return _supervise(told, ["worker"])
    from guanxi.config.working import work

    work()
    return 0


def demo(told: argparse.Namespace) -> int:
    return _supervise(told, ["web", "worker"], with_demo=True)


def _supervise(told: argparse.Namespace, parts: list[str], *, with_demo: bool = False) -> int:
    from guanxi.config.product import run

    return run(
        parts,
        host=getattr(told, "host", ""),
        port=getattr(told, "port", ""),
        processes=getattr(told, "processes", None),
        reload=getattr(told, "reload", False),
        with_demo=with_demo,
    )


def migrate(told: argparse.Namespace) -> int:
    from guanxi.core import schema

    _have_database()
    schema.fingerprint()  # of the files as they are now, before they are run
    if told.if_needed and schema.is_current(os.environ["DATABASE_URL"]):
        return 0
    _django("migrate", "--skip-checks", "--verbosity", "0" if told.if_needed else "1")
    schema.mark_current(os.environ["DATABASE_URL"])
    return 0


def psql(told: argparse.Namespace) -> int:
    from guanxi.config.upkeep import program

    _have_database()
    return subprocess.run([program("psql"), os.environ["DATABASE_URL"], *told.rest]).returncode


def backup(told: argparse.Namespace) -> int:
    from guanxi.config import environment, upkeep

    _have_database()
    written = upkeep.backup(told.file, home=environment.home(), url=os.environ["DATABASE_URL"])
    print(f"Written: {written} ({written.stat().st_size / 1e6:,.1f} MB)")  # noqa: T201
    return 0


def restore(told: argparse.Namespace) -> int:
    from guanxi.config import environment, upkeep

    _have_database()
    upkeep.restore(told.file, home=environment.home(), url=os.environ["DATABASE_URL"], replace=told.replace)
    migrate(argparse.Namespace(if_needed=True))
    print(f"Restored from {told.file}.")  # noqa: T201
    return 0


def check(told: argparse.Namespace) -> int:
    _have_database()
    _django("check", "--database", "default", *(["--deploy"] if os.environ.get("GUANXI_PUBLIC_URL") else []))
    return 0


def bring_in(told: argparse.Namespace) -> int:
    _set_up()
    from guanxi.customers.imports.cli import run

    return int(run(told.rest) or 0)


def admin(told: argparse.Namespace) -> int:
    _set_up()
    from guanxi.staff.cli import run

    return int(run(told.rest) or 0)


def readers(told: argparse.Namespace) -> int:
    _set_up()
    from guanxi.config.readers import rewind, status

    return rewind(told.name) if told.action == "rewind" else status()


def manage(told: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    _have_database()
    _django(*told.rest)
    return 0


def version(told: argparse.Namespace) -> int:
    from importlib.metadata import version as installed
    from platform import python_version

    from guanxi.core.postgres import UnableToStart
    from guanxi.core.postgres.binaries import find_binaries

    try:
        postgres = find_binaries().version
    except UnableToStart:
        postgres = "not on this machine"
    print(f"Guanxi {installed('guanxi')}, Python {python_version()}, PostgreSQL {postgres}")  # noqa: T201
    return 0


def _have_database() -> None:
    """DATABASE_URL is set after this: the one given, or the embedded database's, started if need be."""
    if not os.environ.get("DATABASE_URL"):
        from guanxi.config import environment
        from guanxi.core.postgres import ensure_running

        os.environ["DATABASE_URL"] = ensure_running(environment.home())


def _set_up() -> None:
    _have_database()
    import django

    from guanxi.core.logs import configure

    configure()
    django.setup()


def _django(*arguments: str) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["guanxi manage", *arguments])


def load_demo() -> None:
    """Load the demo data once and print how to sign in. Runs in a process of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    _set_up()
    from guanxi.config.demo import load

    print(load())  # noqa: T201

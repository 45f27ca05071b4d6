"""The command line: `guanxi COMMAND`. Loads what a command needs when it runs, so that help is instant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from guanxi.config import commands, processes

_INTRODUCTION = "Guanxi: a Social CRM that one company runs for itself."
_ENVIRONMENT = """\
environment:
  GUANXI_HOME     where Guanxi keeps its files and its database
  DATABASE_URL    a PostgreSQL (15 or newer) to use instead of the embedded one
  GUANXI_HOST     the address to listen on (127.0.0.1)
  GUANXI_PORT     the port to listen on (8000)

Every other setting is listed in docs/administrators/settings.md; `guanxi check` names what is wrong with them.
"""

_PASSED_ON = {
    "admin": commands.admin,
    "import": commands.bring_in,
    "manage": commands.manage,
    "psql": commands.psql,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit status. Expected failures are one sentence on stderr."""
    processes.end_with_parent()
    told = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if told and told[0] in _PASSED_ON:  # what follows, options included, is another program's to read
        chosen = argparse.Namespace(run=_PASSED_ON[told[0]], rest=told[1:])
    else:
        chosen = parser.parse_args(told)
    if chosen.run is None:
        parser.print_help()
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    try:
        return int(chosen.run(chosen) or 0)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not commands.is_expected(error):
            raise
        print(f"guanxi: {error}", file=sys.stderr)  # noqa: T201
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guanxi",
        description=_INTRODUCTION,
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=None)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")

    def verb(
        name: str, run: Callable[[argparse.Namespace], int | None], about: str, examples: str
    ) -> argparse.ArgumentParser:
        made = verbs.add_parser(
            name,
            help=about,
            description=about,
            epilog=f"examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        return made

    _add_product(verb)
    _add_database(verb)
    _add_work(verb)
    return parser


_Verb = Callable[[str, Callable[[argparse.Namespace], int | None], str, str], argparse.ArgumentParser]


def _add_product(verb: _Verb) -> None:
    up = verb(
        "up",
        commands.up,
        "Run the whole product: database, web pages and background work, in one process tree.",
        "  guanxi up\n  guanxi up --port 9000\n  DATABASE_URL=postgresql://guanxi@db/guanxi guanxi up",
    )
    web = verb(
        "web",
        commands.web,
        "Run the web pages and the API alone.",
        "  guanxi web\n  guanxi web --port 9000 --processes 4",
    )
    demo = verb(
        "demo",
        commands.demo,
        "Run the product with 5,000 demo customers, loaded the first time, and print how to sign in.",
        "  guanxi demo\n  GUANXI_HOME=/tmp/try guanxi demo --port 9000",
    )
    for command in (up, web, demo):
        _add_listening(command)
    verb(
        "worker",
        commands.worker,
        "Run the background work alone: jobs, event readers, reminders.",
        "  guanxi worker",
    )
    verb(
        "version",
        commands.version,
        "Print the versions of Guanxi, Python and PostgreSQL.",
        "  guanxi version",
    )


def _add_listening(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--host",
        default=os.environ.get("GUANXI_HOST", "127.0.0.1"),
        help="address to listen on (%(default)s)",
    )
    command.add_argument(
        "--port", default=os.environ.get("GUANXI_PORT", "8000"), help="port to listen on (%(default)s)"
    )
    command.add_argument("--processes", type=int, default=None, help="web processes (one a core, two at most)")
    command.add_argument("--reload", action="store_true", help="start again when a source file changes")


def _add_database(verb: _Verb) -> None:
    migrate = verb(
        "migrate",
        commands.migrate,
        "Bring the database's tables up to this version. `guanxi up` does so by itself.",
        "  guanxi migrate\n  guanxi migrate --if-needed",
    )
    migrate.add_argument("--if-needed", action="store_true", help="return at once when they are up to date")
    verb(
        "psql",
        commands.psql,
        "Open the database in PostgreSQL's own shell.",
        '  guanxi psql\n  guanxi psql -c "select count(*) from customers_customer"',
    )
    backup = verb(
        "backup",
        commands.backup,
        "Write the database, the uploaded files and the signing key into one file, as secret as they are.",
        "  guanxi backup\n  guanxi backup /mnt/backups/guanxi-monday.tar",
    )
    backup.add_argument("file", nargs="?", help="where to (guanxi-DATE.tar in this folder)")
    restore = verb(
        "restore",
        commands.restore,
        "Bring back what `guanxi backup` wrote. Whole or not at all: on failure everything stays as it was.",
        "  guanxi restore guanxi-2026-11-21.tar\n  guanxi restore --replace guanxi-2026-11-21.tar",
    )
    restore.add_argument("file", help="a file written by guanxi backup")
    restore.add_argument("--replace", action="store_true", help="replace the customers that are there now")


def _add_work(verb: _Verb) -> None:
    verb(
        "check",
        commands.check,
        "Check the settings, the database and the home folder, and say how to mend what is wrong.",
        "  guanxi check",
    )
    verb(
        "import",
        commands.bring_in,
        "Import customers or transactions from a CSV, XLSX or vCard file.",
        "  guanxi import customers.csv\n  guanxi import --help",
    )
    verb(
        "admin",
        commands.admin,
        "Make the first administrator, or let one in again.",
        "  guanxi admin create --email wang@example.com --name 王芳",
    )
    readers = verb(
        "readers",
        commands.readers,
        "Show how far each reader has followed the event log, or let one read it again.",
        "  guanxi readers\n  guanxi readers rewind customers.tallies",
    )
    readers.add_argument("action", nargs="?", choices=["status", "rewind"], default="status")
    readers.add_argument("name", nargs="?", help="which reader")
    verb(
        "manage",
        commands.manage,
        "Run a command of Django's.",
        "  guanxi manage makemigrations\n  guanxi manage shell",
    )


if __name__ == "__main__":
    sys.exit(main())

"""`guanxi import FILE`: the same as the wizard, for the server's own command line."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from django.core.files import File

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.imports import landing, refusals, starting
from guanxi.customers.imports.dry_run import try_out
from guanxi.customers.imports.plan import Column, Plan, Reading
from guanxi.customers.imports.targets import BUILT_IN
from guanxi.customers.models import Import, Source
from guanxi.staff.models import Member

_EXAMPLES = """\
examples:
  guanxi import customers.xlsx
  guanxi import orders.csv --currency GBP --country GB --dry-run
  guanxi import leads.csv --map "Company=company_name" --map "Website="
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `guanxi import`."""
    parser.add_argument("file", type=Path, help="CSV, TSV, text, XLSX or vCard; may be gzipped")
    parser.add_argument("--shape", choices=Import.Shape.values, help="what each row is (found out from the columns)")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=TARGET",
        help="where a column goes; nothing behind = leaves it out. Targets: "
        + ", ".join(target.key for target in BUILT_IN)
        + ", field:ID, new_field:KIND, relation:SLUG; TARGET@NAMESPACE for ids",
    )
    parser.add_argument("--country", default="", help="country of phones without a code, such as CN")
    parser.add_argument("--currency", default="", help="currency of the amounts, such as CNY")
    parser.add_argument("--time-zone", default="", help="zone of times without one, such as Asia/Shanghai")
    parser.add_argument("--date-order", default="", choices=["", "dmy", "mdy"], help="how 03/04/2024 is meant")
    parser.add_argument(
        "--existing", default="fill", choices=["fill", "overwrite", "skip"], help="customers already there"
    )
    parser.add_argument("--kind", default="", choices=["", "person", "company"], help="what the customers are")
    parser.add_argument("--origin", default="", help="the shop or till that the lines come from")
    parser.add_argument("--source", default="", help="the customers' source, by name")
    parser.add_argument("--encoding", default="", help="such as gb18030 (found out)")
    parser.add_argument("--delimiter", default="", help="what stands between cells (found out)")
    parser.add_argument("--no-header", action="store_true", help="the first row is a row like any other")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would happen to the first 1,000 rows; land nothing"
    )
    parser.add_argument(
        "--as", dest="member", default="", metavar="EMAIL", help="import as this member, with their rights"
    )
    parser.add_argument("--refusals", type=Path, help="where to write rows that did not land (beside the file)")


def run(arguments: Sequence[str]) -> int:
    """Import a file; returns 0, 1 when it could not be taken in, or 3 when some rows were refused."""
    parser = argparse.ArgumentParser(
        prog="guanxi import",
        description="Import customers or transactions from a CSV, XLSX or vCard file.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    told = parser.parse_args(arguments)
    try:
        return _run(told)
    except Refused as refused:
        _say(f"guanxi import: {refused}", stream=sys.stderr)
        return 1


def _run(told: argparse.Namespace) -> int:
    if not told.file.is_file():
        raise Refused(f"There is no file {told.file}.")
    member = _member(told.member)
    reading = Reading(encoding=told.encoding, delimiter=told.delimiter, has_header=False if told.no_header else None)
    with told.file.open("rb") as file:
        imported = starting.receive(File(file), name=told.file.name, member=member, reading=reading)
    try:
        plan = _plan(imported, told)
        starting.check(plan, member)
    except Refused:
        _drop(imported)
        raise
    plan.keep_in(imported)
    imported.save()
    _show(plan)
    if told.dry_run:
        tried = try_out(imported, at=clock.now())
        _say(
            f"Of the first {tried.rows:,} rows: {tried.created:,} new customers, {tried.updated:,} changed, "
            f"{tried.events:,} events, {tried.refused:,} rows refused. Nothing was kept."
        )
        for reason, count in tried.reasons:
            _say(f"  {count:>7,} × {reason}")
        _drop(imported)
        return 0
    starting.begin(imported, at=clock.now())
    return _report(_land(imported), told)


def _plan(imported: Import, told: argparse.Namespace) -> Plan:
    plan = Plan.of(imported)
    if told.shape and told.shape != plan.shape:
        starting.read_anew(imported, replace(plan, shape=told.shape, columns=()))
        plan = Plan.of(imported)
    columns = {column.name: column for column in plan.columns}
    for pair in told.map:
        name, equals, target = pair.rpartition("=")
        if not equals or name not in columns:
            raise Refused(f"--map {pair!r} names no column. The columns are: {', '.join(columns)}.")
        target, _at, namespace = target.partition("@")
        columns[name] = Column(name, target, namespace or columns[name].namespace)
    decided = {
        name: getattr(told, name)
        for name in ("country", "currency", "time_zone", "date_order", "kind", "origin")
        if getattr(told, name)
    }
    source = Source.objects.filter(name__iexact=told.source).first() if told.source else None
    if told.source and source is None:
        raise Refused(f"There is no source called {told.source!r}. Make it in the settings, or leave it out.")
    return replace(
        plan,
        **decided,
        existing=told.existing,
        source_id=source.pk if source else None,
        columns=tuple(columns.values()),
    )


def _member(email: str) -> Member | None:
    if not email:
        return None
    member = Member.objects.active().filter(email=email.strip().lower()).first()
    if member is None:
        raise Refused(f"No active member signs in as {email}.")
    if not member.can("imports", "edit"):
        raise Refused(f"{email} may not import. An administrator can change that.")
    return member


def _land(imported: Import) -> Import:
    """Land it in this process, with a line of progress on a terminal."""
    started = time.monotonic()
    is_terminal = sys.stderr.isatty()

    def tick(done: int, total: int | None) -> None:
        if is_terminal and total:
            pace = done / max(time.monotonic() - started, 0.001)
            _say(f"\r{done:,} of {total:,} rows, {pace:,.0f} a second", stream=sys.stderr, end="")

    landed = landing.run(imported.pk, clock=clock.now, tick=tick)
    if is_terminal:
        _say("", stream=sys.stderr)
    return landed


def _report(imported: Import, told: argparse.Namespace) -> int:
    figures = imported.figures
    _say(f"{imported.get_state_display()}: {imported.rows_done:,} rows of {imported.file_name} (import {imported.pk}).")
    if imported.failure:
        _say(f"  {imported.failure}")
    for words, count in (
        ("new customers", imported.created_count),
        ("customers changed", imported.updated_count),
        ("events", imported.event_count),
        ("of them without a customer", figures.get("without_customer", 0)),
        ("told before and left alone", imported.repeated_count),
        ("rows of customers left alone", figures.get("skipped", 0)),
        ("links", figures.get("linked", 0)),
        ("rows refused", imported.refused_count),
        ("cells left out", figures.get("noted", 0)),
    ):
        if count:
            _say(f"  {count:>9,} {words}")
    for currency, total in figures.get("totals", {}).items():
        _say(f"  total {total} {currency}")
    if imported.refusals.exists():
        path = told.refusals or told.file.with_name(f"{told.file.name}.refused.csv")
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(refusals.table(imported))
        _say(f"  what did not land, and why: {path}")
    return 1 if imported.state != Import.State.FINISHED else 3 if imported.refused_count else 0


def _show(plan: Plan) -> None:
    _say(f"{plan.shape}; {plan.reading.encoding or plan.reading.format}, country {plan.country}")
    for column in plan.columns:
        target = f"{column.target}@{column.namespace}" if column.namespace else column.target
        _say(f"  {column.name} → {target or '(left out)'}")


def _drop(imported: Import) -> None:
    imported.file.delete(save=False)
    imported.delete()


def _say(text: str, *, stream: TextIO | None = None, end: str = "\n") -> None:
    print(text, file=stream or sys.stdout, end=end, flush=True)

"""An import begins: the file is kept, its plan guessed, changed by whoever imports, and started."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.core.jobs import defer
from guanxi.core.models import Progress
from guanxi.customers.imports.guessing import guess
from guanxi.customers.imports.plan import Plan, Reading
from guanxi.customers.imports.reading import card_mapping, first_rows, found_out, open_file
from guanxi.customers.imports.targets import CUSTOMERS, IDENTITIES, targets
from guanxi.customers.models import Import
from guanxi.kit.errors import BadInput
from guanxi.kit.tables import Table
from guanxi.staff.models import Member

RUN_JOB = "customers.run_import"


class UnreadableFile(Refused):
    """The file can't be taken in as it is."""

    code = "unreadable_file"


class UnfitPlan(Refused):
    """The mapping leaves out what no row can land without."""

    code = "unfit_plan"


def receive(file: File[bytes], *, name: str, member: Member | None, reading: Reading | None = None) -> Import:
    """Keep an uploaded file and guess how it is to be read. Raises UnreadableFile, and keeps nothing then."""
    imported = Import(member=member, file_name=name[-200:])
    imported.file.save(name[-80:], file, save=False)
    try:
        read_anew(imported, Plan(shape="", reading=reading or Reading()))
    except Refused:
        imported.file.delete(save=False)
        raise
    imported.save()
    return imported


def read_anew(imported: Import, plan: Plan) -> Table:
    """Read the file as the plan says and guess its mapping afresh, into the import's columns (not saved)."""
    path = Path(imported.file.path)
    try:
        table = open_file(path, plan.reading)
        sample = [row for _number, row in first_rows(table)]
    except BadInput as error:
        raise UnreadableFile(error.message, code=error.code, field="file") from None
    plan = replace(plan.with_defaults(), reading=found_out(table, path))
    if plan.reading.format == "vcard":
        # A card is of somebody, whatever its phone looks like; and a card can't be mended in a spreadsheet.
        plan = replace(plan, shape=CUSTOMERS, columns=card_mapping(table), takes_unreachable=True)
    else:
        plan = guess(table.columns, sample, plan, has_header=table.has_header, file_name=imported.file_name)
        plan = without_new_fields(plan, imported.member)
    plan.keep_in(imported)
    return table


def without_new_fields(plan: Plan, member: Member | None) -> Plan:
    """The plan without fields to be made, unless the member may make them."""
    if may_make_fields(member):
        return plan
    allowed = {target.key for target in targets(plan.shape, may_make_fields=False)}
    columns = [column if column.target in allowed else replace(column, target="") for column in plan.columns]
    return replace(plan, columns=tuple(columns))


def may_make_fields(member: Member | None) -> bool:
    """Fields are the whole company's: who administers settings makes them, and the server's own command line."""
    return member is None or member.can("settings", "administer")


def check(plan: Plan, member: Member | None) -> None:
    """Raises UnfitPlan when no row could land by this plan, or it asks for what the member may not do."""
    allowed = {target.key for target in targets(plan.shape, may_make_fields=may_make_fields(member))}
    for column in plan.columns:
        if column.target and column.target not in allowed:
            raise UnfitPlan(
                _("“%(column)s” can’t go to %(target)s. Choose another target.")
                % {"column": column.name, "target": column.target},
                field="columns",
            )
    families = {column.family for column in plan.columns}
    if plan.is_transactions:
        if "at" not in families:
            raise UnfitPlan(_("Choose the column that says when each purchase happened."), field="columns")
        if not families & {"amount", "price"}:
            raise UnfitPlan(_("Choose the column of amounts, or those of quantity and price."), field="columns")
    elif not families & (IDENTITIES | {"name", "first_name", "last_name", "company_name"}):
        raise UnfitPlan(_("Choose a column that names the customer: a name, phone, e-mail or id."), field="columns")
    _refuse_doubles(plan)


_ONCE = frozenset(
    {"at", "amount", "quantity", "price", "currency", "birth_date", "owner", "stage", "source", "gender", "kind"}
)


def _refuse_doubles(plan: Plan) -> None:
    seen: dict[str, str] = {}
    for column in plan.columns:
        if column.target in seen and (column.target in _ONCE or column.family == "field"):
            raise UnfitPlan(
                _("“%(one)s” and “%(two)s” have the same target. Leave one of them out.")
                % {"one": seen[column.target], "two": column.name},
                field="columns",
            )
        seen[column.target] = column.name


def start(imported: Import, *, at: datetime) -> Import:
    """Begin to land it, in the background. A second call, and one for an import that is under way, does nothing."""
    check(Plan.of(imported), imported.member)
    with transaction.atomic():
        begun = begin(imported, at=at, language=get_language() or "")
        if begun:
            defer(RUN_JOB, import_id=imported.pk)
    return imported


def begin(imported: Import, *, at: datetime, language: str = "") -> bool:
    """Mark the import as running and give it its bar; False when it was begun before."""
    with transaction.atomic():
        progress = Progress.objects.create(
            kind="customers.import", title=imported.file_name[:200], member=imported.member
        )
        moved = Import.objects.filter(pk=imported.pk, state=Import.State.MAPPING).update(
            state=Import.State.RUNNING, progress=progress, options={**imported.options, "language": language}
        )
        if not moved:
            progress.delete()
    imported.refresh_from_db()
    return bool(moved)


def cancel(imported: Import, *, at: datetime) -> None:
    """Ask an import that is under way to stop after the batch at hand; what landed stays, and can be undone."""
    if imported.state == Import.State.RUNNING and imported.progress is not None:
        with transaction.atomic():
            imported.progress.cancel(at=at)

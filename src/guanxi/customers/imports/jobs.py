"""Background work of imports: run, undo, and take up what a killed process left behind."""

from __future__ import annotations

from guanxi.core import clock
from guanxi.core.jobs import defer, job, periodic
from guanxi.customers.imports import landing, undoing
from guanxi.customers.imports.starting import RUN_JOB
from guanxi.customers.models import Import


@job(RUN_JOB)
def run_import(import_id: int) -> None:
    landing.run(import_id, clock=clock.now)


@job(undoing.UNDO_JOB)
def undo_import(import_id: int) -> None:
    undoing.run(import_id, clock=clock.now)


@periodic("* * * * *", name="customers.take_up_imports")
def take_up_imports(timestamp: int) -> None:
    """Imports whose process was killed go on. Those that are at work somewhere notice, and leave it alone."""
    jobs = {Import.State.RUNNING: RUN_JOB, Import.State.UNDOING: undoing.UNDO_JOB}
    for imported in Import.objects.filter(state__in=jobs):
        if not landing.is_at_work(imported.pk):
            name = jobs[Import.State(imported.state)]
            defer(name, once=f"{name}:{imported.pk}", import_id=imported.pk)

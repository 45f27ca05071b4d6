"""The cast of the imports' tests: Wang Fang runs imports, Li Lei sees only his own customers, and files to bring in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from guanxi.customers.imports import landing, starting
from guanxi.customers.imports.plan import Column, Plan, Reading
from guanxi.customers.models import Import
from guanxi.staff.models import Member, Role

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ALL = ["see", "edit", "export", "delete", "administer"]


@pytest.fixture(autouse=True)
def _files_go_to_a_folder_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {**settings.STORAGES}  # the storage in use is made anew, and looks at MEDIA_ROOT again


def _member(name: str, email: str, **role: Any) -> Member:
    made = Role.objects.create(name=f"role of {name}", **role)
    return Member.objects.create_user(email, "correct horse battery", name=name, role=made)


@pytest.fixture
def wang(db: None) -> Member:
    """Runs the shop's data: may import, undo and make fields."""
    return _member(
        "王芳",
        "wang@example.com",
        scope="all",
        permissions={"customers": ALL, "imports": ["see", "edit", "delete"], "settings": ALL},
    )


@pytest.fixture
def li(db: None) -> Member:
    """A salesman who may import and sees his own customers only."""
    return _member(
        "李雷", "li@example.com", scope="own", permissions={"customers": ["see", "edit"], "imports": ["see", "edit"]}
    )


@pytest.fixture
def han(db: None) -> Member:
    """May look at customers, and has no business with imports."""
    return _member("韩梅梅", "han@example.com", scope="all", permissions={"customers": ["see"]})


Bring = Callable[..., Import]


@pytest.fixture
def bring(wang: Member) -> Bring:
    """Bring a file in from beginning to end: `bring(text or bytes, name=…, map={…}, **decisions)`."""

    def bring_in(
        content: str | bytes,
        name: str = "customers.csv",
        *,
        member: Member | None = None,
        map: dict[str, str] | None = None,
        reading: Reading | None = None,
        at: datetime = NOW,
        batch_rows: int = 3,
        **decisions: Any,
    ) -> Import:
        raw = content.encode() if isinstance(content, str) else content
        imported = starting.receive(ContentFile(raw), name=name, member=member or wang, reading=reading)
        plan = replace(Plan.of(imported), **decisions)
        if map:
            columns = []
            for column in plan.columns:
                target, _at, namespace = map.get(column.name, column.target).partition("@")
                columns.append(Column(column.name, target, namespace or column.namespace))
            plan = replace(plan, columns=tuple(columns))
        starting.check(plan, imported.member)
        plan.keep_in(imported)
        imported.save()
        starting.begin(imported, at=at)
        return landing.run(imported.pk, clock=lambda: at, batch_rows=batch_rows)

    return bring_in


def reasons(imported: Import) -> list[tuple[int, str, str]]:
    """(row, column, code) of everything that did not land."""
    return list(imported.refusals.order_by("row_number", "id").values_list("row_number", "column", "code"))

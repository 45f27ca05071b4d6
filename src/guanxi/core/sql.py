"""SQL that says it better than the ORM lives in `sql/` beside its caller, one named statement a file."""

from __future__ import annotations

from importlib.resources import files


def load(package: str | None, name: str) -> str:
    """The text of `<package>/sql/<name>`."""
    if not package:
        raise ValueError("SQL is loaded from within a package.")
    return (files(package) / "sql" / name).read_text(encoding="utf-8")

"""SQL that says it better than the ORM lives in `sql/` beside its caller, one named statement a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import orjson


def load(package: str | None, name: str) -> str:
    """The text of `<package>/sql/<name>`."""
    if not package:
        raise ValueError("SQL is loaded from within a package.")
    return (files(package) / "sql" / name).read_text(encoding="utf-8")


_SPACES = dict.fromkeys(range(32), " ")
_CONTROL_ESCAPE = re.compile(rb'(?<!\\)(?:\\\\)*\\[^"\\]')


def array_literal(values: Sequence[Any]) -> str:
    """A PostgreSQL array literal of a column: text, numbers, None, aware datetimes, UUIDs, Decimals, booleans.

    JSON and PostgreSQL write arrays alike but for the brackets and the escapes of control characters, so the
    JSON encoder does the work, ten times faster than the driver does. Control characters, which a well-cleaned
    text never holds, become spaces.
    """
    inside = orjson.dumps(values, default=str)[1:-1]
    if b"\\" in inside and _CONTROL_ESCAPE.search(inside):
        plain = [value.translate(_SPACES) if isinstance(value, str) else value for value in values]
        inside = orjson.dumps(plain, default=str)[1:-1]
    return "{" + inside.decode() + "}"

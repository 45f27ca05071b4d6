"""The map is true, rooms introduce themselves, and one command runs every gate."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.rule import ROOT

_HOUSE = ROOT / "src" / "guanxi"
_LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
_ROOMS = sorted(room for layer in _LAYERS["layers"] for room in layer.replace("|", " ").split())
_MOST_DOCSTRING_LINES = 15


@pytest.mark.parametrize("room", _ROOMS)
def test_a_room_introduces_itself_in_a_few_lines(room: str) -> None:
    docstring = ast.get_docstring(ast.parse((_HOUSE / room / "__init__.py").read_text()))
    assert docstring, f"{room}/__init__.py says nothing of what it owns"
    assert len(docstring.splitlines()) <= _MOST_DOCSTRING_LINES


def test_every_room_has_its_layer() -> None:
    assert _LAYERS["exhaustive"] is True
    assert {path.parent.name for path in _HOUSE.glob("*/__init__.py")} == set(_ROOMS)


def test_the_map_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, "scripts/map.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "gate",
    [
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "messages.py --check",
        "makemigrations --check",
        "map.py --check",
    ],
)
def test_make_check_runs(gate: str) -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    assert gate in recipe


def test_ci_runs_what_a_person_runs() -> None:
    steps = (ROOT / ".ci" / "run").read_text()
    assert "make check" in steps
    assert "make test" in steps


def test_every_setting_is_listed_for_administrators() -> None:
    """A variable whose name stands in the source is one that an administrator may meet."""
    listed = set(re.findall(r"`(GUANXI_\w+|DATABASE_URL)`", (ROOT / "docs/administrators/settings.md").read_text()))
    read: set[str] = set()
    for path in _HOUSE.rglob("*.py"):
        if "tests" not in path.parts:
            read |= set(re.findall(r"""["'](GUANXI_[A-Z_]+|DATABASE_URL)["']""", path.read_text()))
    assert read - {"GUANXI_PARENT"} == listed  # that one the supervisor tells its own children

from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = ["up", "web", "worker", "demo", "migrate", "backup", "restore", "readers", "check", "version"]


def _guanxi(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guanxi.config.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_help_lists_every_command() -> None:
    told = _guanxi("--help").stdout
    for command in [*COMMANDS, "import", "admin", "psql", "manage"]:
        assert f"\n    {command} " in told


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_helps_with_an_example(command: str) -> None:
    assert f"examples:\n  guanxi {command}" in _guanxi(command, "--help").stdout


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_in_words(port: str) -> None:
    done = _guanxi("up", f"--port={port}")
    assert done.returncode == 1
    assert "is not a number from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_command_it_shows_its_help() -> None:
    done = _guanxi()
    assert done.returncode == 2
    assert "guanxi" in done.stdout

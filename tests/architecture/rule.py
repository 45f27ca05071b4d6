"""A rule of the house as data: what it finds, where it holds, and lines that show both sides of it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Finder = Callable[[str], Iterable[int]]
"""Takes a file's text, gives the numbers of the lines that break the rule."""


@dataclass(frozen=True)
class Rule:
    """`where` and `besides` are globs from the root; `excused` are whole files, each with its reason."""

    name: str
    why: str
    where: tuple[str, ...]
    find: Finder
    good: tuple[str, ...]
    bad: tuple[str, ...]
    besides: tuple[str, ...] = ()
    excused: Mapping[str, str] = field(default_factory=dict)

    def breaches(self) -> list[str]:
        """Where the house breaks this rule, as `path:line  the line`."""
        found = []
        for path in tracked():
            if not _matches(path, self.where) or _matches(path, self.besides) or path in self.excused:
                continue
            text = read(path)
            lines = text.splitlines()
            found += [f"{path}:{number}  {lines[number - 1].strip()}" for number in sorted(set(self.find(text)))]
        return found

    def needless_excuses(self) -> list[str]:
        """Files excused that no longer break the rule, or are gone."""
        here = set(tracked())
        return [path for path in self.excused if path not in here or not list(self.find(read(path)))]


def lines(pattern: str) -> Finder:
    """Finds the lines that a pattern matches; a line that is only a comment is none."""
    sought = re.compile(pattern)

    def find(text: str) -> Iterable[int]:
        for number, line in enumerate(text.splitlines(), 1):
            if not line.lstrip().startswith("#") and sought.search(line):
                yield number

    return find


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository that is in the work tree, as a path from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(path for path in listed.split("\0") if path and (ROOT / path).is_file()))


@cache
def read(path: str) -> str:
    """A file's text; that of a binary file is empty."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _matches(path: str, globs: tuple[str, ...]) -> bool:
    return any(_pattern(glob).fullmatch(path) for glob in globs)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """`**` stands for any folders (at the end, for everything below), `*` for anything within one."""
    if glob.endswith("/**"):
        glob += "/*"
    written = re.escape(glob).replace(r"\*\*/", "(?:[^/]+/)*").replace(r"\*", "[^/]*")
    return re.compile(written)

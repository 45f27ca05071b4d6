"""Front-end libraries: taken from `node_modules`, or from the wheel, and served as `vendor/…`.

Nothing of them is in the repository. A clone has `node_modules/` (`npm ci`); a wheel is built after
`python -m guanxi.design.assets` has gathered the same files into `design/static/vendor/`.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

HERE = Path(__file__).resolve().parent
NODE_MODULES = HERE.parents[2] / "node_modules"
GATHERED = HERE / "static" / "vendor"

# What pages load, and nothing else: address under vendor/ → file under node_modules/.
LIBRARIES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tom-select.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "sortable.min.js": "sortablejs/Sortable.min.js",
}
ICONS = "@tabler/icons/icons"

_SOURCE_MAP = re.compile(rb"(?m)^(//|/\*)# sourceMappingURL=.*$")


class VendorStorage(FileSystemStorage):
    """The listed files of `node_modules`, each under its short name; read only."""

    prefix = "vendor"

    def path(self, name: str) -> str:
        """The file behind a short name; `KeyError` for a file that pages don't load."""
        return str(NODE_MODULES / LIBRARIES[name])

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        """The file without its pointer to a source map, which we do not serve."""
        return ContentFile(_SOURCE_MAP.sub(b"", Path(self.path(name)).read_bytes()), name=name)


class VendorFinder(BaseFinder):
    """Lets `collectstatic` and the development server find `vendor/…` in `node_modules`."""

    storage = VendorStorage()

    # django-stubs types the two results of Django's own finders differently from version to version.
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The path of a vendored file, or nothing."""
        name = path.removeprefix("vendor/")
        found = name != path and name in LIBRARIES and Path(self.storage.path(name)).is_file()
        if found:
            return [self.storage.path(name)] if find_all else self.storage.path(name)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, VendorStorage]]:
        """Every vendored file that is there."""
        for name in LIBRARIES:
            if Path(self.storage.path(name)).is_file():
                yield name, self.storage


@cache
def icon_folder() -> Path:
    """Where Tabler's icons lie: in the wheel if gathered there, else in `node_modules`."""
    gathered = GATHERED / "icons"
    return gathered if gathered.is_dir() else NODE_MODULES / ICONS


def check_libraries(**kwargs: Any) -> list[CheckMessage]:
    """A system check: every front-end library has its file."""
    missing = [
        name
        for name, source in LIBRARIES.items()
        if not (GATHERED / name).is_file() and not (NODE_MODULES / source).is_file()
    ]
    if not (icon_folder() / "outline").is_dir():
        missing.append("icons")
    if not missing:
        return []
    return [
        Error(
            f"Front-end libraries are missing: {', '.join(missing)}.",
            hint="Run `npm ci` in the folder that holds package.json.",
            id="design.E001",
        )
    ]


def gather(into: Path = GATHERED) -> None:
    """Copy the libraries and icons to where a wheel carries them (a build step, never committed)."""
    into.mkdir(parents=True, exist_ok=True)
    for name, source in LIBRARIES.items():
        (into / name).write_bytes(_SOURCE_MAP.sub(b"", (NODE_MODULES / source).read_bytes()))
    for style in ("outline", "filled"):
        shutil.copytree(NODE_MODULES / ICONS / style, into / "icons" / style, dirs_exist_ok=True)


if __name__ == "__main__":
    gather(*(Path(argument) for argument in sys.argv[1:2]))

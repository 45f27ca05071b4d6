"""Static files, served by the front door from memory: no collecting step, addresses that never go stale.

All files share one build number, a digest of their contents, as the first part of their address. So they may
be kept by browsers for ever, and relative imports among scripts and styles work as they are written.
With DEBUG on, files are read anew and must be asked for again each time.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_PACKED = ("text/", "application/json", "image/svg", "application/manifest")
_DEVELOPMENT = "now"


@dataclass(frozen=True)
class StaticFile:
    """One file's bytes, as they are and packed when that is worth it."""

    body: bytes
    packed: bytes | None
    kind: str
    etag: str


class BuildStorage(StaticFilesStorage):
    """Gives static files their address; the front door serves them."""

    def url(self, name: str | None) -> str:
        return f"{settings.STATIC_URL}{build()}/{(name or '').lstrip('/')}"


@cache
def build() -> str:
    """The number of this set of static files."""
    if settings.DEBUG:
        return _DEVELOPMENT
    digest = hashlib.sha256()
    for name, file in sorted(library().items()):
        digest.update(f"{name}={file.etag}\n".encode())
    return digest.hexdigest()[:12]


@cache
def library() -> dict[str, StaticFile]:
    """Every static file by its name, such as `design/css/guanxi.css`."""
    return dict(_read_all())


def find(path: str) -> tuple[StaticFile, str] | None:
    """The file at an address below /static/ and how long it may be kept."""
    number, _, name = path.partition("/")
    files = dict(_read_all()) if settings.DEBUG else library()
    file = files.get(name)
    if file is None:
        return None
    return file, _FOR_EVER if number == build() and not settings.DEBUG else _ASK_AGAIN


def _read_all() -> Iterator[tuple[str, StaticFile]]:
    seen: set[str] = set()
    for finder in get_finders():
        storage: Any
        for path, storage in finder.list([".*", "*~", "*.map", "redoc*"]):
            prefix = getattr(storage, "prefix", "")
            name = f"{prefix}/{path}" if prefix else path
            if name not in seen:
                seen.add(name)
                with storage.open(path) as opened:
                    yield name, _pack(name, opened.read())


def _pack(name: str, body: bytes) -> StaticFile:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith((".js", ".mjs")):
        kind = "text/javascript"
    packed = None
    if kind.startswith(_PACKED) and len(body) > 500:
        tried = gzip.compress(body, 6, mtime=0)
        packed = tried if len(tried) < len(body) * 0.9 else None
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return StaticFile(body, packed, kind, f'"{hashlib.sha256(body).hexdigest()[:16]}"')

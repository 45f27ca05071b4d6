"""Uploaded files: private, under GUANXI_HOME/files, named at random, of sensible size and known kind.

Nothing here is served by address. A view checks the rights and then sends the file.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused

LARGEST_FILE = 100_000_000
"""Bytes; a caller may allow less."""

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}")
_TEXT = "text/plain"
_BINARY = "application/octet-stream"

# First bytes → kind. What is not listed is text or just bytes; the name's ending is never believed.
_SIGNATURES: list[tuple[bytes, str]] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
]
SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
"""Kinds a browser may show on our pages; any other is sent as a download."""


class PrivateStorage(FileSystemStorage):
    """Django's default storage. Files and folders can be read by the user Guanxi runs as and nobody else."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("location", settings.MEDIA_ROOT)
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700, **options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """`notes/report.pdf` → `notes/k3/k3Jx….pdf`: the given name lives in the database only."""
        path = PurePosixPath(name.replace("\\", "/"))
        ending = path.suffix.lower() if _EXTENSION.fullmatch(path.suffix) else ""
        chance = secrets.token_urlsafe(24)
        return str(path.parent / chance[:2].lower() / f"{chance}{ending}")

    def url(self, name: str | None) -> str:
        """Private files have no address."""
        raise ValueError("Private files are sent by a view that checks who may see them.")


def refuse_large(file: File[Any], *, largest: int = LARGEST_FILE) -> None:
    """Raise Refused when a file is larger than allowed."""
    if file.size > largest:
        raise Refused(
            _("“%(name)s” is too large: at most %(most)s MB can be uploaded.")
            % {"name": Path(file.name or "").name, "most": largest // 1_000_000},
            code="file_too_large",
        )


def sniff(file: File[Any]) -> str:
    """The kind of a file by its first bytes, such as "image/png"; never what its name or sender claims."""
    file.seek(0)
    head = bytes(file.read(2048))
    file.seek(0)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return _TEXT if _is_text(head) else _BINARY


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the last letter may be cut in the middle
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False

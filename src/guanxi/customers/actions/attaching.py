"""Keeping files with notes: which ones, how large, and under what name they come back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.models import Attachment, Note
from guanxi.kit.text import clean

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 10
MAX_BYTES = 20_000_000

# What a file is comes from its name's ending, never from what the browser claims; others are refused, as
# is everything that a browser or an office machine would run.
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "eml": "message/rfc822",
    "vcf": "text/vcard",
    "ics": "text/calendar",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "wps": "application/vnd.ms-works",
    "zip": "application/zip",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "amr": "audio/amr",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
}
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class UnkeepableFile(Refused):
    """A file too large, of a kind that is not kept, or one too many."""

    code = "unkeepable_file"


def keep_files(note: Note, files: Sequence[UploadedFile[Any]]) -> list[Attachment]:
    """Store the files with the note, all or none. Raises UnkeepableFile before the first is written."""
    if len(files) > MAX_FILES:
        raise UnkeepableFile(
            _("A note takes %(most)d files at most; these are %(count)d.") % {"most": MAX_FILES, "count": len(files)},
            field="files",
        )
    named = [(file, *_checked(file)) for file in files]
    kept: list[Attachment] = []
    try:
        for file, name, content_type in named:
            attachment = Attachment(note=note, name=name, content_type=content_type, size=file.size or 0)
            attachment.file.save(f"file.{_ending(name)}", file, save=False)
            kept.append(attachment)
            attachment.save()
    except BaseException:
        discard_files(kept)
        raise
    return kept


def discard_files(attachments: Sequence[Attachment]) -> None:
    """Take away stored files whose rows will not be."""
    for attachment in attachments:
        attachment.file.delete(save=False)


def _checked(file: UploadedFile[Any]) -> tuple[str, str]:
    """The name and the type a file is kept under."""
    name = _UNFIT.sub("_", clean(file.name or ""))[-200:].strip(". ") or "file"
    content_type = TYPES.get(_ending(name))
    if content_type is None:
        raise UnkeepableFile(
            _("“%(name)s” is of a kind that is not kept here. Documents, pictures, sound, film and zip files are.")
            % {"name": name},
            field="files",
        )
    if not file.size:
        raise UnkeepableFile(_("“%(name)s” is empty.") % {"name": name}, field="files")
    if file.size > MAX_BYTES:
        raise UnkeepableFile(
            _("“%(name)s” has %(size)d MB; files up to %(most)d MB are kept.")
            % {"name": name, "size": -(-file.size // 1_000_000), "most": MAX_BYTES // 1_000_000},
            field="files",
        )
    return name, content_type


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")

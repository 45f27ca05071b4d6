"""Writing down what a colleague knows of a customer, or what was said on a call.

A note names colleagues with @ and their name: those who may see the customer are told. Files are kept with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import live
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.events import record
from guanxi.customers import events
from guanxi.customers.actions.attaching import keep_files
from guanxi.customers.models import Customer, Note, NoteMention
from guanxi.kit.text import clean_lines
from guanxi.staff.models import Member

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LONGEST = 20_000
_LONGEST_IN_EVENT = 2_000


class EmptyNote(Refused):
    """A note without words and files."""

    code = "empty_note"


class LongNote(Refused):
    """A note that would be a book."""

    code = "long_note"


def write_note(
    customer: Customer,
    *,
    text: str,
    by: Actor,
    at: datetime,
    author: Member | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    is_call: bool = False,
) -> Note:
    """Keep a note (or, with `is_call`, what was said on a call), tell the colleagues it names, keep its files.

    Raises EmptyNote, LongNote and attaching.UnkeepableFile; then nothing is kept.
    """
    words = _checked(text, has_files=bool(files))
    with transaction.atomic():
        note = Note.objects.create(customer=customer, author=author, text=words, created_at=at)
        _mention(note, named_in(words), customer=customer, by=by)
        record(
            events.CALL_LOGGED if is_call else events.NOTE_ADDED,
            by=by,
            customer=customer.pk,
            at=at,
            payload={"note_id": note.pk, "text": words[:_LONGEST_IN_EVENT]},
        )
        keep_files(note, files)
    return note


def rewrite_note(note: Note, *, text: str, by: Actor, at: datetime) -> Note:
    """Change the words; colleagues named anew are told. Saying the same again changes nothing."""
    words = _checked(text, has_files=note.attachments.exists())
    if words == note.text:
        return note
    with transaction.atomic():
        note.text, note.edited_at = words, at
        note.save(update_fields=["text", "edited_at"])
        _mention(note, named_in(words), customer=note.customer, by=by)
        record(events.NOTE_EDITED, by=by, customer=note.customer_id, at=at, payload={"note_id": note.pk})
    return note


def delete_note(note: Note, *, by: Actor, at: datetime) -> bool:
    """Put a note out of sight; False when it was already. `restore_note` undoes it."""
    with transaction.atomic():
        if not Note.objects.filter(pk=note.pk).update(deleted_at=at):
            return False
        record(events.NOTE_DELETED, by=by, customer=note.customer_id, at=at, payload={"note_id": note.pk})
    return True


def restore_note(note: Note, *, by: Actor, at: datetime) -> bool:
    """Bring a deleted note back; False when it is there."""
    with transaction.atomic():
        if not Note.even_deleted.filter(pk=note.pk).exclude(deleted_at=None).update(deleted_at=None):
            return False
        record(events.NOTE_RESTORED, by=by, customer=note.customer_id, at=at, payload={"note_id": note.pk})
    return True


def named_in(text: str) -> list[Member]:
    """The colleagues a text names as @Name, longest name first: @李雷雷 is not 李雷. Two of one name are both meant."""
    if "@" not in text:
        return []
    by_name: dict[str, list[Member]] = {}
    for member in Member.objects.active().exclude(name="").select_related("role", "department"):
        by_name.setdefault(member.name, []).append(member)
    found: list[Member] = []
    for name in sorted(by_name, key=len, reverse=True):
        if f"@{name}" in text:
            found += by_name[name]
            text = text.replace(f"@{name}", " ")
    return found


def may_see(member: Member, customer: Customer) -> bool:
    """Whether this colleague's data scope reaches the customer."""
    return member.can("customers", "see") and Customer.objects.visible_to(member).filter(pk=customer.pk).exists()


def left_out(note: Note) -> list[Member]:
    """The colleagues a note names who were not told, since they may not see the customer."""
    told = set(note.mentions.values_list("member_id", flat=True))
    return [member for member in named_in(note.text) if member.pk not in told and member.pk != note.author_id]


def left_out_words(members: Sequence[Member]) -> str:
    """What the author is told of colleagues who were left out."""
    names = ", ".join(member.name for member in members)
    return ngettext(
        "%(names)s may not see this customer and was not told. Add them as a collaborator first.",
        "%(names)s may not see this customer and were not told. Add them as collaborators first.",
        len(members),
    ) % {"names": names}


def _mention(note: Note, members: Sequence[Member], *, customer: Customer, by: Actor) -> None:
    wanted = [
        member for member in members if not (by.kind == "staff" and by.id == member.pk) and may_see(member, customer)
    ]
    known = set(note.mentions.values_list("member_id", flat=True))
    new = [member for member in wanted if member.pk not in known]
    NoteMention.objects.bulk_create([NoteMention(note=note, member=member) for member in new])
    for member in new:
        live.publish(f"member:{member.pk}", {"what": "mention", "customer": customer.pk})


def _checked(text: str, *, has_files: bool) -> str:
    words = clean_lines(text)
    if not words and not has_files:
        raise EmptyNote(_("There is nothing to keep yet: write a few words or add a file."), field="text")
    if len(words) > LONGEST:
        raise LongNote(
            _("A note holds %(most)d characters at most; this one has %(count)d. Add the rest as a file.")
            % {"most": LONGEST, "count": len(words)},
            field="text",
        )
    return words

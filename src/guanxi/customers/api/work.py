"""Work on one customer: notes with files, follow-ups, relationships."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile

from guanxi.core import clock
from guanxi.customers.actions import following_up, noting, relating
from guanxi.customers.actions.attaching import keep_files
from guanxi.customers.api import work_shapes as shapes
from guanxi.customers.api.common import After, Limit, colleague, masked, newest_first, see_customer
from guanxi.customers.models import Attachment, Customer, FollowUp, Note, Relationship, RelationshipKind
from guanxi.staff.api_auth import Caller, require

router = Router(tags=["work"])

_NOTE = ("id", "author_id", "is_pinned", "created_at", "edited_at")


@router.get("/customers/{int:customer_id}/notes", response=shapes.NotePageOut, summary="Notes of a customer")
def list_notes(request: HttpRequest, customer_id: int, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    who, customer = see_customer(request, customer_id)
    notes, more = newest_first(
        Note.objects.filter(customer=customer).prefetch_related("attachments"), after=after, limit=limit
    )
    return {"items": [_write_note(note, who) for note in notes], "next": more}


@router.post(
    "/customers/{int:customer_id}/notes",
    response={201: shapes.NoteOut},
    summary="Write a note, or what was said on a call",
)
def write_note(request: HttpRequest, customer_id: int, wanted: shapes.NoteIn) -> Status[dict[str, Any]]:
    """Its author is the member the caller acts for. Files are added afterwards."""
    who, customer = see_customer(request, customer_id, "edit")
    note = noting.write_note(
        customer, text=wanted.text, by=who.actor, at=clock.now(), author=who.member, is_call=wanted.is_call
    )
    return Status(201, _write_note(note, who))


@router.patch(
    "/customers/{int:customer_id}/notes/{int:note_id}", response=shapes.NoteOut, summary="Rewrite or pin a note"
)
def change_note(request: HttpRequest, customer_id: int, note_id: int, changes: shapes.NotePatch) -> dict[str, Any]:
    """Only its author rewrites a note; anybody who may edit the customer pins it."""
    who, customer = see_customer(request, customer_id, "edit")
    note = get_object_or_404(Note, pk=note_id, customer=customer)
    with transaction.atomic():
        if changes.text is not None:
            if note.author_id != who.member.pk:
                raise PermissionDenied(_("Only its author changes a note. Write one of your own instead."))
            noting.rewrite_note(note, text=changes.text, by=who.actor, at=clock.now())
        if changes.is_pinned is not None:
            note.is_pinned = changes.is_pinned
            note.save(update_fields=["is_pinned"])
    return _write_note(note, who)


@router.delete("/customers/{int:customer_id}/notes/{int:note_id}", response={204: None}, summary="Delete a note")
def delete_note(request: HttpRequest, customer_id: int, note_id: int) -> Status[None]:
    """By its author, or by whoever may delete customers. POST to its `return` brings it back."""
    who, note = _deletable(request, customer_id, note_id)
    noting.delete_note(note, by=who.actor, at=clock.now())
    return Status(204, None)


@router.post(
    "/customers/{int:customer_id}/notes/{int:note_id}/return", response=shapes.NoteOut, summary="Bring a note back"
)
def restore_note(request: HttpRequest, customer_id: int, note_id: int) -> dict[str, Any]:
    who, note = _deletable(request, customer_id, note_id)
    noting.restore_note(note, by=who.actor, at=clock.now())
    return _write_note(note, who)


@router.post(
    "/customers/{int:customer_id}/notes/{int:note_id}/attachments",
    response={201: shapes.NoteOut},
    summary="Keep a file with a note",
)
def attach(request: HttpRequest, customer_id: int, note_id: int, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """A document, picture, sound, film or zip file of up to 20 MB, by the author of the note."""
    who, customer = see_customer(request, customer_id, "edit")
    note = get_object_or_404(Note, pk=note_id, customer=customer)
    if note.author_id != who.member.pk:
        raise PermissionDenied(_("Only its author changes a note. Write one of your own instead."))
    with transaction.atomic():
        keep_files(note, [file])
    return Status(201, _write_note(note, who))


@router.get(
    "/attachments/{int:attachment_id}",
    summary="Fetch a file of a note",
    openapi_extra={"responses": {200: {"description": "The file", "content": {"application/octet-stream": {}}}}},
)
def read_attachment(request: HttpRequest, attachment_id: int) -> FileResponse:
    who = require(request, "customers", "see")
    found = get_object_or_404(
        Attachment,
        pk=attachment_id,
        note__deleted_at=None,
        note__customer__in=Customer.objects.visible_to(who.member),
    )
    try:
        stored = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stored, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@router.get("/follow-ups", response=shapes.FollowUpPageOut, summary="Follow-ups, newest first")
def list_follow_ups(
    request: HttpRequest,
    customer_id: int | None = None,
    assignee_id: int | None = None,
    is_done: bool | None = None,
    after: After = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Those of customers within the caller's scope."""
    who = require(request, "customers", "see")
    found = _follow_ups(who)
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    if assignee_id is not None:
        found = found.filter(assignee_id=assignee_id)
    if is_done is not None:
        found = found.filter(done_at__isnull=not is_done)
    rows, more = newest_first(found, after=after, limit=limit)
    return {"items": rows, "next": more}


@router.post("/customers/{int:customer_id}/follow-ups", response={201: shapes.FollowUpOut}, summary="Set a follow-up")
def set_follow_up(request: HttpRequest, customer_id: int, wanted: shapes.FollowUpIn) -> Status[FollowUp]:
    """Its assignee is reminded when it is due."""
    who, customer = see_customer(request, customer_id, "edit")
    assignee = colleague(wanted.assignee_id) if wanted.assignee_id else who.member
    made = following_up.set_follow_up(
        customer, text=wanted.text, due_at=wanted.due_at, assignee=assignee, by=who.actor, at=clock.now()
    )
    return Status(201, made)


@router.patch("/follow-ups/{int:follow_up_id}", response=shapes.FollowUpOut, summary="Finish, reopen, put off, pass on")
def change_follow_up(request: HttpRequest, follow_up_id: int, changes: shapes.FollowUpPatch) -> FollowUp:
    """All of the changes are made, or none."""
    who = require(request, "customers", "edit")
    found = get_object_or_404(_follow_ups(who).select_related("assignee", "customer"), pk=follow_up_id)
    now = clock.now()
    with transaction.atomic():
        if changes.is_done is False:
            following_up.reopen(found, by=who.actor, at=now)
        if changes.due_at is not None:
            following_up.snooze(found, until=changes.due_at, by=who.actor, at=now)
        if changes.assignee_id is not None:
            following_up.pass_on(found, to=colleague(changes.assignee_id), by=who.actor, at=now)
        if changes.is_done:
            following_up.finish(found, by=who.actor, at=now)
    return FollowUp.objects.get(pk=follow_up_id)


@router.get(
    "/customers/{int:customer_id}/relationships",
    response=list[shapes.RelationshipOut],
    summary="Whom a customer is related to",
)
def list_relationships(request: HttpRequest, customer_id: int) -> list[dict[str, Any]]:
    """Both ways, up to 1,000; customers outside the caller's scope are left out."""
    who, customer = see_customer(request, customer_id)
    seen = Customer.objects.visible_to(who.member)
    rows = Relationship.objects.filter(
        Q(customer=customer, other__in=seen) | Q(other=customer, customer__in=seen)
    ).select_related("kind", "customer", "other")
    return [_write_relationship(row, customer) for row in rows[:1_000]]


@router.post(
    "/customers/{int:customer_id}/relationships",
    response={200: shapes.RelationshipOut, 201: shapes.RelationshipOut},
    summary="Relate a customer to another",
)
def relate(request: HttpRequest, customer_id: int, wanted: shapes.RelationshipIn) -> Status[dict[str, Any]]:
    """200 when that was known. Both customers must lie within the caller's scope."""
    who, customer = see_customer(request, customer_id, "edit")
    _who, other = see_customer(request, wanted.other_id, "edit")
    kind = get_object_or_404(RelationshipKind, pk=wanted.kind_id)
    made = relating.relate(customer, other, kind=kind, by=who.actor, at=clock.now(), weight=wanted.weight)
    if made is None:
        both_ways = Q(customer=other, other=customer) if kind.is_symmetric else Q(pk=None)
        known = Relationship.objects.filter(Q(customer=customer, other=other) | both_ways, kind=kind)[0]
        return Status(200, _write_relationship(known, customer))
    return Status(201, _write_relationship(made, customer))


@router.delete(
    "/customers/{int:customer_id}/relationships/{int:relationship_id}",
    response={204: None},
    summary="Take a relationship away",
)
def unrelate(request: HttpRequest, customer_id: int, relationship_id: int) -> Status[None]:
    who, customer = see_customer(request, customer_id, "edit")
    rows = Relationship.objects.filter(Q(customer=customer) | Q(other=customer)).select_related(
        "kind", "customer", "other"
    )
    relating.unrelate(get_object_or_404(rows, pk=relationship_id), by=who.actor, at=clock.now())
    return Status(204, None)


def _write_note(note: Note, who: Caller) -> dict[str, Any]:
    text = masked(note.text) if who.member.masks_contacts else note.text
    files = [
        {"id": each.pk, "name": each.name, "content_type": each.content_type, "size": each.size}
        for each in note.attachments.all()
    ]
    return {**{name: getattr(note, name) for name in _NOTE}, "text": text, "attachments": files}


def _deletable(request: HttpRequest, customer_id: int, note_id: int) -> tuple[Caller, Note]:
    who, customer = see_customer(request, customer_id, "edit")
    note = get_object_or_404(Note.even_deleted.filter(customer=customer), pk=note_id)
    if note.author_id != who.member.pk and not who.can("customers", "delete"):
        raise PermissionDenied(_("Only its author, or who may delete customers, deletes a note."))
    return who, note


def _follow_ups(who: Caller) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(customer__in=Customer.objects.visible_to(who.member))


def _write_relationship(row: Relationship, customer: Customer) -> dict[str, Any]:
    is_outgoing = row.customer_id == customer.pk
    other = row.other if is_outgoing else row.customer
    return {
        "id": row.pk,
        "kind_id": row.kind_id,
        "words": row.kind.name if is_outgoing else row.kind.reverse_name or row.kind.name,
        "other_id": other.pk,
        "other_name": str(other),
        "is_outgoing": is_outgoing,
        "weight": row.weight,
        "created_at": row.created_at,
    }

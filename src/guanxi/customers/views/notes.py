"""Writing a note or logging a call, with files and a reminder; editing, deleting and bringing back notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions import attaching, noting
from guanxi.customers.actions.following_up import LONGEST, set_follow_up
from guanxi.customers.models import Customer, Note
from guanxi.customers.panels.moments import quick_choices, read_moment
from guanxi.customers.views.common import announce, back, find_customer
from guanxi.design.pages import block, is_htmx, page, send_toasts, toast
from guanxi.staff.access import member, requires

COMPOSER = "customers/profile/composer.html"
EDITOR = "customers/profile/note.html"


def composer_values(customer: Customer, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the composer shows: what was typed so far, and the quick dates."""
    return {
        "customer": customer,
        "typed": defaultdict(str, typed or {}),
        "choices": quick_choices(clock.now()),
        "endings": ",".join(f".{ending}" for ending in attaching.TYPES),
    }


@requires("customers", "edit")
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The composer; posting keeps a note or a call, and sets the reminder asked for."""
    customer = find_customer(request, customer_id)
    if request.method == "GET":
        return page(request, COMPOSER, composer_values(customer))
    try:
        note = _write(request, customer)
    except Refused as refused:
        values = composer_values(customer, request.POST.dict()) | {"problem": refused}
        return page(request, COMPOSER, values, status=refused.status)
    if left_out := noting.left_out(note):
        toast(request, noting.left_out_words(left_out), level="warning")
    if not is_htmx(request):
        return back(request, customer)
    return announce(page(request, COMPOSER, composer_values(customer)), "follow-ups-changed")


def _write(request: HttpRequest, customer: Customer) -> Note:
    """The note and its reminder, both or neither."""
    asking, now, form = member(request), clock.now(), request.POST
    due_at = read_moment(form, at=now)
    is_call = form.get("kind") == "call"
    with transaction.atomic():
        note = noting.write_note(
            customer,
            text=form.get("text", ""),
            by=asking.actor,
            at=now,
            author=asking,
            files=request.FILES.getlist("files"),
            is_call=is_call,
        )
        if due_at is not None:
            words = form.get("reminder", "").strip() or _reminder_words(note, is_call)
            set_follow_up(customer, text=words, due_at=due_at, assignee=asking, by=asking.actor, at=now)
    return note


def _reminder_words(note: Note, is_call: bool) -> str:
    """The note's first line, when the reminder was given no words of its own."""
    first = note.text.partition("\n")[0].strip()
    if len(first) > LONGEST:
        first = first[: LONGEST - 1] + "…"
    return first or (_("Call again") if is_call else _("Get in touch"))


@requires("customers", "edit")
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """The form of one's own note; posting rewrites it."""
    customer = find_customer(request, customer_id)
    found = _own_note(request, customer, note_id)
    if request.method == "GET":
        return _editor(request, customer, found, found.text)
    try:
        noting.rewrite_note(found, text=request.POST.get("text", ""), by=member(request).actor, at=clock.now())
    except Refused as refused:
        return _editor(request, customer, found, request.POST.get("text", ""), problem=refused)
    if not is_htmx(request):
        return back(request, customer)
    shown = block(
        request, EDITOR, "note_text", {"customer": customer, "note": found, "may_edit": True, "me": member(request)}
    )
    return send_toasts(request, HttpResponse(shown))


@requires("customers", "edit")
@require_POST
def note_removal(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Delete one's own note (or any, with the right to delete), with an Undo."""
    customer = find_customer(request, customer_id)
    found = _note(request, customer, note_id)
    if noting.delete_note(found, by=member(request).actor, at=clock.now()):
        undo = reverse("customer_note_return", args=[customer.pk, found.pk])
        toast(request, _("The note was deleted."), undo_url=undo)
    return _told(request, customer)


@requires("customers", "edit")
@require_POST
def note_return(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Bring a deleted note back."""
    customer = find_customer(request, customer_id)
    noting.restore_note(_note(request, customer, note_id), by=member(request).actor, at=clock.now())
    return _told(request, customer)


@requires("customers", "edit")
@require_POST
def note_pin(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Keep a note in sight above the timeline, or no longer."""
    customer = find_customer(request, customer_id)
    found = Note.objects.filter(customer=customer, pk=note_id).first()
    if found is None:
        raise Http404(_("There is no such note."))
    found.is_pinned = not found.is_pinned
    found.save(update_fields=["is_pinned"])
    return _told(request, customer)


def _told(request: HttpRequest, customer: Customer) -> HttpResponse:
    if not is_htmx(request):
        return back(request, customer)
    return announce(send_toasts(request, HttpResponse(status=204)))


def _editor(
    request: HttpRequest, customer: Customer, found: Note, text: str, *, problem: Refused | None = None
) -> HttpResponse:
    values = {
        "customer": customer,
        "note": found,
        "text": text,
        "problem": problem,
        "may_edit": True,
        "me": member(request),
    }
    status = problem.status if problem else 200
    if is_htmx(request):
        return HttpResponse(block(request, EDITOR, "note_form", values), status=status)
    return page(request, EDITOR, values, status=status)


def _own_note(request: HttpRequest, customer: Customer, note_id: int) -> Note:
    found = Note.objects.filter(customer=customer, pk=note_id).first()
    if found is None:
        raise Http404(_("There is no such note."))
    if found.author_id != member(request).pk:
        raise PermissionDenied(_("Only its author changes a note. Write one of your own instead."))
    return found


def _note(request: HttpRequest, customer: Customer, note_id: int) -> Note:
    """A note, deleted or not, that this member may delete and bring back."""
    found = Note.even_deleted.filter(customer=customer, pk=note_id).first()
    if found is None:
        raise Http404(_("There is no such note."))
    asking = member(request)
    if found.author_id != asking.pk and not asking.can("customers", "delete"):
        raise PermissionDenied(_("Only its author, or who may delete customers, deletes a note."))
    return found

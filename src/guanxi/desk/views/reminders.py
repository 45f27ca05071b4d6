"""The bell and its page: reminders that came due, and notes in which one is mentioned."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from guanxi.core import clock
from guanxi.core.sql import load
from guanxi.customers.models import Customer, FollowUp, NoteMention
from guanxi.design.pages import block, page
from guanxi.staff.access import member, signed_in
from guanxi.staff.models import Member

_MOST = 50
_COUNTED = 99
_UNSEEN = load("guanxi.desk", "unseen.sql")


@signed_in
def reminders(request: HttpRequest) -> HttpResponse:
    """What one was reminded of and mentioned in. Being shown, it counts as seen."""
    asking, now = member(request), clock.now()
    due = _within_scope(
        list(
            FollowUp.objects.open()
            .filter(assignee=asking)
            .exclude(reminded_at=None)
            .select_related("customer")
            .order_by("-due_at", "-id")[:_MOST]
        ),
        asking,
    )
    mentions = mentions_of(asking, limit=_MOST)
    response = page(request, "desk/reminders.html", {"due": due, "mentions": mentions, "now": now})
    FollowUp.objects.open().filter(assignee=asking, seen_at=None).exclude(reminded_at=None).update(seen_at=now)
    NoteMention.objects.filter(member=asking, seen_at=None).update(seen_at=now)
    return response


@signed_in
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, asked for when the member's topic tells of something new."""
    return HttpResponse(bell_html(request, member(request)))


def mentions_of(asking: Member, *, limit: int) -> list[NoteMention]:
    """The latest notes that name this member, of customers they may see."""
    found = list(
        NoteMention.objects.filter(member=asking, note__deleted_at=None)
        .select_related("note__customer", "note__author")
        .order_by("-id")[:limit]
    )
    seen = _visible({each.note.customer_id for each in found}, asking)
    return [each for each in found if each.note.customer_id in seen]


def bell_html(request: HttpRequest, asking: Member) -> SafeString:
    """The bell with the count of what is new."""
    values = {"unseen": unseen(asking), "asking": asking}
    return mark_safe(block(request, "desk/bell.html", "bell", values))  # noqa: S308 - a rendered template


def unseen(asking: Member) -> int:
    """How many reminders and mentions are new, counted to 99."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, {"member": asking.pk, "most": _COUNTED})
        return int(cursor.fetchone()[0])


def _within_scope(found: list[FollowUp], asking: Member) -> list[FollowUp]:
    seen = _visible({each.customer_id for each in found}, asking)
    return [each for each in found if each.customer_id in seen]


def _visible(customer_ids: set[Any], asking: Member) -> set[int]:
    if not customer_ids:
        return set()
    return set(Customer.objects.visible_to(asking).filter(pk__in=customer_ids).values_list("pk", flat=True))

"""Home: what waits for me today, who mentioned me, who is new, what happened lately.

Every query is bounded: the page costs the same at a million customers as at ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from guanxi.core import clock
from guanxi.core.models import Event
from guanxi.core.sql import load
from guanxi.customers.models import Customer, FollowUp
from guanxi.customers.panels.sentences import Reader, Sentence, sentence
from guanxi.customers.panels.timeline import actor_names
from guanxi.design import formats
from guanxi.design.pages import page
from guanxi.desk.views.reminders import mentions_of
from guanxi.staff.access import member, signed_in
from guanxi.staff.models import Member

_LATELY_ACTIVE = load("guanxi.desk", "lately_active.sql")
_LATEST_EVENTS = load("guanxi.desk", "latest_events.sql")
_MOST_DUE, _MOST_MENTIONS, _MOST_NEW, _MOST_ACTIVE, _SCAN = 20, 6, 8, 10, 1_000


@dataclass(frozen=True, slots=True)
class Activity:
    """The latest that happened with one customer."""

    customer: Customer
    event: Event
    sentence: Sentence
    actor: str
    amount: str


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The page; with no customers yet, what to do first."""
    asking, now = member(request), clock.now()
    may = {
        "see": asking.can("customers", "see"),
        "add": asking.can("customers", "edit"),
        "import": asking.can("imports", "edit"),
    }
    values: dict[str, Any] = {"now": now, "may": may, "is_empty": not Customer.objects.exists()}
    if may["see"] and not values["is_empty"]:
        values |= {
            "due": _due(asking, now),
            "mentions": mentions_of(asking, limit=_MOST_MENTIONS),
            "new": _new(asking, now),
            "activity": _activity(asking, now),
        }
    return page(request, "desk/home.html", values)


def _due(asking: Member, now: datetime) -> list[FollowUp]:
    """Open follow-ups of mine that are overdue or due before midnight, the oldest first."""
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    end = timezone.make_aware(datetime.combine(tomorrow, time()))
    found = list(FollowUp.objects.open().filter(assignee=asking, due_at__lt=end).select_related("customer")[:_MOST_DUE])
    ids = {each.customer_id for each in found}
    seen = set(Customer.objects.visible_to(asking).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [each for each in found if each.customer_id in seen]


def _new(asking: Member, now: datetime) -> list[Customer]:
    """My newest customers, of those that became known in the last seven days."""
    mine = Customer.objects.present().filter(owner=asking).select_related("stage", "source")
    return [each for each in mine.order_by("-id")[:_MOST_NEW] if each.created_at >= now - timedelta(days=7)]


def _activity(asking: Member, now: datetime) -> list[Activity]:
    with connection.cursor() as cursor:
        cursor.execute(
            _LATELY_ACTIVE,
            {
                "owners": asking.visible_member_ids(),
                "member": asking.pk,
                "now": now,
                "scan": _SCAN,
                "most": _MOST_ACTIVE,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LATEST_EVENTS, {"customers": ids})
        latest = cursor.fetchall()
    events = {event.customer_id: event for event in Event.objects.filter(pk__in=latest)}
    customers = Customer.objects.visible_to(asking).in_bulk(ids)
    names, reader = actor_names(events.values()), Reader(asking.masks_contacts)
    return [
        Activity(
            customers[pk],
            event,
            sentence(event, reader),
            names.get((event.actor_kind, event.actor_id), ""),
            "" if event.amount is None else str(formats.money(event.amount, event.currency)),
        )
        for pk in ids
        if pk in customers and (event := events.get(pk))
    ]

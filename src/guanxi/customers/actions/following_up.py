"""Things to do for a customer by a time: set, done, snoozed, passed on, and the reminder when the time comes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import live
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.events import record
from guanxi.core.sql import load
from guanxi.customers import events
from guanxi.customers.actions.noting import may_see
from guanxi.customers.models import Customer, FollowUp
from guanxi.kit.text import clean
from guanxi.staff.models import Member

LONGEST = 300
FARTHEST = timedelta(days=3650)
_REMIND_DUE = load("guanxi.customers", "remind_due.sql")


class UnfitFollowUp(Refused):
    """A follow-up without words, for nobody who could do it, or at no possible time."""

    code = "unfit_follow_up"


def set_follow_up(
    customer: Customer, *, text: str, due_at: datetime, assignee: Member, by: Actor, at: datetime
) -> FollowUp:
    """Have `assignee` reminded of `text` at `due_at`. Raises UnfitFollowUp, naming the field."""
    words = clean(text)
    if not words:
        raise UnfitFollowUp(_("Say in a few words what is to be done."), field="text")
    if len(words) > LONGEST:
        raise UnfitFollowUp(
            _("A follow-up has %(most)d characters at most. Put the rest into a note.") % {"most": LONGEST},
            field="text",
        )
    _refuse_impossible(due_at, at)
    _refuse_unfit(assignee, customer)
    with transaction.atomic():
        follow_up = FollowUp.objects.create(
            customer=customer,
            assignee=assignee,
            text=words,
            due_at=due_at,
            created_by_id=by.id if by.kind == "staff" else None,
            created_at=at,
        )
        _record(
            events.FOLLOW_UP_SET,
            follow_up,
            by=by,
            at=at,
            due_at=due_at.isoformat(),
            assignee_id=assignee.pk,
            assignee=assignee.name,
        )
        live.publish(f"member:{assignee.pk}", {"what": "follow_up", "customer": customer.pk})
    return follow_up


def finish(follow_up: FollowUp, *, by: Actor, at: datetime) -> bool:
    """It is done; False when it already was."""
    done_by = by.id if by.kind == "staff" else None
    with transaction.atomic():
        if not FollowUp.objects.open().filter(pk=follow_up.pk).update(done_at=at, done_by_id=done_by):
            return False
        _record(events.FOLLOW_UP_DONE, follow_up, by=by, at=at)
        live.publish(f"member:{follow_up.assignee_id}", {"what": "follow_up"})
    return True


def reopen(follow_up: FollowUp, *, by: Actor, at: datetime) -> bool:
    """It is not done after all; False when it is open."""
    with transaction.atomic():
        closed = FollowUp.objects.filter(pk=follow_up.pk).exclude(done_at=None)
        if not closed.update(done_at=None, done_by=None):
            return False
        _record(events.FOLLOW_UP_REOPENED, follow_up, by=by, at=at)
        live.publish(f"member:{follow_up.assignee_id}", {"what": "follow_up"})
    return True


def snooze(follow_up: FollowUp, *, until: datetime, by: Actor, at: datetime) -> bool:
    """Put it off: its assignee is reminded again `until` then. False when it is done or due just then."""
    _refuse_impossible(until, at)
    with transaction.atomic():
        moved = (
            FollowUp.objects.open()
            .filter(pk=follow_up.pk)
            .exclude(due_at=until)
            .update(due_at=until, reminded_at=None, seen_at=None)
        )
        if not moved:
            return False
        before, follow_up.due_at = follow_up.due_at, until
        _record(
            events.FOLLOW_UP_SNOOZED,
            follow_up,
            by=by,
            at=at,
            **{"from": before.isoformat(), "due_at": until.isoformat()},
        )
        live.publish(f"member:{follow_up.assignee_id}", {"what": "follow_up"})
    return True


def pass_on(follow_up: FollowUp, *, to: Member, by: Actor, at: datetime) -> bool:
    """Somebody else does it; they are reminded when it is due. False when it is done or theirs already."""
    _refuse_unfit(to, follow_up.customer)
    before = follow_up.assignee
    with transaction.atomic():
        moved = (
            FollowUp.objects.open()
            .filter(pk=follow_up.pk)
            .exclude(assignee=to)
            .update(assignee=to, reminded_at=None, seen_at=None)
        )
        if not moved:
            return False
        follow_up.assignee = to
        _record(
            events.FOLLOW_UP_PASSED_ON,
            follow_up,
            by=by,
            at=at,
            **{"from_id": before.pk, "from": before.name, "assignee_id": to.pk, "assignee": to.name},
        )
        for member in (before, to):
            live.publish(f"member:{member.pk}", {"what": "follow_up"})
    return True


def remind_due(*, at: datetime) -> int:
    """Mark everything due as reminded, in one statement, and tell the assignees' screens; how many there were.

    Two workers at once share the rows between them; a second call finds nothing.
    """
    from django.db import connection

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_REMIND_DUE, {"at": at})
            told = Counter(assignee for (assignee,) in cursor.fetchall())
        for assignee, count in told.items():
            live.publish(f"member:{assignee}", {"what": "reminder", "count": count})
    return told.total()


def _refuse_impossible(due_at: datetime, at: datetime) -> None:
    if due_at > at + FARTHEST:
        raise UnfitFollowUp(_("That is more than ten years away: check the year."), field="due_at")
    if due_at < at - timedelta(days=1):
        raise UnfitFollowUp(_("That time has passed. Choose one still to come."), field="due_at")


def _refuse_unfit(member: Member, customer: Customer) -> None:
    if not member.is_active:
        raise UnfitFollowUp(
            _("%(name)s no longer works here. Choose somebody else.") % {"name": member.name},
            field="assignee",
        )
    if not may_see(member, customer):
        raise UnfitFollowUp(
            _("%(name)s may not see this customer. Add them as a collaborator first, or choose somebody else.")
            % {"name": member.name},
            field="assignee",
        )


def _record(name: str, follow_up: FollowUp, *, by: Actor, at: datetime, **further: Any) -> None:
    payload = {"follow_up_id": follow_up.pk, "text": follow_up.text} | further
    record(name, by=by, customer=follow_up.customer_id, at=at, payload=payload)

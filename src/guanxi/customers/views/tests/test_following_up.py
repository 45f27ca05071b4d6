"""Follow-ups and relationships: their rows, their events, and what a second call does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.actions import following_up
from guanxi.customers.actions.relating import UnfitRelationship, relate, unrelate
from guanxi.customers.models import FollowUp, Relationship, RelationshipKind
from guanxi.customers.views.tests.cast import NOON, make_ada, make_sanfeng
from guanxi.staff.tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
FRIDAY = NOON + timedelta(days=2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def make_follow_up(cast: Cast, **changes) -> FollowUp:
    li = cast.li_ming
    values: dict[str, Any] = {"text": "报价", "due_at": FRIDAY, "assignee": li, "by": li.actor, "at": NOON}
    return following_up.set_follow_up(make_sanfeng(cast.li_ming), **values | changes)


def test_setting_one_keeps_who_when_and_what(cast):
    follow_up = make_follow_up(cast)

    told = Event.objects.get(name=events.FOLLOW_UP_SET)
    assert (follow_up.assignee, follow_up.due_at, follow_up.created_by) == (cast.li_ming, FRIDAY, cast.li_ming)
    assert told.payload["assignee"] == "Li Ming"
    assert told.customer_id == follow_up.customer_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 301}, "text"),
        ({"due_at": NOON - timedelta(days=2)}, "due_at"),
        ({"due_at": NOON + timedelta(days=5000)}, "due_at"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_field_named(cast, changes, field):
    with pytest.raises(following_up.UnfitFollowUp) as refused:
        make_follow_up(cast, **changes)

    assert refused.value.field == field
    assert not FollowUp.objects.exists()


def test_a_colleague_who_may_not_see_the_customer_cannot_be_asked(cast):
    with pytest.raises(following_up.UnfitFollowUp, match="Zhao Lei"):
        make_follow_up(cast, assignee=cast.zhao_lei)


def test_done_is_done_once_and_can_be_taken_back(cast):
    follow_up = make_follow_up(cast)

    assert following_up.finish(follow_up, by=cast.li_ming.actor, at=NOON)
    assert not following_up.finish(follow_up, by=cast.li_ming.actor, at=NOON)
    assert following_up.reopen(follow_up, by=cast.li_ming.actor, at=NOON)
    assert not following_up.reopen(follow_up, by=cast.li_ming.actor, at=NOON)

    assert FollowUp.objects.open().get() == follow_up
    assert Event.objects.filter(name=events.FOLLOW_UP_DONE).count() == 1


def test_everything_due_is_reminded_of_in_one_go_and_once(cast):
    follow_up = make_follow_up(cast)

    assert following_up.remind_due(at=NOON) == 0
    assert following_up.remind_due(at=FRIDAY) == 1
    assert following_up.remind_due(at=FRIDAY) == 0

    follow_up.refresh_from_db()
    assert follow_up.reminded_at == FRIDAY


def test_what_is_put_off_is_reminded_of_again(cast):
    follow_up = make_follow_up(cast)
    following_up.remind_due(at=FRIDAY)

    assert following_up.snooze(follow_up, until=FRIDAY + timedelta(days=1), by=cast.li_ming.actor, at=FRIDAY)

    assert following_up.remind_due(at=FRIDAY) == 0
    assert following_up.remind_due(at=FRIDAY + timedelta(days=1)) == 1


def test_passing_on_moves_the_reminder_with_it(cast):
    follow_up = make_follow_up(cast)

    assert following_up.pass_on(follow_up, to=cast.chen_jie, by=cast.li_ming.actor, at=NOON)
    assert not following_up.pass_on(follow_up, to=cast.chen_jie, by=cast.li_ming.actor, at=NOON)

    assert FollowUp.objects.get().assignee == cast.chen_jie
    assert Event.objects.get(name=events.FOLLOW_UP_PASSED_ON).payload["from"] == "Li Ming"


def test_of_a_mutual_kind_one_row_stands_for_both_ways(cast):
    colleague = RelationshipKind.objects.create(slug="works-with", name="works with")
    ada, sanfeng = make_ada(), make_sanfeng()

    assert relate(sanfeng, ada, kind=colleague, by=cast.li_ming.actor, at=NOON)
    assert relate(ada, sanfeng, kind=colleague, by=cast.li_ming.actor, at=NOON) is None

    assert Relationship.objects.count() == 1


def test_both_ends_tell_a_directed_relationship_as_it_reads_from_there(cast):
    referred = RelationshipKind.objects.create(slug="brought", name="brought", reverse_name="was brought by")
    ada, sanfeng = make_ada(), make_sanfeng()

    tie = relate(sanfeng, ada, kind=referred, by=cast.li_ming.actor, at=NOON)

    told = Event.objects.filter(name=events.RELATIONSHIP_ADDED)
    assert {event.customer_id: event.payload["kind"] for event in told} == {
        sanfeng.pk: "brought",
        ada.pk: "was brought by",
    }
    assert tie is not None
    assert unrelate(tie, by=cast.li_ming.actor, at=NOON)
    assert not unrelate(tie, by=cast.li_ming.actor, at=NOON)


def test_nobody_is_related_to_themselves(cast):
    kind = RelationshipKind.objects.create(slug="follows-too", name="follows", reverse_name="followed by")
    ada = make_ada()

    with pytest.raises(UnfitRelationship):
        relate(ada, ada, kind=kind, by=cast.li_ming.actor, at=NOON)

"""Work on many: only those in scope, told once, and put back exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict

from guanxi.core.errors import Refused
from guanxi.core.models import Event, Progress
from guanxi.customers.listing import bulk
from guanxi.customers.listing.bulk import Selection, begin, carry_on, undo
from guanxi.customers.listing.filters import Unusable
from guanxi.customers.listing.tests.cast import NOW, Shop
from guanxi.customers.models import Customer, CustomerTag

LATER = NOW + timedelta(minutes=1)


def tags_now() -> set[tuple[int, int]]:
    return set(CustomerTag.objects.values_list("tag_id", "customer_id"))


def test_a_tag_on_everything_that_matches_and_back(shop: Shop) -> None:
    before = tags_now()
    selection = Selection(shop.cast.wang_fang, query="city=上海", is_all=True)
    work = begin(selection, "tag", str(shop.tags[1].pk), at=LATER)
    assert work.state == Progress.State.FINISHED
    assert work.result["changed"] == 4
    assert Event.objects.filter(name="customers.tag_added", occurred_at=LATER).count() == 4
    assert begin(selection, "tag", str(shop.tags[1].pk), at=LATER).result["changed"] == 0
    assert undo(work, by=shop.cast.wang_fang, at=LATER) == 4
    assert tags_now() == before
    with pytest.raises(Refused):
        undo(work, by=shop.cast.wang_fang, at=LATER)


def test_untagging_is_put_back(shop: Shop) -> None:
    before = tags_now()
    everybody = Selection(shop.cast.wang_fang, tuple(customer.pk for customer in shop.customers))
    work = begin(everybody, "untag", str(shop.tags[2].pk), at=LATER)
    assert work.result["changed"] == 3
    undo(work, by=shop.cast.wang_fang, at=LATER)
    assert tags_now() == before


@pytest.mark.parametrize(("what", "column"), [("stage", "stage_id"), ("owner", "owner_id")])
def test_stage_and_owner_are_put_back_unless_changed_again(shop: Shop, what: str, column: str) -> None:
    target = shop.stages[1].pk if what == "stage" else shop.cast.chen_jie.pk
    before = dict(Customer.objects.values_list("pk", column))
    everybody = Selection(shop.cast.wang_fang, tuple(before))
    work = begin(everybody, what, str(target), at=LATER)
    assert set(Customer.objects.values_list(column, flat=True)) == {target}
    newer = shop.customers[2].pk
    begin(Selection(shop.cast.wang_fang, (newer,)), what, "none", at=LATER)
    undo(work, by=shop.cast.wang_fang, at=LATER)
    assert dict(Customer.objects.values_list("pk", column)) == before | {newer: None}


def test_nobody_reaches_beyond_their_scope(shop: Shop) -> None:
    li_ming = shop.cast.li_ming
    for selection in (
        Selection(li_ming, tuple(customer.pk for customer in shop.customers)),
        Selection(li_ming, is_all=True),
    ):
        owners = Customer.objects.filter(pk__in=selection.ids(at=NOW)).values_list("owner_id", flat=True)
        assert set(owners) == {li_ming.pk}


def test_a_filter_that_is_gone_stops_work_on_all_that_match(shop: Shop) -> None:
    with pytest.raises(Unusable):
        begin(Selection(shop.cast.wang_fang, query="field.gone=1", is_all=True), "stage", "none", at=NOW)


@pytest.mark.parametrize(("what", "target"), [("dance", "1"), ("tag", "999"), ("stage", "x"), ("owner", "0")])
def test_what_does_not_exist_is_refused(shop: Shop, what: str, target: str) -> None:
    with pytest.raises(Refused):
        begin(Selection(shop.cast.wang_fang, is_all=True), what, target, at=NOW)
    with pytest.raises(Refused):
        begin(Selection(shop.cast.wang_fang), "stage", "none", at=NOW)


def test_many_are_left_to_a_job_that_can_be_begun_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    monkeypatch.setattr(bulk, "BATCH", 5)
    work = begin(Selection(shop.cast.wang_fang, is_all=True), "stage", str(shop.stages[0].pk), at=NOW)
    assert work.state == Progress.State.WAITING
    work.refresh_from_db()
    carry_on(work, at=LATER)
    work.refresh_from_db()
    assert (work.state, work.done, work.result["changed"]) == ("finished", 12, 7)
    carry_on(work, at=LATER)
    assert Event.objects.filter(name="customers.stage_changed").count() == 7


def test_cancelled_work_stops_between_batches(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    work = begin(Selection(shop.cast.wang_fang, is_all=True), "stage", "none", at=NOW)
    work.cancel(at=NOW)
    carry_on(Progress.objects.get(pk=work.pk), at=LATER)
    assert Customer.objects.filter(stage=None).count() == 2


def test_a_selection_reads_what_the_form_sends(shop: Shop) -> None:
    sent = QueryDict("ids=1&ids=2&ids=x&query=%3Fcity%3D1&all_matching=")
    assert Selection.of(shop.cast.wang_fang, sent) == Selection(shop.cast.wang_fang, (1, 2), "city=1", is_all=False)

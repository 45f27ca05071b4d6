"""Undoing a merge restores both exactly, and leaves alone what people did since."""

from __future__ import annotations

import pytest

from guanxi.core.events import readers
from guanxi.core.models import Event
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.tests.cast import (
    EVENING,
    NOON,
    every_row,
    happened,
    identify,
    make_customer,
    make_member,
    zhang,
)
from guanxi.customers.merging.undo import UnableToUndoMerge, undo_merge
from guanxi.customers.models import Customer, Field, Identity, Note, Tag, TagGroup, Tally

pytestmark = pytest.mark.django_db


def test_undo_restores_every_row():
    mei, bo = make_member(), make_member("Bo")
    survivor, absorbed = zhang()
    Customer.objects.filter(pk=absorbed.pk).update(owner=bo, fields={"7": "0.10"})
    Note.objects.create(customer=absorbed, author=mei, text="Prefers calls", created_at=NOON)
    Tally.objects.create(customer=survivor, event_count=1, purchase_total="0.1000", currency="CNY")
    Tally.objects.create(customer=absorbed, event_count=1, purchase_total="99999999999999.1234", currency="CNY")
    happened(absorbed)
    before = every_row()
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    assert every_row() != before
    undo_merge(merge, by=mei.actor, at=EVENING)
    assert every_row() == before
    told = Event.objects.get(name="customers.merge_undone")
    assert (told.customer_id, told.payload["restored"]) == (survivor.pk, [absorbed.pk])


def test_what_came_in_after_the_merge_stays_with_the_survivor():
    mei = make_member()
    survivor, absorbed = zhang()
    happened(absorbed)
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    happened(survivor, "web.product_viewed")
    identify(survivor, "email", "new@wudang.example")
    Note.objects.create(customer=survivor, text="Came back", created_at=EVENING)
    undo_merge(merge, by=mei.actor, at=EVENING)
    assert Event.objects.get(name="web.product_viewed").customer_id == survivor.pk
    assert Event.objects.get(name="web.page_viewed").customer_id == absorbed.pk
    assert Identity.objects.get(value="new@wudang.example").customer == survivor
    assert Note.objects.get().customer == survivor


def test_an_edit_made_after_the_merge_stands():
    mei = make_member()
    field = Field.objects.create(slug="colour", name="Colour", kind="text")
    survivor, absorbed = zhang()
    Customer.objects.filter(pk=absorbed.pk).update(fields={field.key: "red", "other": "x"})
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    survivor.refresh_from_db()
    assert survivor.title == "Master"
    survivor.fields[field.key] = "green"
    Customer.objects.filter(pk=survivor.pk).update(city="Wudang", fields=survivor.fields)
    undo_merge(merge, by=mei.actor, at=EVENING)
    survivor.refresh_from_db()
    assert (survivor.city, survivor.title, survivor.fields) == ("Wudang", "", {field.key: "green"})


def test_a_row_removed_after_the_merge_stays_away():
    mei = make_member()
    survivor, absorbed = zhang()
    Note.objects.create(customer=absorbed, text="Wrong", created_at=NOON)
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    Note.objects.all().delete()
    undo_merge(merge, by=mei.actor, at=EVENING)
    assert not Note.objects.exists()


def test_a_tag_deleted_since_does_not_come_back():
    mei = make_member()
    tea = Tag.objects.create(group=TagGroup.objects.create(name="Taste"), name="tea")
    survivor, absorbed = zhang()
    for customer in (survivor, absorbed):
        customer.customer_tags.create(tag=tea, created_at=NOON)
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    tea.delete()
    undo_merge(merge, by=mei.actor, at=EVENING)
    assert not absorbed.customer_tags.exists()


def test_an_edit_begun_before_the_merge_is_told_apart_after_its_undoing():
    mei = make_member()
    survivor, absorbed = zhang()
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    undo_merge(merge, by=mei.actor, at=EVENING)
    survivor.refresh_from_db()
    assert survivor.version == 3


def test_nested_merges_are_undone_in_reverse_order_only():
    mei = make_member()
    survivor, absorbed = zhang()
    third = make_customer("张三豐", city="武当山")
    identify(third, "phone", "+8613700000000", primary=True)
    before = every_row()
    first = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    between = every_row()
    second = merge_customers(third, [survivor], by=mei.actor, at=EVENING)
    with pytest.raises(UnableToUndoMerge) as refused:
        undo_merge(first, by=mei.actor, at=EVENING)
    assert refused.value.code == "merge_undo_later_first"
    undo_merge(second, by=mei.actor, at=EVENING)
    assert every_row() == between
    undo_merge(first, by=mei.actor, at=EVENING)
    assert every_row() == before


def test_a_second_undo_is_refused_and_changes_nothing():
    mei = make_member()
    survivor, absorbed = zhang()
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    undo_merge(merge, by=mei.actor, at=EVENING)
    before = every_row()
    with pytest.raises(UnableToUndoMerge) as refused:
        undo_merge(merge, by=mei.actor, at=EVENING)
    assert refused.value.code == "merge_undone_already"
    assert every_row() == before


def test_a_colleague_out_of_scope_can_not_undo():
    mei, bo = make_member(), make_member("Bo", scope="own")
    survivor, absorbed = zhang()
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    with pytest.raises(UnableToUndoMerge) as refused:
        undo_merge(merge, by=bo.actor, at=EVENING)
    assert refused.value.status == 404


def test_a_deleted_record_makes_undoing_impossible():
    mei = make_member()
    survivor, absorbed = zhang()
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    absorbed.delete()
    with pytest.raises(UnableToUndoMerge) as refused:
        undo_merge(merge, by=mei.actor, at=EVENING)
    assert refused.value.code == "merge_record_gone"


@pytest.mark.django_db(transaction=True)
def test_tallies_counted_from_the_log_follow_a_merge_and_its_undoing():
    mei = make_member()
    survivor, absorbed = zhang()
    happened(survivor)
    happened(absorbed, "shop.purchase_made", amount=7, currency="CNY")
    reader = readers()["customers.tallies"]
    reader.catch_up()
    happened(absorbed, "shop.purchase_made", amount=5, currency="CNY")  # not counted when they merge
    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    reader.catch_up()
    assert Tally.objects.get().purchase_total == 12
    undo_merge(merge, by=mei.actor, at=EVENING)
    reader.catch_up()
    found = {tally.customer_id: (tally.event_count, tally.purchase_total) for tally in Tally.objects.all()}
    assert found == {survivor.pk: (3, 0), absorbed.pk: (2, 12)}

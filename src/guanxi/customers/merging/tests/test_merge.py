"""Merging: everything follows, nothing is lost, and what may not be merged is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guanxi.core.models import Event
from guanxi.customers.merging.merge import UnableToMerge, merge_customers
from guanxi.customers.merging.standing import standing_for
from guanxi.customers.merging.tests.cast import (
    EVENING,
    NOON,
    happened,
    identify,
    make_customer,
    make_member,
    zhang,
)
from guanxi.customers.models import (
    Collaborator,
    Customer,
    CustomerTag,
    DuplicatePair,
    Field,
    FollowUp,
    Identity,
    ImportedCustomer,
    Note,
    OwnershipChange,
    Relationship,
    RelationshipKind,
    SearchTerm,
    Tag,
    TagGroup,
    Tally,
)

pytestmark = pytest.mark.django_db


def test_everything_follows_the_survivor():
    mei = make_member()
    survivor, absorbed = zhang()
    Note.objects.create(customer=absorbed, author=mei, text="Prefers calls", created_at=NOON)
    FollowUp.objects.create(
        customer=absorbed, assignee=mei, text="Send tea", due_at=EVENING, created_by=mei, created_at=NOON
    )
    happened(absorbed, "shop.purchase_made", amount=100, currency="CNY")

    merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)

    assert merge.absorbed == [absorbed.pk]
    assert Note.objects.get().customer == survivor
    assert FollowUp.objects.get().customer == survivor
    assert set(Identity.objects.values_list("customer_id", flat=True)) == {survivor.pk}
    purchase = Event.objects.get(name="shop.purchase_made")
    assert purchase.customer_id == survivor.pk
    told = Event.objects.get(name="customers.customers_merged")
    assert (told.customer_id, told.payload["merge_id"], told.payload["absorbed"]) == (
        survivor.pk,
        merge.pk,
        [absorbed.pk],
    )


def test_the_absorbed_stays_hidden_and_leads_to_the_survivor():
    mei = make_member()
    survivor, absorbed = zhang()
    third = make_customer("张三豐")
    merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    merge_customers(third, [survivor], by=mei.actor, at=EVENING)
    assert list(Customer.objects.visible_to(mei)) == [third]
    assert [standing_for(each.pk) for each in (absorbed, survivor, third)] == [third.pk] * 3
    assert standing_for(10**9) is None


def test_blank_fields_are_filled_and_the_rest_is_by_choice():
    mei = make_member()
    survivor, absorbed = zhang()
    merge_customers(survivor, [absorbed], choices={"name": absorbed.pk}, by=mei.actor, at=EVENING)
    survivor.refresh_from_db()
    assert (survivor.name, survivor.title, survivor.city) == ("Zhang Sanfeng", "Master", "上海")
    assert survivor.created_at == absorbed.created_at
    told = Event.objects.get(name="customers.customers_merged").payload["changes"]
    assert told["name"] == ["张三丰", "Zhang Sanfeng"]


def test_own_fields_are_filled_and_a_reference_among_the_merged_goes():
    colour = Field.objects.create(slug="colour", name="Colour", kind="text")
    parent = Field.objects.create(slug="parent", name="Parent", kind="reference")
    survivor, absorbed = zhang()
    other = make_customer("Subsidiary", fields={parent.key: absorbed.pk})
    Customer.objects.filter(pk=absorbed.pk).update(fields={colour.key: "red"})
    Customer.objects.filter(pk=survivor.pk).update(fields={parent.key: absorbed.pk})
    merge_customers(survivor, [absorbed], by=make_member().actor, at=EVENING)
    survivor.refresh_from_db()
    other.refresh_from_db()
    assert survivor.fields == {colour.key: "red"}
    assert other.fields == {parent.key: survivor.pk}


def test_one_primary_phone_remains():
    survivor, absorbed = zhang()
    merge_customers(survivor, [absorbed], choices={"phone": absorbed.pk}, by=make_member().actor, at=EVENING)
    primary = survivor.identities.filter(is_primary=True).values_list("kind", "value")
    assert set(primary) == {("phone", "+8613900000000"), ("email", "zsf@wudang.example")}


def test_a_tag_both_carry_stays_once_and_an_exclusive_group_keeps_the_survivors():
    size = TagGroup.objects.create(name="Size", is_exclusive=True)
    taste = TagGroup.objects.create(name="Taste")
    small, large = (Tag.objects.create(group=size, name=name) for name in ("small", "large"))
    tea, wine = (Tag.objects.create(group=taste, name=name) for name in ("tea", "wine"))
    survivor, absorbed = zhang()
    for tag in (small, tea):
        CustomerTag.objects.create(tag=tag, customer=survivor, created_at=NOON)
    for tag in (large, tea, wine):
        CustomerTag.objects.create(tag=tag, customer=absorbed, created_at=EVENING)
    merge_customers(survivor, [absorbed], by=make_member().actor, at=EVENING)
    assert set(CustomerTag.objects.values_list("customer_id", "tag__name")) == {
        (survivor.pk, "small"),
        (survivor.pk, "tea"),
        (survivor.pk, "wine"),
    }


def test_relationships_lead_to_the_survivor_once_and_never_to_itself():
    referred = RelationshipKind.objects.create(slug="referred", name="referred", reverse_name="referred by")
    colleague = RelationshipKind.objects.create(slug="colleague", name="colleague of")
    survivor, absorbed = zhang()
    friend = make_customer("Friend")
    for one, other, kind in (
        (survivor, absorbed, referred),
        (absorbed, survivor, colleague),
        (survivor, friend, referred),
        (absorbed, friend, referred),
        (friend, absorbed, referred),
        (survivor, friend, colleague),
        (friend, absorbed, colleague),
    ):
        Relationship.objects.create(customer=one, other=other, kind=kind, created_at=NOON)
    merge_customers(survivor, [absorbed], by=make_member().actor, at=EVENING)
    assert set(Relationship.objects.values_list("customer_id", "other_id", "kind__slug")) == {
        (survivor.pk, friend.pk, "referred"),
        (friend.pk, survivor.pk, "referred"),
        (survivor.pk, friend.pk, "colleague"),
    }


def test_the_other_owner_keeps_seeing_the_customer():
    mei, bo = make_member(), make_member("Bo", scope="own")
    survivor, absorbed = zhang()
    Customer.objects.filter(pk=survivor.pk).update(owner=mei)
    Customer.objects.filter(pk=absorbed.pk).update(owner=bo)
    merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    assert Collaborator.objects.get().member == bo
    assert list(Customer.objects.visible_to(bo)) == [survivor]


def test_a_chosen_owner_is_a_change_of_owner():
    mei, bo = make_member(), make_member("Bo")
    survivor, absorbed = zhang()
    Customer.objects.filter(pk=survivor.pk).update(owner=mei)
    Customer.objects.filter(pk=absorbed.pk).update(owner=bo)
    merge_customers(survivor, [absorbed], choices={"owner": absorbed.pk}, by=mei.actor, at=EVENING)
    change = OwnershipChange.objects.get()
    assert (change.from_member, change.to_member, change.customer) == (mei, bo, survivor)
    assert Collaborator.objects.get().member == mei


def test_pairs_are_settled_and_a_human_no_holds_for_the_survivor():
    survivor, absorbed = zhang()
    stranger, lookalike = make_customer("Stranger"), make_customer("Lookalike")

    def pair(one, other, score, state="open"):
        low, high = sorted([one.pk, other.pk])
        return DuplicatePair.objects.create(customer_id=low, other_id=high, score=score, state=state, found_at=NOON)

    pair(survivor, absorbed, 0.9)
    pair(absorbed, stranger, 0.7, "distinct")
    pair(survivor, stranger, 0.8)
    pair(absorbed, lookalike, 0.6)
    merge_customers(survivor, [absorbed], by=make_member().actor, at=EVENING)
    found = set(DuplicatePair.objects.values_list("customer_id", "other_id", "state", "score"))
    low, high = sorted([survivor.pk, absorbed.pk])
    assert found == {
        (low, high, "merged", 0.9),
        (survivor.pk, stranger.pk, "distinct", 0.7),
        (survivor.pk, lookalike.pk, "open", 0.6),
    }


def test_tallies_add_up_and_the_search_box_finds_only_the_survivor():
    survivor, absorbed = zhang()
    Tally.objects.create(customer=survivor, event_count=2, purchase_count=1, purchase_total=10, currency="CNY")
    Tally.objects.create(
        customer=absorbed, event_count=3, purchase_count=2, purchase_total="5.25", currency="CNY", last_event_at=NOON
    )
    merge_customers(survivor, [absorbed], by=make_member().actor, at=EVENING)
    tally = Tally.objects.get()
    assert (tally.customer, tally.event_count, tally.purchase_count, tally.last_event_at) == (survivor, 5, 3, NOON)
    assert str(tally.purchase_total) == "15.2500"
    assert set(SearchTerm.objects.values_list("customer_id", flat=True)) == {survivor.pk}
    assert SearchTerm.objects.filter(term="zsf@wudang.example").exists()


def test_what_an_import_made_stays_its_own():
    from guanxi.customers.models import Import

    survivor, absorbed = zhang()
    of_import = Import.objects.create(file_name="a.csv")
    ImportedCustomer.objects.create(of_import=of_import, customer=absorbed, was_created=True)
    merge_customers(survivor, [absorbed], by=make_member().actor, at=EVENING)
    assert ImportedCustomer.objects.get().customer == absorbed


def test_a_merge_takes_the_same_number_of_queries_however_much_follows(django_assert_max_num_queries):
    survivor, absorbed = zhang()
    for minute in range(300):
        happened(absorbed, at=NOON + timedelta(minutes=minute))
        identify(absorbed, "cookie", f"c{minute}", namespace="1")
    mei = make_member()
    with django_assert_max_num_queries(45):
        merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
    assert Event.objects.filter(customer_id=survivor.pk).count() == 301


class TestRefused:
    def test_one_alone(self):
        survivor, _absorbed = zhang()
        for others in ([], [survivor]):
            with pytest.raises(UnableToMerge) as refused:
                merge_customers(survivor, others, by=make_member(str(len(others))).actor, at=EVENING)
            assert refused.value.code == "merge_needs_two"

    def test_a_customer_out_of_sight(self):
        bo = make_member("Bo", scope="own")
        survivor, absorbed = zhang()
        Customer.objects.filter(pk=survivor.pk).update(owner=bo)
        with pytest.raises(UnableToMerge) as refused:
            merge_customers(survivor, [absorbed], by=bo.actor, at=EVENING)
        assert (refused.value.code, refused.value.status) == ("merge_out_of_sight", 404)
        assert not Customer.objects.exclude(merged_into=None).exists()

    def test_one_merged_already(self):
        mei = make_member()
        survivor, absorbed = zhang()
        third = make_customer("Third")
        merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
        with pytest.raises(UnableToMerge) as refused:
            merge_customers(third, [absorbed], by=mei.actor, at=EVENING)
        assert refused.value.code == "merge_already_merged"

    def test_a_person_with_a_company_unless_the_kind_is_chosen(self):
        mei = make_member()
        survivor, absorbed = zhang()
        Customer.objects.filter(pk=absorbed.pk).update(kind="company")
        with pytest.raises(UnableToMerge) as refused:
            merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
        assert refused.value.field == "kind"
        merge_customers(survivor, [absorbed], choices={"kind": absorbed.pk}, by=mei.actor, at=EVENING)
        survivor.refresh_from_db()
        assert survivor.kind == "company"

    def test_a_choice_of_a_stranger(self):
        survivor, absorbed = zhang()
        stranger = make_customer("Stranger", city="Rome")
        with pytest.raises(UnableToMerge) as refused:
            merge_customers(survivor, [absorbed], choices={"city": stranger.pk}, by=make_member().actor, at=EVENING)
        assert refused.value.code == "merge_choice"

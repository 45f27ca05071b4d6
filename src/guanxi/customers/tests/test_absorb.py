"""Absorbing: facts find their people, people are made once, nothing is told twice."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guanxi.core.actors import Actor
from guanxi.core.models import Event
from guanxi.customers.actions.absorb import Fact, absorb
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.models import Customer, Identity, SearchTerm, Tally
from guanxi.customers.reactions import SearchTerms, Tallies

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TILL = Actor("api_key", 1, "Till")
LAN = IdentityRef("phone", "+8613800000001")
LAN_MAIL = IdentityRef("email", "lan@example.com")
BO = IdentityRef("phone", "+8613800000002")


def fact(*who: IdentityRef, key: str = "", name: str = "shop.visit_made", **more) -> Fact:
    return Fact(who, name, NOW, key=key, **more)


def take(*facts: Fact):
    return absorb(facts, by=TILL, source="till", now=NOW)


@pytest.mark.django_db
class TestAbsorbing:
    def test_a_new_person_becomes_a_customer(self):
        took = take(fact(LAN))
        assert took.created == took.customers
        assert Identity.objects.get(customer=took.customers[0]).value == LAN.value
        names = [event.name for event in Event.objects.of_customer(took.customers[0])]
        assert sorted(names) == ["customers.customer_created", "shop.visit_made"]

    def test_a_known_person_is_recognised(self):
        first = take(fact(LAN))
        second = take(fact(LAN), fact(BO))
        assert second.customers[0] == first.customers[0]
        assert second.created == [second.customers[1]]

    def test_a_second_telling_is_ignored(self):
        assert take(fact(LAN, key="1"), fact(LAN, key="1"), fact(LAN, key="2")).new_events == 2
        again = take(fact(LAN, key="1"), fact(LAN, key="3"))
        assert (again.new_events, again.repeated, again.repeated_keys) == (1, 1, {"1"})

    def test_identities_told_together_become_one_person(self):
        took = take(fact(LAN), fact(LAN, LAN_MAIL), fact(LAN_MAIL))
        assert len(set(took.customers)) == 1
        assert Customer.objects.count() == 1

    def test_a_known_person_gains_an_identity(self):
        known = take(fact(LAN)).customers[0]
        take(fact(LAN, LAN_MAIL))
        assert take(fact(LAN_MAIL)).customers == [known]
        gained = Event.objects.get(name="customers.identity_added")
        assert gained.payload == {"kind": "email", "namespace": "", "value": "lan@example.com"}

    def test_of_two_known_people_the_strongest_identity_decides_and_the_pair_is_told(self):
        by_mail = take(fact(LAN_MAIL)).customers[0]
        by_phone = take(fact(LAN)).customers[0]
        took = take(fact(LAN_MAIL, LAN))
        assert took.customers == [by_phone]
        assert took.conflicts == [tuple(sorted((by_mail, by_phone)))]

    def test_traits_fill_blanks_and_overwrite_nothing(self):
        known = take(fact(LAN, traits={"name": "兰", "city": "上海"})).customers[0]
        take(fact(LAN, traits={"name": "Orchid", "company_name": "Tea House"}))
        lan = Customer.objects.get(pk=known)
        assert (lan.name, lan.city, lan.company_name) == ("兰", "上海", "Tea House")

    def test_awkward_text_lands_as_it_is(self):
        odd = {"a": 'quote " back \\ slash', "b": "line\nbreak\ttab", "c": "{braces},NULL", "d": "茶🍵"}
        took = take(fact(IdentityRef("external", '{"},\\ NULL', "sh,op"), payload=odd, key='k"\\'))
        assert Event.objects.get(name="shop.visit_made").payload == odd
        assert Identity.objects.get(customer=took.customers[0]).value == '{"},\\ NULL'

    def test_readers_make_people_findable_and_count_what_they_do(self):
        buying = {"name": "shop.purchase_made", "amount": Decimal("10.50"), "currency": "CNY"}
        back = {"name": "shop.refund_made", "amount": Decimal("-2.50"), "currency": "CNY"}
        dollars = {"name": "shop.purchase_made", "amount": Decimal(7), "currency": "USD"}
        lan = take(fact(LAN_MAIL, **buying), fact(LAN_MAIL, **back), fact(LAN_MAIL, **dollars)).customers[0]
        Tallies().handle(list(Event.objects.order_by("log_xid", "id")))
        SearchTerms().handle(list(Event.objects.filter(name="customers.customer_created")))
        tally = Tally.objects.get(customer=lan)
        assert (tally.purchase_count, tally.purchase_total, tally.currency) == (2, Decimal(8), "CNY")
        assert SearchTerm.objects.filter(customer=lan, term="lan").exists()


@pytest.mark.django_db
def test_what_came_to_a_record_while_it_was_merged_is_handed_on():
    staying, going, gone = take(fact(LAN), fact(BO), fact(LAN_MAIL)).customers
    Customer.objects.filter(pk=gone).update(merged_into=going)
    Customer.objects.filter(pk=going).update(merged_into=staying)
    Tallies().handle(list(Event.objects.order_by("log_xid", "id")))
    assert set(Event.objects.values_list("customer_id", flat=True)) == {staying}
    assert set(Identity.objects.values_list("customer_id", flat=True)) == {staying}
    assert Tally.objects.get().event_count == 6


@pytest.mark.django_db(transaction=True)
def test_many_who_meet_the_same_people_at_once_make_each_once():
    people = [IdentityRef("external", str(number), "shop") for number in range(40)]
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def teller(number: int) -> None:
        try:
            start.wait()
            for round_number in range(5):
                facts = [fact(ref, key=f"{number}-{round_number}-{ref.value}") for ref in people]
                absorb(facts, by=TILL, source="till", now=NOW)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=teller, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Customer.objects.count() == Identity.objects.count() == 40
    assert Event.objects.filter(name="shop.visit_made").count() == 4 * 5 * 40


refs = st.builds(IdentityRef, st.sampled_from(["phone", "email", "cookie"]), st.sampled_from("abcdef"), st.just(""))
batches = st.lists(
    st.lists(
        st.tuples(st.lists(refs, min_size=1, max_size=3, unique=True), st.sampled_from(["", "1", "2", "3"])),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=4,
)


class TestAnyTelling(TestCase):
    @settings(max_examples=60)
    @given(batches)
    def test_every_identity_names_one_customer_and_every_key_one_event(self, told):
        for batch in told:
            facts = [fact(*who, key=key) for who, key in batch]
            took = take(*facts)
            for who, customer in zip((f.who for f in facts), took.customers, strict=True):
                known = Identity.objects.filter(kind__in=[ref.kind for ref in who], customer=customer)
                assert known.exists()
        keyless = sum(1 for batch in told for _who, key in batch if not key)
        keys = {key for batch in told for _who, key in batch if key}
        assert Event.objects.filter(name="shop.visit_made").count() == keyless + len(keys)
        assert not Customer.objects.filter(identities=None).exists()

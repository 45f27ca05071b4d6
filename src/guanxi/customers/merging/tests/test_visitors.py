"""A browser turns out to be a customer's."""

from __future__ import annotations

import pytest

from guanxi.core.models import Event
from guanxi.customers.merging.jobs import absorb_visitor as absorb_visitor_job
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.tests.cast import EVENING, happened, identify, make_customer, make_member
from guanxi.customers.merging.visitors import absorb_visitor
from guanxi.customers.models import Customer, Identity, Merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    made = make_customer("")
    identify(made, "cookie", "c1", namespace="1")
    happened(made)
    return made


@pytest.fixture
def ada():
    made = make_customer("Ada Lovelace", kind="company")
    identify(made, "email", "ada@analytical.example", primary=True)
    return made


def test_the_visits_become_the_customers(visitor, ada):
    absorb_visitor_job(visitor_id=visitor.pk, customer_id=ada.pk)
    assert Identity.objects.get(kind="cookie").customer == ada
    assert Event.objects.get(name="web.page_viewed").customer_id == ada.pk
    ada.refresh_from_db()
    assert (ada.name, ada.kind) == ("Ada Lovelace", "company")
    told = Event.objects.get(name="customers.customers_merged")
    assert told.actor_kind == "automation"


def test_a_second_time_does_nothing(visitor, ada):
    absorb_visitor(visitor.pk, ada.pk, at=EVENING)
    assert absorb_visitor(visitor.pk, ada.pk, at=EVENING) is None
    assert Merge.objects.count() == 1


def test_a_visitor_with_a_name_an_owner_or_a_phone_is_nobodys_browser(visitor, ada):
    for change in ({"name": "Bo"}, {"name": "", "owner": make_member()}):
        Customer.objects.filter(pk=visitor.pk).update(**change)
        assert absorb_visitor(visitor.pk, ada.pk, at=EVENING) is None
    Customer.objects.filter(pk=visitor.pk).update(owner=None)
    identify(visitor, "phone", "+8613812345678")
    assert absorb_visitor(visitor.pk, ada.pk, at=EVENING) is None


def test_a_customer_merged_meanwhile_is_followed(visitor, ada):
    byron = make_customer("Ada Byron", kind="company")
    merge_customers(byron, [ada], by=make_member().actor, at=EVENING)
    absorb_visitor(visitor.pk, ada.pk, at=EVENING)
    assert Identity.objects.get(kind="cookie").customer == byron


def test_a_record_that_is_gone_is_passed_over(visitor):
    assert absorb_visitor(visitor.pk, 10**9, at=EVENING) is None

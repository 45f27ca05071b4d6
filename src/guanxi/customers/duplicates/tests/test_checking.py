"""Who may be meant, while somebody types."""

from __future__ import annotations

from datetime import date

import pytest

from guanxi.customers.duplicates.checking import similar_to
from guanxi.customers.merging.tests.cast import identify, make_customer, make_member
from guanxi.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_the_same_phone_or_e_mail_is_told_first():
    mei = make_member()
    named, called = make_customer("Ada Lovelace"), make_customer("Somebody Else")
    identify(called, "phone", "+8613812345678")
    found = similar_to({"name": "Ada Lovelace", "phone": "138 1234 5678"}, mei)
    assert found == [(called, [("phone", "same")]), (named, [("name", "same")])]


def test_a_name_in_another_writing_is_close():
    mei = make_member()
    zhang = make_customer("张三丰")
    assert similar_to({"name": "zhang sanfeng"}, mei) == [(zhang, [("name", "close")])]
    assert similar_to({"name": "張三豐"}, mei) == [(zhang, [("name", "close")])]


def test_a_common_name_alone_is_no_warning():
    mei = make_member()
    everybody = [make_customer("王伟", city="上海" if n == 0 else "") for n in range(5)]
    assert similar_to({"name": "王伟"}, mei) == []
    assert similar_to({"name": "王伟", "city": "上海"}, mei) == [(everybody[0], [("city", "same"), ("name", "same")])]


def test_a_birthday_makes_it_likelier():
    mei = make_member()
    make_customer("Ada Lovelace")
    born = make_customer("Ada Lovelace", birth_date=date(1815, 12, 10))
    (customer, reasons), *_others = similar_to({"name": "Ada Lovelace", "birth_date": "1815-12-10"}, mei)
    assert (customer, reasons) == (born, [("birth_date", "same"), ("name", "same")])


def test_nobody_out_of_sight_is_named():
    bo = make_member("Bo", scope="own")
    ada = make_customer("Ada Lovelace")
    assert similar_to({"name": "Ada Lovelace"}, bo) == []
    Customer.objects.filter(pk=ada.pk).update(owner=bo)
    assert [customer for customer, _reasons in similar_to({"name": "Ada Lovelace"}, bo)] == [ada]


@pytest.mark.parametrize(
    "typed", [{}, {"name": ""}, {"name": "A"}, {"phone": "12", "birth_date": "soon", "email": "@"}]
)
def test_half_typed_values_find_nothing_and_raise_nothing(typed):
    make_customer("Ada")
    assert similar_to(typed, make_member()) == []

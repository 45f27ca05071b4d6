"""A scan of the base: read, found, kept; what people decided stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from guanxi.core.models import Progress
from guanxi.customers.duplicates.reading import read_records
from guanxi.customers.duplicates.scanning import scan, start_scan
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.tests.cast import EVENING, NOON, identify, make_customer, make_member
from guanxi.customers.models import Customer, DuplicatePair, Field

pytestmark = pytest.mark.django_db
BORN = date(1815, 12, 10)


def ada(name: str = "Ada Lovelace", **values) -> Customer:
    return make_customer(name, birth_date=BORN, city="London", **values)


def look(at=NOON) -> Progress:
    progress = Progress.objects.create(kind="customers.scan_duplicates", title="x")
    scan(progress, clock=lambda: at)
    return progress


def test_a_scan_finds_pairs_and_says_how_it_went():
    one, other = ada(), ada("Ada Lovelase")
    make_customer("Grace Hopper", birth_date=date(1906, 12, 9))
    progress = look()
    pair = DuplicatePair.objects.get()
    assert (pair.customer, pair.other, pair.state) == (one, other, "open")
    assert pair.reasons == [["name", "close"], ["birth_date", "same"], ["city", "same"]]
    assert (progress.state, progress.result) == ("finished", {"customers": 3, "pairs": 1})


def test_a_second_scan_keeps_decisions_and_drops_what_no_longer_holds():
    one, other = ada(), ada("Ada Lovelase")
    third, fourth = ada("Grace Hopper"), ada("Grace Hoper")
    look()
    DuplicatePair.objects.filter(customer=one, other=other).update(state="distinct", decided_at=NOON)
    Customer.objects.filter(pk=fourth.pk).update(name="Alan Turing", birth_date=None)
    look(EVENING)
    assert list(DuplicatePair.objects.values_list("customer", "other", "state")) == [(one.pk, other.pk, "distinct")]
    assert third


def test_pairs_that_events_named_together_outlive_a_scan():
    one, other = make_customer("One"), make_customer("Other")
    DuplicatePair.objects.create(customer=one, other=other, score=0.9, reasons=["named_together"], found_at=NOON)
    look(EVENING)
    assert DuplicatePair.objects.exists()


def test_merged_records_and_nameless_visitors_are_not_looked_at():
    one, other = ada(), ada("Ada Lovelase")
    visitor = Customer.objects.create(created_at=NOON, updated_at=NOON)
    identify(visitor, "cookie", "c1")
    merge_customers(one, [other], by=make_member().actor, at=EVENING)
    assert read_records()["id"].to_list() == [one.pk]


def test_identities_and_own_fields_are_read():
    field = Field.objects.create(slug="card", name="Card", kind="text")
    one = ada(fields={field.key: "C-1"})
    other = ada()
    identify(one, "phone", "+8613812345678")
    identify(one, "phone", "+8613812340000", primary=True)
    for customer, value in ((one, "A1"), (other, "B2")):
        identify(customer, "external", value, namespace="shop")
    first, second = read_records().sort("id").rows(named=True)
    assert first["phone"] == "+8613812340000"
    assert (first[f"field:{field.key}"], second[f"field:{field.key}"]) == ("C-1", None)
    assert (first["strong:external:shop"], second["strong:external:shop"]) == ("A1", "B2")


def test_an_empty_base_can_be_scanned():
    assert look().result == {"customers": 0, "pairs": 0}


def test_one_scan_at_a_time(client):
    mei = make_member()
    client.force_login(mei)
    client.post(reverse("duplicates_scan_start"))
    client.post(reverse("duplicates_scan_start"))
    progress = Progress.objects.get()
    assert start_scan(mei) == progress
    assert f"progress_{progress.pk}" in client.get(reverse("duplicates")).content.decode()
    progress.finish(at=NOON + timedelta(hours=1), result={"customers": 0})
    assert start_scan(mei) != progress


def test_a_cancelled_scan_leaves_the_pairs_alone():
    ada(), ada("Ada Lovelase")
    progress = Progress.objects.create(kind="customers.scan_duplicates", title="x")
    progress.cancel(at=NOON)
    Progress.objects.filter(pk=progress.pk).update(state="cancelled")
    from guanxi.customers.duplicates.jobs import scan_duplicates

    scan_duplicates(progress.pk)
    assert not DuplicatePair.objects.exists()

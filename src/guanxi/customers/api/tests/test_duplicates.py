"""Pairs, merges and their undoing over JSON."""

from __future__ import annotations

import pytest

from guanxi.core import clock
from guanxi.customers.api.tests.conftest import make_customer, program_of
from guanxi.customers.models import Customer, DuplicatePair


@pytest.fixture
def pair(zhang, lin) -> DuplicatePair:
    low, high = sorted((zhang, lin), key=lambda each: each.pk)
    return DuplicatePair.objects.create(
        customer=low, other=high, score=0.9, reasons=[["name", "close"]], found_at=clock.now()
    )


def test_pairs_are_read_the_likeliest_first_page_by_page(shop, pair, zhang, lin):
    third = make_customer("Wu")
    DuplicatePair.objects.create(customer=zhang, other=third, score=0.95, reasons=[], found_at=clock.now())
    first = shop.get("/duplicates", limit=1).json()
    second = shop.get("/duplicates", limit=1, after=first["next"]).json()
    assert [first["items"][0]["score"], second["items"][0]["score"]] == [0.95, 0.9]
    assert second["next"] == ""
    assert shop.get("/duplicates", after="nonsense").status_code == 422


def test_a_pair_is_kept_apart_once_and_reopened(shop, pair):
    assert shop.patch(f"/duplicates/{pair.pk}", {"state": "distinct"}).json()["state"] == "distinct"
    again = shop.patch(f"/duplicates/{pair.pk}", {"state": "distinct"})
    assert (again.status_code, again.json()["code"]) == (409, "pair_decided")
    assert shop.get("/duplicates").json()["items"] == []
    assert shop.patch(f"/duplicates/{pair.pk}", {"state": "open"}).json()["state"] == "open"


def test_a_pair_of_which_one_is_out_of_scope_is_not_there(cast, pair):
    seller = program_of(cast.li_ming)
    assert seller.get("/duplicates").json()["items"] == []
    assert seller.patch(f"/duplicates/{pair.pk}", {"state": "distinct"}).status_code == 404


def test_customers_are_merged_and_parted_again(shop, zhang, lin):
    told = {"survivor_id": zhang.pk, "absorbed_ids": [lin.pk], "choices": {"city": lin.pk}}
    made = shop.post("/merges", told)
    assert made.status_code == 201
    merged = shop.get(f"/customers/{zhang.pk}").json()
    assert merged["city"] == "Hangzhou"
    assert len(merged["identities"]) == 3
    assert shop.get(f"/customers/{lin.pk}").status_code == 404
    assert shop.get("/merges", customer_id=zhang.pk).json()["items"][0]["absorbed_ids"] == [lin.pk]
    assert shop.delete(f"/merges/{made.json()['id']}").json()["undone_at"] is not None
    assert shop.delete(f"/merges/{made.json()['id']}").status_code == 409
    assert shop.get(f"/customers/{zhang.pk}").json()["city"] == "上海"
    assert Customer.objects.get(pk=lin.pk).merged_into is None


def test_merging_beyond_ones_scope_is_refused(cast, zhang, lin):
    told = {"survivor_id": zhang.pk, "absorbed_ids": [lin.pk]}
    assert program_of(cast.li_ming).post("/merges", told).status_code == 404
    assert program_of(cast.zhao_lei).post("/merges", told).status_code == 404


def test_a_customer_is_not_merged_with_itself(shop, zhang):
    assert shop.post("/merges", {"survivor_id": zhang.pk, "absorbed_ids": [zhang.pk]}).status_code == 422

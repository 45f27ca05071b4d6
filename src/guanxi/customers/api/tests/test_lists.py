"""Search, saved views, work on many, export."""

from __future__ import annotations

import pytest

from guanxi.core.models import Event, Progress
from guanxi.customers.api.tests.conftest import make_customer, program_of
from guanxi.customers.events import EXPORT_MADE
from guanxi.customers.models import CustomerTag, Stage, Tag, TagGroup


@pytest.fixture
def vip(db: None) -> Tag:
    return Tag.objects.create(group=TagGroup.objects.create(name="Loyalty"), name="VIP")


def test_a_customer_is_found_by_initials_and_only_within_scope(shop, cast, zhang):
    assert [hit["name"] for hit in shop.get("/search", q="zsf").json()] == ["张三丰"]
    assert program_of(cast.zhao_lei).get("/search", q="zsf").json() == []
    assert shop.get("/search").status_code == 422


def test_many_are_tagged_by_their_ids_at_once(shop, vip, zhang, lin):
    told = {"do": "tag", "target_id": vip.pk, "customer_ids": [zhang.pk, lin.pk]}
    assert shop.post("/bulk", told).json() == {"changed": 2}
    assert shop.post("/bulk", told).json() == {"changed": 0}
    assert shop.post("/bulk", {**told, "do": "untag"}).json() == {"changed": 2}
    assert not CustomerTag.objects.exists()


def test_one_customer_out_of_scope_refuses_all(cast, vip, zhang, lin):
    told = {"do": "tag", "target_id": vip.pk, "customer_ids": [zhang.pk, lin.pk]}
    answer = program_of(cast.li_ming).post("/bulk", told)
    assert (answer.status_code, answer.json()["code"]) == (404, "out_of_sight")
    assert not CustomerTag.objects.exists()


def test_all_that_filters_find_are_worked_through_and_put_back(shop, cast, zhang, lin):
    stage = Stage.objects.create(name="Trial")
    told = {"do": "stage", "target_id": stage.pk, "filters": {"city": "上海"}}
    begun = shop.post("/bulk", told)
    assert begun.status_code == 202
    seen = shop.get(f"/progress/{begun.json()['id']}").json()
    assert (seen["state"], seen["changed"], seen["percent"]) == ("finished", 1, 100)
    zhang.refresh_from_db()
    assert zhang.stage == stage
    assert shop.post(f"/progress/{seen['id']}/undo").json() == {"changed": 1}
    zhang.refresh_from_db()
    assert zhang.stage is None
    assert program_of(cast.li_ming).get(f"/progress/{seen['id']}").status_code == 404
    assert Progress.objects.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        {"do": "tag", "target_id": 999_999, "customer_ids": [1]},
        {"do": "tag", "target_id": None, "customer_ids": []},
        {"do": "stage", "target_id": None},
        {"do": "stage", "target_id": None, "customer_ids": [1], "filters": {}},
        {"do": "stage", "target_id": None, "filters": {"shoe": "42"}},
        {"do": "sing", "target_id": None, "filters": {}},
    ],
)
def test_unclear_work_is_refused(shop, zhang, told):
    assert shop.post("/bulk", told).status_code in (404, 422)


def test_a_list_is_taken_out_and_that_is_on_record(shop, cast, zhang, lin):
    answer = shop.get("/customer-export", city="上海", columns="name,city,phone")
    written = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "张三丰" in written
    assert "Lin Yating" not in written
    assert Event.objects.get(name=EXPORT_MADE).payload["count"] == 1
    masked = b"".join(program_of(cast.sun_yue).get("/customer-export", columns="name,phone").streaming_content).decode()
    assert "****" in masked
    assert program_of(cast.li_ming).get("/customer-export").status_code == 403


def test_views_are_saved_shared_changed_and_deleted(shop, cast, zhang):
    made = shop.post("/views", {"name": "上海", "filters": {"city": "上海"}, "sort": "-created", "is_shared": True})
    assert made.status_code == 201
    number = made.json()["id"]
    assert made.json()["filters"] == {"city": "上海"}
    assert shop.post("/views", {"name": "上海"}).status_code == 409
    seller = program_of(cast.li_ming)
    assert [view["name"] for view in seller.get("/views").json()] == ["上海"]
    assert seller.patch(f"/views/{number}", {"name": "Mine"}).status_code == 403
    assert shop.patch(f"/views/{number}", {"is_shared": False}).json()["sort"] == "-created"
    assert seller.get("/views").json() == []
    assert shop.delete(f"/views/{number}").status_code == 204
    for wrong in ({"filters": {"shoe": "42"}}, {"columns": ["shoe"]}, {"sort": "luck"}):
        assert shop.post("/views", {"name": "X", **wrong}).status_code == 422


def test_an_archived_tag_is_given_to_nobody(shop, vip, zhang):
    shop.patch(f"/tags/{vip.pk}", {"is_archived": True})
    assert shop.post("/bulk", {"do": "tag", "target_id": vip.pk, "customer_ids": [zhang.pk]}).status_code == 422
    assert make_customer("Wu").customer_tags.count() == 0

"""What the company defines, over JSON."""

from __future__ import annotations

import pytest

from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.models import Field, RelationshipKind, Stage, Tag
from guanxi.customers.setup.recording import SETTING_CHANGED


def test_a_group_and_its_tags_are_made_renamed_and_removed(shop, zhang):
    group = shop.post("/tag-groups", {"name": "Loyalty", "color": "green", "is_exclusive": True}).json()
    tag = shop.post("/tags", {"name": "Gold", "group_id": group["id"]}).json()
    assert shop.patch(f"/tags/{tag['id']}", {"name": "黄金"}).json()["name"] == "黄金"
    assert [each["name"] for each in shop.get("/tags", group_id=group["id"]).json()] == ["黄金"]
    shop.put(f"/customers/{zhang.pk}/tags/{tag['id']}")
    assert shop.delete(f"/tags/{tag['id']}").json()["code"] == "in_use"
    assert shop.delete(f"/tag-groups/{group['id']}").status_code == 409
    shop.delete(f"/customers/{zhang.pk}/tags/{tag['id']}")
    assert shop.delete(f"/tags/{tag['id']}").status_code == 204
    assert shop.delete(f"/tag-groups/{group['id']}").status_code == 204
    assert Event.objects.filter(name=SETTING_CHANGED).count() == 5


def test_a_tag_is_merged_into_another(shop, zhang):
    group = shop.post("/tag-groups", {"name": "Loyalty"}).json()
    gold, golden = (shop.post("/tags", {"name": name, "group_id": group["id"]}).json() for name in ("Gold", "Golden"))
    shop.put(f"/customers/{zhang.pk}/tags/{golden['id']}")
    assert shop.post(f"/tags/{golden['id']}/merge", {"into_id": golden["id"]}).status_code == 422
    assert shop.post(f"/tags/{golden['id']}/merge", {"into_id": gold["id"]}).status_code == 204
    assert [each["name"] for each in shop.get(f"/customers/{zhang.pk}").json()["tags"]] == ["Gold"]
    assert not Tag.objects.filter(pk=golden["id"]).exists()


def test_stages_are_put_in_order_and_one_is_the_default(shop):
    first, second = (shop.post("/stages", {"name": name}).json() for name in ("Lead", "Regular"))
    assert [each["id"] for each in shop.put("/stages/order", {"ids": [second["id"], first["id"]]}).json()] == [
        second["id"],
        first["id"],
    ]
    for stage in (first, second):
        assert shop.put(f"/stages/{stage['id']}/default").json()["is_default"] is True
    assert Stage.objects.get(is_default=True).pk == second["id"]
    assert shop.patch(f"/stages/{first['id']}", {"color": "red"}).json()["name"] == "Lead"
    assert shop.delete(f"/stages/{first['id']}").status_code == 204


@pytest.mark.parametrize("path", ["/stages", "/sources", "/relationship-kinds", "/tag-groups", "/fields"])
def test_an_empty_name_is_refused(shop, path):
    assert shop.post(path, {"name": "  ", "kind": "text"}).status_code == 422


def test_a_name_that_is_taken_is_refused(shop):
    shop.post("/sources", {"name": "Fair"})
    answer = shop.post("/sources", {"name": "Fair"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "name")
    shop.post("/stages", {"name": "Lead"})
    assert shop.post("/stages", {"name": "Lead"}).status_code == 422


def test_a_kind_of_relationship_reads_both_ways_or_differently(shop):
    made = shop.post("/relationship-kinds", {"name": "Taught", "reverse_name": "Taught by"}).json()
    assert shop.patch(f"/relationship-kinds/{made['id']}", {"reverse_name": ""}).json()["reverse_name"] == ""
    assert RelationshipKind.objects.get(pk=made["id"]).is_symmetric
    assert shop.delete(f"/relationship-kinds/{made['id']}").status_code == 204


def test_a_field_is_made_used_changed_archived_and_restored(shop, zhang):
    made = shop.post("/fields", {"name": "Tea", "kind": "choice", "choices": ["Green", "Black"]}).json()
    shop.patch(f"/customers/{zhang.pk}", {"fields": {made["slug"]: "Green"}})
    changed = shop.patch(
        f"/fields/{made['id']}", {"choices": ["Green", "Black", "White"], "help_text": "Favourite"}
    ).json()
    assert (changed["choices"], changed["name"]) == (["Green", "Black", "White"], "Tea")
    assert shop.patch(f"/fields/{made['id']}", {"is_archived": True}).json()["archived_at"] is not None
    assert shop.get("/fields").json() == []
    assert shop.get(f"/customers/{zhang.pk}").json()["fields"] == {}
    shop.patch(f"/fields/{made['id']}", {"is_archived": False})
    assert shop.get(f"/customers/{zhang.pk}").json()["fields"] == {made["slug"]: "Green"}
    assert shop.post("/fields", {"name": "Cup", "kind": "choice"}).status_code == 422
    renamed = shop.patch(f"/fields/{made['id']}", {"renamed_choices": {"Green": "绿茶"}}).json()
    assert renamed["choices"] == ["绿茶", "Black", "White"]
    assert Field.objects.count() == 1


def test_a_web_site_is_added_changed_and_archived(shop):
    made = shop.post("/websites", {"name": "Tea", "origins": ["tea.example.com"]}).json()
    assert made["origins"] == ["https://tea.example.com"]
    path = f"/websites/{made['id']}"
    assert shop.patch(path, {"needs_consent": False, "is_archived": True}).json()["archived_at"] is not None
    assert shop.patch(path, {"is_archived": False}).json()["archived_at"] is None
    assert shop.post("/websites", {"name": "Tea", "origins": ["tea.example.com"]}).status_code == 409
    assert shop.patch(path, {"origins": ["nonsense!"]}).status_code == 422
    told = Event.objects.filter(name__startswith="customers.website_").values_list("name", flat=True)
    assert set(told) == {
        events.WEBSITE_ADDED,
        events.WEBSITE_CHANGED,
        events.WEBSITE_ARCHIVED,
        events.WEBSITE_RETURNED,
    }

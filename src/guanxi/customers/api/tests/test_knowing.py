"""What hangs on one customer, over JSON."""

from __future__ import annotations

from guanxi.core.models import Event
from guanxi.customers.api.tests.conftest import program_of
from guanxi.customers.models import Customer, Stage, Tag, TagGroup


def test_an_identity_is_added_preferred_and_taken_away(shop, zhang):
    path = f"/customers/{zhang.pk}/identities"
    added = shop.post(path, {"kind": "phone", "value": "139 0000 2222"})
    assert added.status_code == 201
    assert shop.post(path, {"kind": "phone", "value": "13900002222"}).status_code == 200
    number = added.json()["id"]
    assert shop.put(f"{path}/{number}/primary").json()["is_primary"] is True
    assert zhang.identities.filter(kind="phone", is_primary=True).get().value == "+8613900002222"
    assert shop.delete(f"{path}/{number}").status_code == 204
    assert shop.delete(f"{path}/{number}").status_code == 404


def test_an_identity_of_another_customer_is_out_of_reach(shop, zhang, lin):
    theirs = lin.identities.get()
    assert shop.delete(f"/customers/{zhang.pk}/identities/{theirs.pk}").status_code == 404
    taken = shop.post(f"/customers/{zhang.pk}/identities", {"kind": "phone", "value": theirs.value})
    assert taken.status_code == 409


def test_a_tag_is_put_once_and_taken_off(shop, zhang):
    tag = Tag.objects.create(group=TagGroup.objects.create(name="Loyalty"), name="VIP")
    path = f"/customers/{zhang.pk}/tags/{tag.pk}"
    assert shop.put(path).json() == {"changed": 1}
    assert shop.put(path).json() == {"changed": 0}
    assert zhang.customer_tags.get().how == "api"
    assert shop.delete(path).status_code == 204
    assert not zhang.customer_tags.exists()


def test_stage_and_owner_change_once(shop, cast, zhang):
    stage = Stage.objects.create(name="Trial")
    for expected in (1, 0):
        assert shop.put(f"/customers/{zhang.pk}/stage", {"stage_id": stage.pk}).json() == {"changed": expected}
        told = {"owner_id": cast.zhao_lei.pk, "reason": "moved to service"}
        assert shop.put(f"/customers/{zhang.pk}/owner", told).json() == {"changed": expected}
    zhang.refresh_from_db()
    assert (zhang.stage, zhang.owner) == (stage, cast.zhao_lei)
    assert shop.put(f"/customers/{zhang.pk}/owner", {"owner_id": 10**9}).status_code == 404
    assert shop.put(f"/customers/{zhang.pk}/owner", {"owner_id": None}).json() == {"changed": 1}


def test_a_collaborator_sees_the_customer(shop, cast, zhang):
    theirs = program_of(cast.zhao_lei)
    assert theirs.get(f"/customers/{zhang.pk}").status_code == 404
    path = f"/customers/{zhang.pk}/collaborators/{cast.zhao_lei.pk}"
    assert shop.put(path).json() == {"changed": 1}
    assert theirs.get(f"/customers/{zhang.pk}").status_code == 200
    assert [each["name"] for each in shop.get(f"/customers/{zhang.pk}/collaborators").json()] == ["Zhao Lei"]
    assert shop.delete(path).status_code == 204
    assert theirs.get(f"/customers/{zhang.pk}").status_code == 404


def test_events_are_read_newest_first_without_gap_or_overlap(shop, zhang):
    for city in ("苏州", "北京", "广州"):
        shop.patch(f"/customers/{zhang.pk}", {"city": city})
    seen, after = [], ""
    while True:
        page = shop.get(f"/customers/{zhang.pk}/events", limit=2, after=after).json()
        seen += [each["id"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == list(Event.objects.of_customer(zhang.pk).values_list("id", flat=True))
    assert len(seen) >= 4
    only = shop.get(f"/customers/{zhang.pk}/events", name="customers.customer_created").json()["items"]
    assert [each["name"] for each in only] == ["customers.customer_created"]
    for wrong in ({"after": "nonsense"}, {"since": "9999-12-31T23:59:59-23:00"}, {"until": "2026-01-01T00:00:00"}):
        assert shop.get(f"/customers/{zhang.pk}/events", **wrong).status_code == 422
    assert shop.get(f"/customers/{zhang.pk}/events", since="2026-01-01T00:00:00-16:42").status_code == 200


def test_events_hide_contacts_from_roles_that_mask_them(shop, cast, zhang):
    shop.post(f"/customers/{zhang.pk}/identities", {"kind": "phone", "value": "13900002222"})
    shop.post(f"/customers/{zhang.pk}/notes", {"text": "Call 13700003333 or a.b@example.com"})
    analyst = program_of(cast.sun_yue, "customers:see")
    told = analyst.get(f"/customers/{zhang.pk}/events").content.decode()
    told += analyst.get(f"/customers/{zhang.pk}/notes").content.decode()
    for secret in ("13900002222", "13700003333", "a.b@example.com"):
        assert secret not in told
    assert Customer.objects.filter(pk=zhang.pk).exists()

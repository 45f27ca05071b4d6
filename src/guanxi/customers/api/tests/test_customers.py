"""Customers over JSON."""

from __future__ import annotations

from guanxi.core import clock
from guanxi.core.models import Event
from guanxi.customers.api.tests.conftest import make_customer, program_of
from guanxi.customers.events import CUSTOMER_CREATED, CUSTOMER_DELETED, CUSTOMER_EDITED
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.models import Customer, Field, Stage, Tag, TagGroup

LIST_QUERIES = 17  # nine questions, and eight statements that limit the time of the count and of the page


def test_a_customer_is_made_with_identities_tags_and_own_fields(shop, cast):
    size = Field.objects.create(slug="shoe-size", name="Shoe size", kind="number")
    tag = Tag.objects.create(group=TagGroup.objects.create(name="Loyalty"), name="VIP")
    told = {
        "name": "赵敏",
        "city": "大理",
        "fields": {"shoe-size": "37"},
        "identities": [{"kind": "phone", "value": "138 0000 1111"}],
        "tag_ids": [tag.pk],
        "owner_id": cast.li_ming.pk,
    }
    answer = shop.post("/customers", told)
    assert answer.status_code == 201
    made = answer.json()
    assert made["identities"][0]["value"] == "+8613800001111"
    assert made["fields"] == {"shoe-size": "37"}
    assert [each["name"] for each in made["tags"]] == ["VIP"]
    assert answer["Location"] == f"/api/v1/customers/{made['id']}"
    assert Customer.objects.get(pk=made["id"]).fields == {size.key: "37"}
    event = Event.objects.get(name=CUSTOMER_CREATED, customer_id=made["id"])
    assert event.actor_kind == "api_key"


def test_a_customer_without_name_and_identity_is_refused(shop):
    answer = shop.post("/customers", {"city": "大理"})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "nameless"


def test_an_identity_that_names_another_is_refused(shop, zhang):
    answer = shop.post("/customers", {"name": "X", "identities": [{"kind": "phone", "value": "13800138000"}]})
    assert answer.status_code == 409
    assert answer.json()["code"] == "identity_taken"


def test_whoever_sees_only_their_own_owns_what_they_make(cast):
    made = program_of(cast.li_ming).post("/customers", {"name": "Xiao"}).json()
    assert made["owner_id"] == cast.li_ming.pk


def test_an_old_version_is_told_and_nothing_is_overwritten(shop, zhang):
    seen = shop.get(f"/customers/{zhang.pk}")
    assert seen["ETag"] == '"1"'
    first = shop.patch(f"/customers/{zhang.pk}", {"city": "苏州"}, If_Match=seen["ETag"])
    assert first.json()["version"] == 2
    late = shop.patch(f"/customers/{zhang.pk}", {"city": "北京"}, If_Match=seen["ETag"])
    assert late.status_code == 409
    assert shop.patch(f"/customers/{zhang.pk}", {"city": "北京", "version": 1}).json()["code"] == "edited_meanwhile"
    zhang.refresh_from_db()
    assert zhang.city == "苏州"
    assert Event.objects.filter(name=CUSTOMER_EDITED, customer_id=zhang.pk).count() == 1


def test_what_is_left_out_of_a_change_stays_and_null_empties(shop, zhang):
    changed = shop.patch(f"/customers/{zhang.pk}", {"city": None, "birth_date": "1990-05-17"}).json()
    assert (changed["name"], changed["city"], changed["birth_date"]) == ("张三丰", "", "1990-05-17")


def test_an_unknown_own_field_is_named(shop, zhang):
    answer = shop.patch(f"/customers/{zhang.pk}", {"fields": {"hat": "L"}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "fields.hat"


def test_customers_are_listed_page_by_page_without_gap_or_overlap(shop, cast):
    made = [make_customer(f"Customer {number:02}") for number in range(7)]
    seen, after = [], ""
    while True:
        page = shop.get("/customers", limit=3, after=after).json()
        seen += [each["id"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == [each.pk for each in reversed(made)]
    assert page["count"] == 7


def test_the_list_takes_the_filters_of_the_page(shop, zhang, lin):
    found = shop.get("/customers", city="上海").json()["items"]
    assert [each["id"] for each in found] == [zhang.pk]
    assert shop.get("/customers", sort="name").json()["items"][0]["id"] == lin.pk


def test_a_filter_that_cannot_be_used_is_refused(shop, zhang):
    for query in ({"haircolour": "red"}, {"sort": "luck"}, {"after": "nonsense"}, {"no_purchase_days": "soon"}):
        answer = shop.get("/customers", **query)
        assert answer.status_code == 422, query


def test_a_page_of_customers_costs_the_same_however_long_it_is(shop, cast, django_assert_max_num_queries):
    tag = Tag.objects.create(group=TagGroup.objects.create(name="Loyalty"), name="VIP")
    for number in range(30):
        customer = make_customer(f"Customer {number}", phone=f"138001380{number:02}")
        customer.customer_tags.create(tag=tag, created_at=clock.now())
    with django_assert_max_num_queries(LIST_QUERIES):
        page = shop.get("/customers", limit=100, city="").json()
    assert len(page["items"]) == 30


def test_contacts_are_masked_for_roles_that_mask_them(cast, zhang):
    analyst = program_of(cast.sun_yue, "customers:see")
    written = analyst.get(f"/customers/{zhang.pk}").content.decode()
    assert "138****8000" in written
    assert "z***@example.com" in written
    assert "13800138000" not in written


def test_a_deleted_customer_takes_its_merged_records_along(shop, cast, zhang, lin):
    merge_customers(zhang, [lin], by=cast.wang_fang.actor, at=clock.now())
    assert shop.delete(f"/customers/{zhang.pk}").status_code == 204
    assert not Customer.objects.filter(pk__in=[zhang.pk, lin.pk]).exists()
    assert Event.objects.get(name=CUSTOMER_DELETED, customer_id=zhang.pk).payload == {"name": "张三丰", "records": 2}
    assert shop.delete(f"/customers/{zhang.pk}").status_code == 404


def test_a_stage_of_its_own_is_kept(shop):
    stage = Stage.objects.create(name="Trial")
    assert shop.post("/customers", {"name": "A", "stage_id": stage.pk}).json()["stage_id"] == stage.pk
    assert shop.post("/customers", {"name": "A", "stage_id": stage.pk + 1000}).status_code == 422


def test_the_filters_are_told_with_their_choices(shop):
    told = {each["name"]: each for each in shop.get("/customer-filters").json()}
    assert ["person", "Person"] in told["kind"]["choices"]

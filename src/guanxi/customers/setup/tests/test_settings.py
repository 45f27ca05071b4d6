"""Settings of customers: who may open and change them, and what a change does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.models import Event
from guanxi.customers.listing.own_indexes import bring_index_in_line, index_states
from guanxi.customers.listing.tests.cast import NOW, Shop, make_field, make_shop
from guanxi.customers.models import Customer, CustomerTag, Field, RelationshipKind, Source, Stage, Tag, TagGroup
from guanxi.customers.setup.defaults import seed
from guanxi.customers.setup.fields import create_field, rename_choice
from guanxi.customers.setup.tags import ask_to_merge_tags, merge_tags
from guanxi.staff.tests.factories import client_of, make_member

BY = Actor.system()
LISTS = ["tags", "fields", "stages", "sources", "relationship_kinds"]


@pytest.fixture
def shop(db: None) -> Shop:
    made = make_shop()
    seed("en")
    return made


@pytest.fixture
def keeper(shop: Shop) -> Client:
    return client_of(make_member("Keeper", permissions={"settings": ["see", "edit"], "customers": ["see"]}))


def pages(shop: Shop) -> dict[str, int | None]:
    """The pages that change things, with the row each is about."""
    return {
        "tag": shop.tags[0].pk,
        "tag_group": shop.tags[0].group_id,
        "field": shop.fields["level"].pk,
        "field_new": None,
        "stages_row": shop.stages[0].pk,
        "sources_row": Source.objects.order_by("pk")[0].pk,
        "relationship_kinds_row": RelationshipKind.objects.order_by("pk")[0].pk,
    }


def address(name: str, pk: int | None) -> str:
    return reverse(name, args=[pk] if pk else None)


def test_strangers_and_colleagues_without_the_right_stay_out(shop: Shop) -> None:
    seller, looker = client_of(shop.cast.li_ming), client_of(make_member(permissions={"settings": ["see"]}))
    for name in LISTS:
        assert Client().get(reverse(name)).status_code == 302
        assert seller.get(reverse(name)).status_code == 403
        assert looker.get(reverse(name)).status_code == 200
    for name in ("tags", "stages", "sources", "relationship_kinds"):
        assert looker.post(reverse(name), {"name": "x"}).status_code == 403
    for name, pk in pages(shop).items():
        assert Client().get(address(name, pk)).status_code == 302
        assert looker.get(address(name, pk)).status_code == 403
    for name in ("tags", "tag_groups", "fields", "stages", "relationship_kinds"):
        assert looker.post(reverse(f"{name}_order"), {"ids": [1]}).status_code == 403


def test_every_page_opens_for_a_keeper(shop: Shop, keeper: Client) -> None:
    for name in LISTS:
        assert keeper.get(reverse(name)).status_code == 200
    for name, pk in pages(shop).items():
        assert keeper.get(address(name, pk)).status_code == 200


class TestTags:
    def test_a_group_and_a_tag_are_added(self, shop: Shop, keeper: Client) -> None:
        keeper.post(reverse("tags"), {"adds": "group", "group-name": "Taste", "group-color": "red"})
        group = TagGroup.objects.get(name="Taste")
        keeper.post(reverse("tags"), {"adds": "tag", "tag-name": " Sweet ", "tag-group": group.pk})
        assert Tag.objects.get(group=group).name == "Sweet"
        again = keeper.post(reverse("tags"), {"adds": "tag", "tag-name": "Sweet", "tag-group": group.pk})
        assert again.status_code == 422
        assert Event.objects.filter(name="customers.setting_changed").count() == 2

    def test_an_archived_tag_is_offered_no_more_and_comes_back(self, shop: Shop, keeper: Client) -> None:
        at = reverse("tag", args=[shop.tags[0].pk])
        choices = reverse("bulk_choices", args=["tag"])
        admin = client_of(shop.cast.wang_fang)
        keeper.post(at, {"do": "archive"})
        assert "VIP" not in admin.get(choices).content.decode()
        assert CustomerTag.objects.filter(tag=shop.tags[0]).count() == 4
        keeper.post(at, {"do": "restore"})
        assert "VIP" in admin.get(choices).content.decode()

    def test_merging_gives_everybody_the_other_tag(self, shop: Shop) -> None:
        vip, plain, green = shop.tags
        assert ask_to_merge_tags(green, vip, by=BY, at=NOW)
        carrying = CustomerTag.objects.filter(tag=vip).values_list("customer_id", flat=True)
        assert set(carrying) == {customer.pk for customer in shop.customers[:5]}
        assert not Tag.objects.filter(pk=green.pk).exists()
        merge_tags(green, vip, by=BY, at=NOW)
        assert CustomerTag.objects.filter(tag=vip).count() == 5
        with pytest.raises(Refused):
            ask_to_merge_tags(plain, plain, by=BY, at=NOW)

    def test_order_by_dragging_and_by_arrow(self, shop: Shop, keeper: Client) -> None:
        vip, plain, _green = shop.tags
        keeper.post(reverse("tags_order"), {"ids": [plain.pk, vip.pk]})
        assert list(Tag.objects.filter(group=vip.group_id)) == [plain, vip]
        keeper.post(reverse("tags_order"), {"move": f"up:{vip.pk}"})
        assert list(Tag.objects.filter(group=vip.group_id)) == [vip, plain]
        assert keeper.post(reverse("tags_order"), {"move": "sideways:1"}).status_code == 404


class TestFields:
    def test_a_choice_field_is_made_and_shown_in_the_list(self, shop: Shop, keeper: Client) -> None:
        sent = {"name": "Favourite_tea", "kind": "choice", "choices": "Oolong\nPu'er\n\nOolong", "show_in_list": "on"}
        keeper.post(reverse("field_new"), sent)
        field = Field.objects.get(name="Favourite_tea")
        assert (field.slug, field.choices) == ("favourite-tea", ["Oolong", "Pu'er"])
        assert "Favourite_tea" in keeper.get(reverse("customers")).content.decode()

    @pytest.mark.parametrize(
        ("sent", "problem"),
        [
            ({"name": "level", "kind": "text"}, "There is a field of this name already"),
            ({"name": "x", "kind": "choice", "choices": " \n"}, "Give at least one choice"),
            ({"name": "x", "kind": "choice", "choices": "a\nA"}, "differ only in capitals"),
            ({"name": "x", "kind": "poem"}, "poem is not one of the available choices"),
        ],
    )
    def test_what_cannot_be_a_field_is_refused(
        self, shop: Shop, keeper: Client, sent: dict[str, str], problem: str
    ) -> None:
        answer = keeper.post(reverse("field_new"), sent)
        assert answer.status_code == 422
        assert problem in answer.content.decode()

    def test_a_renamed_choice_is_renamed_on_every_customer(self, shop: Shop, keeper: Client) -> None:
        level, likes = shop.fields["level"], shop.fields["likes"]
        sent = {"name": "level", "former": ["Gold", "Plain", ""], "now": ["Jade", "", "New"]}
        keeper.post(reverse("field", args=[level.pk]), sent)
        level.refresh_from_db()
        assert level.choices == ["Jade", "New"]
        rename_choice(level, "Gold", "Jade")
        rename_choice(likes, "opera", "theatre")
        assert Customer.objects.get(name="张三丰").fields[level.key] == "Jade"
        assert Customer.objects.get(name="李白").fields[level.key] == "Plain"
        assert Customer.objects.get(name="李白").fields[likes.key] == ["tea", "theatre"]
        assert Customer.objects.get(name="王维").fields[likes.key] == ["tea"]

    def test_an_archived_field_leaves_the_list_and_comes_back(self, shop: Shop, keeper: Client) -> None:
        at = reverse("field", args=[shop.fields["level"].pk])
        keeper.post(at, {"do": "archive"})
        assert "field.level" not in keeper.get(reverse("customer_columns")).content.decode()
        keeper.post(at, {"do": "restore"})
        assert "field.level" in keeper.get(reverse("customer_columns")).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", Field.Kind.values)
def test_a_field_gets_the_index_that_its_filters_use(kind: str) -> None:
    field = make_field(f"of-{kind}", kind, ["a"])
    bring_index_in_line(field)
    bring_index_in_line(field)
    assert index_states([field]) == {field.pk: "ready"}
    field.archived_at = NOW
    bring_index_in_line(field)
    assert index_states([field]) == {field.pk: "none"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'customers\\_own\\_%%'")
        assert cursor.fetchone() == (0,)


class TestLists:
    def test_one_stage_is_where_customers_begin(self, shop: Shop, keeper: Client) -> None:
        keeper.post(reverse("stages_row", args=[shop.stages[1].pk]), {"do": "default"})
        assert list(Stage.objects.filter(is_default=True)) == [shop.stages[1]]

    def test_what_is_in_use_stays(self, shop: Shop, keeper: Client) -> None:
        keeper.post(reverse("stages_row", args=[shop.stages[0].pk]), {"do": "remove"})
        assert Stage.objects.filter(pk=shop.stages[0].pk).exists()
        unused = Stage.objects.create(name="Unused")
        keeper.post(reverse("stages_row", args=[unused.pk]), {"do": "remove"})
        assert not Stage.objects.filter(pk=unused.pk).exists()

    def test_rows_are_added_and_renamed(self, shop: Shop, keeper: Client) -> None:
        keeper.post(reverse("sources"), {"name": "Fair"})
        keeper.post(reverse("sources"), {"name": "Tea house"})
        made = Source.objects.get(name="Tea house")
        assert made.slug == "tea-house"
        keeper.post(reverse("sources_row", args=[made.pk]), {"name": "Tea room"})
        made.refresh_from_db()
        assert (made.name, made.slug) == ("Tea room", "tea-house")
        keeper.post(reverse("relationship_kinds"), {"name": "Teaches", "reverse_name": "Taught by"})
        assert not RelationshipKind.objects.get(name="Teaches").is_symmetric


@pytest.mark.django_db
def test_a_new_company_finds_the_usual_set_up_in_its_language() -> None:
    seed("en")
    seed("en")
    assert list(Stage.objects.filter(is_default=True).values_list("name", flat=True)) == ["New"]
    assert set(RelationshipKind.objects.values_list("slug", flat=True)) == {
        "referred", "follows", "colleague", "family", "same-group", "friend",
    }  # fmt: skip
    assert not RelationshipKind.objects.get(slug="referred").is_symmetric


@pytest.mark.django_db
def test_making_a_field_asks_for_its_index() -> None:
    field = create_field(name="Level", kind="choice", choices=["a"], by=BY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'customers.index_field'")
        assert cursor.fetchone()[0] in ({"field_id": field.pk}, f'{{"field_id": {field.pk}}}')

"""The list in the browser: what it shows, to whom, in how many queries; views, columns, exports, bulk work."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guanxi.core.models import Event, Progress
from guanxi.customers.listing import export
from guanxi.customers.listing.bulk import KIND
from guanxi.customers.listing.tests.cast import Shop, make_shop
from guanxi.customers.models import Customer, CustomerTag, DefaultView, SavedView
from guanxi.staff.tests.factories import client_of, make_member

TO_SEE = ["customers", "customer_filters", "customer_columns"]


def names_on(client: Client, query: str = "") -> list[str]:
    response = client.get(reverse("customers") + query)
    assert response.status_code == 200
    return re.findall(r'<a class="list-name"[^>]*>.*?</span><span>(.*?)</span></a>', response.content.decode())


def test_the_list_shows_the_newest_first(shop: Shop) -> None:
    shown = names_on(client_of(shop.cast.wang_fang))
    assert shown[1:3] == ["Grace Hopper", "陆游"]
    assert len(shown) == 12


def test_filters_and_order_come_from_the_address(shop: Shop) -> None:
    client = client_of(shop.cast.wang_fang)
    assert names_on(client, "?city=上海&sort=created") == ["陆游", "上海茶业有限公司", "杜甫", "张三丰"]
    assert names_on(client, "?birthday_from=1985-01-01&sort=-birthday") == ["苏轼", "上海茶业有限公司", "Alan Turing"]


def test_blanks_of_the_form_are_cleaned_out_of_the_address(shop: Shop) -> None:
    response = client_of(shop.cast.wang_fang).get(reverse("customers") + "?city=&name=a&name=&sort=name")
    assert response.headers["Location"] == reverse("customers") + "?name=a&sort=name"


def test_an_unknown_filter_is_a_sentence_on_the_page(shop: Shop) -> None:
    response = client_of(shop.cast.wang_fang).get(reverse("customers") + "?field.old-one=3&tag=12345")
    assert response.status_code == 200
    assert "There is no filter “old-one” any more" in response.content.decode()


def test_names_are_escaped(shop: Shop) -> None:
    Customer.objects.filter(name="杜甫").update(name="<script>alert(1)</script>", city="<b>")
    page = client_of(shop.cast.wang_fang).get(reverse("customers") + "?city=<b>").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.django_db(transaction=True)
def test_a_page_takes_few_queries_however_many_rows() -> None:
    shop = make_shop()
    SavedView.objects.create(member=shop.cast.wang_fang, name="Mine", query={"city": "上海"})
    client = client_of(shop.cast.wang_fang)
    every = ",".join(["phone", "email", "stage", "tags", "owner", "source", "purchases", "field.level"])
    for query in (f"?columns={every}&tag={shop.tags[0].pk}", f"?columns={every}&city=上海&sort=birthday", "?view=all"):
        client.get(reverse("customers") + query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("customers") + query).status_code == 200
        assert len(queries) <= 12, [query["sql"][:120] for query in queries]


def test_masked_roles_see_masked_contacts(shop: Shop) -> None:
    shown = client_of(shop.cast.sun_yue).get(reverse("customers") + "?columns=phone,email").content.decode()
    assert "138****" in shown
    assert "12345670" not in shown
    assert "@tea.cn" in shown
    assert "c0@tea.cn" not in shown


def test_scope_is_honoured(shop: Shop) -> None:
    assert set(names_on(client_of(shop.cast.li_ming))) == {"张三丰", "杜甫", "上海茶业有限公司", "陆游"}
    assert "4 customers" in client_of(shop.cast.li_ming).get(reverse("customers")).content.decode()
    assert set(names_on(client_of(shop.cast.chen_jie))) == {"张三丰", "杜甫", "上海茶业有限公司", "陆游"}


@pytest.mark.parametrize("name", TO_SEE)
def test_strangers_and_those_without_the_right_stay_out(shop: Shop, name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302
    assert client_of(make_member(permissions={"imports": ["see"]})).get(reverse(name)).status_code == 403
    assert client_of(shop.cast.zhao_lei).get(reverse(name)).status_code == 200


def test_who_may_only_look_changes_nothing(shop: Shop) -> None:
    looker = client_of(make_member(permissions={"customers": ["see"]}))
    sent = {"ids": [shop.customers[0].pk], "do": "stage:none"}
    assert looker.post(reverse("customers_bulk"), sent).status_code == 403
    assert looker.post(reverse("customers_bulk"), sent | {"do": "merge"}).status_code == 403
    assert looker.post(reverse("customers_bulk"), sent | {"do": "export:csv"}).status_code == 403
    assert looker.get(reverse("customers_export") + "?format=csv").status_code == 403
    assert looker.get(reverse("bulk_choices", args=["tag"])).status_code == 403
    assert Client().post(reverse("customers_bulk"), sent).status_code == 302
    assert Customer.objects.get(pk=shop.customers[0].pk).stage_id == shop.stages[0].pk


def test_bulk_work_on_a_colleagues_customer_does_nothing(shop: Shop) -> None:
    stranger = shop.customers[1]
    sent = {"ids": [stranger.pk], "do": f"tag:{shop.tags[2].pk}"}
    client_of(shop.cast.li_ming).post(reverse("customers_bulk"), sent)
    assert not CustomerTag.objects.filter(customer=stranger, tag=shop.tags[2]).exists()


def test_tagging_from_the_list_and_undo(shop: Shop) -> None:
    client = client_of(shop.cast.wang_fang)
    sent = {"all_matching": "1", "query": "?city=上海", "do": f"tag:{shop.tags[2].pk}"}
    response = client.post(reverse("customers_bulk"), sent)
    assert unquote(response.headers["Location"]) == reverse("customers") + "?city=上海"
    assert CustomerTag.objects.filter(tag=shop.tags[2], customer__city="上海").count() == 4
    work = Progress.objects.get(kind=KIND)
    assert reverse("customers_undo", args=[work.pk]) in client.get(reverse("customers")).content.decode()
    client.post(reverse("customers_undo", args=[work.pk]))
    assert CustomerTag.objects.filter(tag=shop.tags[2]).count() == 3


def test_work_is_shown_to_whom_asked_for_it_only(shop: Shop) -> None:
    work = Progress.objects.create(kind=KIND, title="Tag", member=shop.cast.wang_fang, total=9, result={})
    address = reverse("customers_work", args=[work.pk])
    assert client_of(shop.cast.wang_fang).get(address).status_code == 200
    assert client_of(shop.cast.li_ming).get(address).status_code == 404
    assert client_of(shop.cast.li_ming).post(reverse("customers_work_cancel", args=[work.pk])).status_code == 404
    assert client_of(shop.cast.li_ming).post(reverse("customers_undo", args=[work.pk])).status_code == 404
    client_of(shop.cast.wang_fang).post(reverse("customers_work_cancel", args=[work.pk]))
    work.refresh_from_db()
    assert work.state == "cancelled"


def test_merge_takes_two_to_twenty(shop: Shop) -> None:
    client = client_of(shop.cast.wang_fang)
    two = [customer.pk for customer in shop.customers[:2]]
    response = client.post(reverse("customers_bulk"), {"ids": two, "do": "merge"})
    assert response.headers["Location"] == f"{reverse('merge')}?ids={two[0]}&ids={two[1]}"
    refused = client.post(reverse("customers_bulk"), {"ids": two[:1], "do": "merge"}, follow=True)
    assert "Tick 2 to 20 customers" in refused.content.decode()


def test_columns_are_remembered(shop: Shop) -> None:
    client = client_of(shop.cast.wang_fang)
    client.post(reverse("customer_columns"), {"columns": ["field.points", "city", "gone"]})
    page = client.get(reverse("customers")).content.decode()
    heads = re.findall(r"sort=-?([\w.]+)", page.partition("<thead>")[2].partition("</thead>")[0])
    assert heads == ["name", "field.points", "city"]
    client.post(reverse("customer_columns_reset"))
    assert 'data-label="Phone"' in client.get(reverse("customers")).content.decode()


class TestViews:
    def save(self, client: Client, **more: str) -> SavedView:
        client.post(reverse("customer_view_new"), {"query": "?city=上海&sort=name", "name": "Shanghai"} | more)
        return SavedView.objects.get(name=more.get("name", "Shanghai"))

    def test_a_view_keeps_filters_order_and_columns(self, shop: Shop) -> None:
        client = client_of(shop.cast.wang_fang)
        view = self.save(client)
        assert (view.query, view.sort, view.is_shared) == ({"city": "上海"}, "name", False)
        assert names_on(client, f"?view={view.pk}") == names_on(client, "?city=上海&sort=name")

    def test_a_private_view_is_nobody_elses(self, shop: Shop) -> None:
        view = self.save(client_of(shop.cast.wang_fang))
        other = client_of(shop.cast.li_ming)
        assert "Shanghai</span>" not in other.get(reverse("customers")).content.decode()
        assert other.post(reverse("customer_view", args=[view.pk]), {"do": "delete"}).status_code == 404

    def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner(self, shop: Shop) -> None:
        view = self.save(client_of(shop.cast.wang_fang), is_shared="on")
        other = client_of(shop.cast.li_ming)
        assert set(names_on(other, f"?view={view.pk}")) == {"张三丰", "杜甫", "上海茶业有限公司", "陆游"}
        assert other.post(reverse("customer_view", args=[view.pk]), {"do": "delete"}).status_code == 404
        assert SavedView.objects.filter(pk=view.pk).exists()

    def test_the_default_view_opens_first(self, shop: Shop) -> None:
        client = client_of(shop.cast.wang_fang)
        view = self.save(client)
        client.post(reverse("customer_view", args=[view.pk]), {"do": "default"})
        assert client.get(reverse("customers")).headers["Location"] == f"{reverse('customers')}?view={view.pk}"
        assert len(names_on(client, "?view=all")) == 12
        client.post(reverse("customer_view", args=[view.pk]), {"do": "no_default"})
        assert not DefaultView.objects.exists()

    def test_a_view_is_renamed_saved_again_and_deleted(self, shop: Shop) -> None:
        client = client_of(shop.cast.wang_fang)
        at = reverse("customer_view", args=[self.save(client).pk])
        client.post(at, {"do": "rename", "name": "  Home  ", "is_shared": "on"})
        client.post(at, {"do": "save", "query": "?gender=female"})
        view = SavedView.objects.get()
        assert (view.name, view.is_shared, view.query) == ("Home", True, {"gender": "female"})
        client.post(at, {"do": "delete"})
        assert not SavedView.objects.exists()

    def test_a_name_is_taken_once(self, shop: Shop) -> None:
        client = client_of(shop.cast.wang_fang)
        self.save(client)
        sent = {"query": "?city=北京", "name": "Shanghai"}
        answer = client.post(reverse("customer_view_new"), sent, follow=True)
        assert "You have a view of this name already" in answer.content.decode()
        assert SavedView.objects.count() == 1


class TestExport:
    def rows(self, client: Client, query: str) -> list[list[str]]:
        response = client.get(reverse("customers_export") + query)
        assert response.status_code == 200
        text = response.getvalue().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def test_a_list_comes_out_as_it_is_shown_and_is_recorded(self, shop: Shop) -> None:
        rows = self.rows(client_of(shop.cast.wang_fang), "?format=csv&city=上海&sort=created&columns=city,stage,tags")
        assert rows[0] == ["Name", "City", "Stage", "Tags"]
        assert [row[0] for row in rows[1:]] == ["陆游", "上海茶业有限公司", "杜甫", "张三丰"]
        assert rows[3] == ["杜甫", "上海", "Regular", "VIP, Green"]
        made = Event.objects.get(name="customers.export_made")
        assert made.payload["count"] == 4
        assert made.payload["filter"] == {"city": "上海"}
        assert made.actor_id == shop.cast.wang_fang.pk

    def test_masking_and_scope_hold_in_exports(self, shop: Shop) -> None:
        text = str(self.rows(client_of(shop.cast.sun_yue), "?format=csv&columns=phone,email"))
        assert "138****" in text
        assert "c0@tea.cn" not in text
        assert len(self.rows(client_of(shop.cast.chen_jie), "?format=csv")) == 5

    def test_formulas_are_neutralised(self, shop: Shop) -> None:
        Customer.objects.filter(name="杜甫").update(name="=HYPERLINK(1)")
        rows = self.rows(client_of(shop.cast.wang_fang), "?format=csv&events_from=3&events_to=3&columns=phone")
        assert rows[1:] == [["'=HYPERLINK(1)", ""]]

    def test_ticked_rows_come_out_alone(self, shop: Shop) -> None:
        picked = [shop.customers[0].pk, shop.customers[1].pk]
        sent = {"ids": picked, "do": "export:xlsx", "query": "?city=上海"}
        response = client_of(shop.cast.wang_fang).post(reverse("customers_bulk"), sent)
        assert response.getvalue().startswith(b"PK")
        assert Event.objects.get(name="customers.export_made").payload["count"] == 2

    def test_a_sheet_that_would_overflow_is_refused(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(export, "MOST_XLSX_ROWS", 5)
        client = client_of(shop.cast.wang_fang)
        answer = client.get(reverse("customers_export") + "?format=xlsx", follow=True)
        assert "An XLSX sheet holds 5 rows" in answer.content.decode()
        assert not Event.objects.filter(name="customers.export_made").exists()

    def test_a_filter_that_is_gone_stops_the_export(self, shop: Shop) -> None:
        answer = client_of(shop.cast.wang_fang).get(reverse("customers_export") + "?format=csv&field.x=1", follow=True)
        assert "no filter" in answer.content.decode()


def test_an_empty_base_says_what_to_do(db: None) -> None:
    page = client_of(make_member(is_administrator=True)).get(reverse("customers")).content.decode()
    assert "No customers yet" in page
    assert reverse("customer_new") in page


def test_no_match_offers_to_clear(shop: Shop) -> None:
    assert "Nobody matches" in client_of(shop.cast.wang_fang).get(reverse("customers") + "?city=X").content.decode()


def test_the_filter_form_is_filled_in_as_narrowed(shop: Shop) -> None:
    query = f"?city=上海&tag={shop.tags[0].pk}&no_purchase_days=90&field.level=Gold"
    form = client_of(shop.cast.wang_fang).get(reverse("customer_filters") + query).content.decode()
    assert 'value="上海"' in form
    assert f'<option value="{shop.tags[0].pk}" selected>' in form
    assert 'name="no_purchase_days" value="90"' in form
    assert '<option value="Gold" selected>' in form

"""The merge page: what it shows, what it does, and whom it refuses."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.tests.cast import EVENING, happened, identify, make_customer, make_member, zhang
from guanxi.customers.models import Customer, Field, Merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(client):
    member = make_member()
    client.force_login(member)
    return member


def merge_url(*customers: Customer, **further: str) -> str:
    more = "".join(f"&{name}={value}" for name, value in further.items())
    return f"{reverse('merge')}?ids={','.join(str(each.pk) for each in customers)}{more}"


class TestMergePage:
    def test_shows_the_records_side_by_side(self, client, mei):
        Field.objects.create(slug="colour", name="Favourite colour", kind="text")
        survivor, absorbed = zhang()
        happened(absorbed)
        page = client.get(merge_url(survivor, absorbed)).content.decode()
        assert "张三丰" in page
        assert "Zhang Sanfeng" in page
        assert f'name="choice:name" value="{survivor.pk}" checked' in page
        assert "choice:city" not in page  # only one of them has a city

    def test_merges_as_chosen_and_offers_undo(self, client, mei):
        survivor, absorbed = zhang()
        form = {"ids": f"{survivor.pk},{absorbed.pk}", "survivor": absorbed.pk, "choice:name": survivor.pk}
        answer = client.post(reverse("merge"), form)
        assert answer.status_code == 302
        assert answer.url == reverse("customer", args=[absorbed.pk])
        absorbed.refresh_from_db()
        assert absorbed.name == "张三丰"
        (message,) = get_messages(answer.wsgi_request)
        assert reverse("merge_undo", args=[Merge.objects.get().pk]) in message.extra_tags

    def test_a_refusal_is_said_on_the_page(self, client, mei):
        survivor, absorbed = zhang()
        Customer.objects.filter(pk=absorbed.pk).update(kind="company")
        form = {"ids": [survivor.pk, absorbed.pk], "survivor": survivor.pk}
        answer = client.post(reverse("merge"), form)
        assert answer.status_code == 422
        assert "Choose which of the two" in answer.content.decode()
        assert not Merge.objects.exists()

    @pytest.mark.parametrize("ids", ["", "x", "99999999999999999999"])
    def test_asks_whom_when_fewer_than_two_are_named(self, client, mei, ids):
        answer = client.get(reverse("merge"), {"ids": ids})
        assert answer.status_code == 200
        assert "merge-ids" in answer.content.decode()
        assert client.post(reverse("merge"), {"ids": ids}).status_code == 422

    def test_takes_a_constant_number_of_queries(self, client, mei, django_assert_max_num_queries):
        several = [make_customer(f"Zhang {number}", city=str(number)) for number in range(8)]
        for each in several:
            identify(each, "email", f"{each.pk}@x.example", primary=True)
        with django_assert_max_num_queries(30):
            assert client.get(merge_url(*several)).status_code == 200

    def test_html_in_a_name_is_only_text(self, client, mei):
        survivor, absorbed = zhang()
        Customer.objects.filter(pk=absorbed.pk).update(name="<script>alert(1)</script>")
        assert "<script>alert(1)" not in client.get(merge_url(survivor, absorbed)).content.decode()


class TestUndo:
    def test_undo_parts_the_records_and_returns(self, client, mei):
        survivor, absorbed = zhang()
        merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
        answer = client.post(reverse("merge_undo", args=[merge.pk]), {"next": "/customers/duplicates/"})
        assert answer.url == "/customers/duplicates/"
        assert Customer.objects.visible_to(mei).count() == 2

    def test_a_next_page_elsewhere_is_not_followed(self, client, mei):
        survivor, absorbed = zhang()
        merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
        answer = client.post(reverse("merge_undo", args=[merge.pk]), {"next": "https://evil.example/"})
        assert answer.url == reverse("customer", args=[survivor.pk])

    def test_a_second_undo_says_so(self, client, mei):
        survivor, absorbed = zhang()
        merge = merge_customers(survivor, [absorbed], by=mei.actor, at=EVENING)
        for _time in range(2):
            answer = client.post(reverse("merge_undo", args=[merge.pk]))
        assert "undone already" in [str(message) for message in get_messages(answer.wsgi_request)][-1]


class TestRights:
    def addresses(self):
        survivor, absorbed = zhang()
        mei = make_member("Mei Admin")
        merge = merge_customers(make_customer("A"), [make_customer("B")], by=mei.actor, at=EVENING)
        return merge_url(survivor, absorbed), reverse("merge_undo", args=[merge.pk])

    def test_a_stranger_is_led_to_sign_in(self, client):
        page, undo = self.addresses()
        assert "/accounts/login" in client.get(page).url
        assert "/accounts/login" in client.post(undo).url
        assert Merge.objects.get().undone_at is None

    def test_a_colleague_who_may_only_see_is_refused(self, client):
        page, undo = self.addresses()
        client.force_login(make_member("Bo", verbs=("see",)))
        assert client.get(page).status_code == client.post(undo).status_code == 403

    def test_a_colleague_out_of_scope_finds_nothing(self, client):
        page, undo = self.addresses()
        client.force_login(make_member("Bo", scope="own"))
        assert client.get(page).status_code == client.post(undo).status_code == 404
        assert Merge.objects.get().undone_at is None

    def test_merging_and_undoing_take_a_post(self, client, mei):
        _page, undo = self.addresses()
        assert client.get(undo).status_code == 405

    def test_contacts_are_masked_for_those_who_may_not_read_them(self, client):
        bo = make_member("Bo")
        bo.role.masks_contacts = True
        bo.role.save()
        client.force_login(bo)
        survivor, absorbed = zhang()
        page = client.get(merge_url(survivor, absorbed)).content.decode()
        assert "5678" in page
        assert "12345678" not in page.replace(" ", "")
        assert "zsf@wudang" not in page

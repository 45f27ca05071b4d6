"""The review queue: who sees what, and what each decision does."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from guanxi.core.models import Progress
from guanxi.customers.duplicates import review, scanning
from guanxi.customers.merging.tests.cast import NOON, make_customer, make_member, zhang
from guanxi.customers.models import Customer, DuplicatePair, Merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(client):
    member = make_member()
    client.force_login(member)
    return member


def pair_of(one: Customer, other: Customer, *, score: float = 0.9, reasons: object = None) -> DuplicatePair:
    low, high = sorted([one.pk, other.pk])
    told = [["name", "close"], ["birth_date", "same"]] if reasons is None else reasons
    return DuplicatePair.objects.create(customer_id=low, other_id=high, score=score, reasons=told, found_at=NOON)


class TestQueue:
    def test_shows_pairs_with_reasons_the_likeliest_first(self, client, mei):
        one, other = zhang()
        third = make_customer("Zhang S.")
        pair_of(one, third, score=0.5)
        likeliest = pair_of(one, other, score=0.97)
        page = client.get(reverse("duplicates")).content.decode()
        assert page.index(f"pair-{likeliest.pk}") < page.index("Zhang S.")
        assert "similar name" in page
        assert "same birthday" in page
        assert "97%" in page

    def test_pages_by_cursor(self, client, mei):
        one = make_customer("One")
        pairs = [pair_of(one, make_customer(f"Other {n}"), score=0.5) for n in range(review.PAGE + 3)]
        first = client.get(reverse("duplicates")).content.decode()
        second = client.get(reverse("duplicates"), {"after": f"0.5:{pairs[review.PAGE - 1].pk}"}).content.decode()
        assert f"pair-{pairs[review.PAGE].pk}" not in first
        assert f"pair-{pairs[review.PAGE].pk}" in second
        assert f'id="pair-{pairs[0].pk}"' not in second
        assert client.get(reverse("duplicates"), {"after": "nonsense"}).status_code == 200

    def test_needs_both_records_in_sight(self, client):
        bo = make_member("Bo", scope="own")
        client.force_login(bo)
        one, other = zhang()
        pair = pair_of(one, other)
        Customer.objects.filter(pk=one.pk).update(owner=bo)
        assert f"pair-{pair.pk}" not in client.get(reverse("duplicates")).content.decode()
        assert client.post(reverse("duplicate_merge", args=[pair.pk])).status_code == 404
        Customer.objects.filter(pk=other.pk).update(owner=bo)
        assert f"pair-{pair.pk}" in client.get(reverse("duplicates")).content.decode()

    def test_takes_a_constant_number_of_queries(self, client, mei, django_assert_max_num_queries):
        one = make_customer("One")
        for number in range(review.PAGE + 1):
            pair_of(one, make_customer(f"Other {number}", city="上海"))
        with django_assert_max_num_queries(20):
            client.get(reverse("duplicates"))

    def test_an_empty_queue_says_what_to_do(self, client, mei):
        assert "No duplicates looked for yet" in client.get(reverse("duplicates")).content.decode()
        Progress.objects.create(
            kind=scanning.SCAN_JOB, title="x", state="finished", result={"customers": 5}, ended_at=NOON
        )
        assert "Nothing to review" in client.get(reverse("duplicates")).content.decode()


class TestDeciding:
    def test_merge_straight_and_undo(self, client, mei):
        one, other = zhang()
        pair = pair_of(one, other)
        answer = client.post(reverse("duplicate_merge", args=[pair.pk]), {"next": reverse("duplicates")})
        assert answer.url == reverse("duplicates")
        pair.refresh_from_db()
        assert pair.state == "merged"
        merge = Merge.objects.get()
        client.post(reverse("merge_undo", args=[merge.pk]), {"next": reverse("duplicates")})
        pair.refresh_from_db()
        assert pair.state == "open"
        assert Customer.objects.present().count() == 2

    def test_not_the_same_and_back(self, client, mei):
        pair = pair_of(*zhang())
        answer = client.post(reverse("duplicate_distinct", args=[pair.pk]))
        pair.refresh_from_db()
        assert (pair.state, pair.decided_by) == ("distinct", mei)
        (message,) = get_messages(answer.wsgi_request)
        assert reverse("duplicate_reopen", args=[pair.pk]) in message.extra_tags
        client.post(reverse("duplicate_reopen", args=[pair.pk]))
        pair.refresh_from_db()
        assert (pair.state, pair.decided_by) == ("open", None)

    def test_a_decided_pair_stays_decided(self, client, mei):
        pair = pair_of(*zhang())
        for _time in range(2):
            answer = client.post(reverse("duplicate_distinct", args=[pair.pk]))
        assert "already" in [str(message) for message in get_messages(answer.wsgi_request)][-1]

    def test_a_person_and_a_company_are_compared_first(self, client, mei):
        one, other = zhang()
        Customer.objects.filter(pk=other.pk).update(kind="company")
        answer = client.post(reverse("duplicate_merge", args=[pair_of(one, other).pk]))
        assert answer.url.startswith(reverse("merge"))


class TestRights:
    @pytest.fixture(autouse=True)
    def somebody(self):
        """Without a member a stranger would be led to make the first one."""
        make_member("Somebody")

    @pytest.mark.parametrize("name", ["duplicate_merge", "duplicate_distinct", "duplicate_reopen"])
    def test_deciding_needs_the_right_to_edit(self, client, name):
        pair = pair_of(*zhang())
        address = reverse(name, args=[pair.pk])
        assert "/accounts/login" in client.post(address).url
        client.force_login(make_member("Bo", verbs=("see",)))
        assert client.post(address).status_code == 403
        client.force_login(make_member("Di", scope="own"))
        assert client.post(address).status_code == 404
        client.force_login(make_member("Mei"))
        assert client.get(address).status_code == 405

    def test_looking_needs_the_right_to_see(self, client):
        for name in ("duplicates", "duplicates_scan"):
            client.logout()
            assert "/accounts/login" in client.get(reverse(name)).url
            client.force_login(make_member(f"Bo {name}", verbs=()))
            assert client.get(reverse(name)).status_code == 403

    def test_scanning_needs_the_right_to_edit(self, client):
        assert "/accounts/login" in client.post(reverse("duplicates_scan_start")).url
        client.force_login(make_member("Bo", verbs=("see",)))
        assert client.post(reverse("duplicates_scan_start")).status_code == 403
        assert not Progress.objects.exists()


def test_reasons_are_told_in_words():
    told = [["name", "same"], ["city", "different"], ["field:7", "close"], "named_together", ["external", "different"]]
    assert review.in_words([*told, ["unheard", "same"]], {"field:7": "Card"}) == [
        ("same name", "green"),
        ("different city", "red"),
        ("similar Card", "yellow"),
        ("named together in one event", "green"),
        ("two ids in one system", "red"),
    ]

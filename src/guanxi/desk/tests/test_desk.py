"""The shell: home, search, the bell, where one can go, and the page that a merge leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guanxi.core.live import may_follow
from guanxi.core.models import Event
from guanxi.customers.actions import noting
from guanxi.customers.actions.following_up import set_follow_up
from guanxi.customers.actions.tallying import tally
from guanxi.customers.models import DuplicatePair, FollowUp, NoteMention
from guanxi.customers.views.tests.cast import make_ada, make_customer, make_sanfeng
from guanxi.desk.jobs import remind
from guanxi.desk.navigation import navigation, places_for
from guanxi.desk.views.reminders import unseen
from guanxi.staff.tests.factories import client_of, make_administrator, make_cast, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def page_of(member, name, *arguments, **query):
    return client_of(member).get(reverse(name, args=arguments), query)


def test_strangers_are_led_to_sign_in(client):
    make_administrator()
    for name in ("home", "search", "reminders", "bell"):
        assert "/accounts/login/" in client.get(reverse(name))["Location"], name


def test_an_empty_base_says_what_to_do_first(cast):
    words = page_of(cast.wang_fang, "home").content.decode()

    assert reverse("customer_new") in words
    assert "guanxi demo" in words


def test_home_shows_what_is_due_who_mentioned_me_and_what_happened_within_my_scope(cast):
    now = timezone.now()
    mine, theirs = make_sanfeng(cast.li_ming), make_ada(cast.zhao_lei)
    set_follow_up(mine, text="报价", due_at=now, assignee=cast.li_ming, by=cast.li_ming.actor, at=now)
    set_follow_up(
        mine, text="later", due_at=now + timedelta(days=3), assignee=cast.li_ming, by=cast.li_ming.actor, at=now
    )
    noting.write_note(mine, text="@Li Ming 样品好了", by=cast.wang_fang.actor, at=now, author=cast.wang_fang)
    tally(list(Event.objects.all()))

    words = page_of(cast.li_ming, "home").content.decode()

    assert "报价" in words
    assert "later" not in words
    assert "样品好了" in words
    assert str(theirs) not in words
    assert str(theirs) in page_of(cast.wang_fang, "home").content.decode()


def test_home_takes_a_bounded_number_of_queries(cast, django_assert_max_num_queries):
    now = timezone.now()
    customer = make_ada(cast.li_ming)
    for _number in range(12):
        set_follow_up(customer, text="x", due_at=now, assignee=cast.li_ming, by=cast.li_ming.actor, at=now)
    browser = client_of(cast.li_ming)

    with django_assert_max_num_queries(17):
        browser.get(reverse("home"))


def test_somebody_is_found_by_initials_from_the_palette(cast):
    customer = make_sanfeng(cast.li_ming)

    answer = client_of(cast.li_ming).get(
        reverse("search"), {"q": "zsf"}, headers={"HX-Request": "true", "HX-Target": "search_results"}
    )

    words = answer.content.decode()
    assert reverse("customer", args=[customer.pk]) in words
    assert "<html" not in words
    assert "张三丰" in page_of(cast.li_ming, "search", q="zsf").content.decode()
    assert "张三丰" not in page_of(cast.zhao_lei, "search", q="zsf").content.decode()


def test_pages_are_found_by_name_in_either_language_for_those_who_may_open_them(cast):
    assert [place["url"] for place in places_for(cast.wang_fang, "role")] == [reverse("roles")]
    assert [place["url"] for place in places_for(cast.wang_fang, "角色")] == [reverse("roles")]
    assert places_for(cast.li_ming, "role") == []
    assert places_for(cast.wang_fang, "x") == []


def test_navigation_shows_only_what_one_may_open(cast):
    everything = {entry["url"] for entry in navigation(cast.wang_fang, "/")}
    nothing = make_member(permissions={})

    assert reverse("home") in everything
    assert [entry["url"] for entry in navigation(nothing, "/")] == [reverse("home")]
    active = [entry for entry in navigation(cast.wang_fang, reverse("roles")) if entry["active"]]
    assert [child["active"] for child in active[0]["children"] if child["url"] == reverse("roles")] == [True]


def test_whatever_place_is_shown_opens(cast):
    for member in (cast.wang_fang, cast.chen_jie, cast.li_ming, cast.sun_yue):
        browser = client_of(member)
        for entry in navigation(member, "/"):
            for place in (entry, *entry["children"]):
                assert browser.get(place["url"]).status_code == 200, (member, place["url"])
        for place in (*places_for(member, "re"), *places_for(member, "im"), *places_for(member, "ne")):
            assert browser.get(place["url"]).status_code == 200, (member, place["url"])


def test_the_address_of_a_merged_record_leads_to_its_survivor(cast):
    gone, between, kept = make_sanfeng(), make_ada(), make_sanfeng_twin(cast)
    gone.merged_into, between.merged_into = between, kept
    gone.save()
    between.save()

    answer = page_of(cast.wang_fang, "customer", gone.pk)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("customer", args=[kept.pk])
    assert page_of(cast.zhao_lei, "customer", gone.pk).status_code == 404
    assert page_of(cast.wang_fang, "customer", 999_999).status_code == 404


def make_sanfeng_twin(cast):
    return make_customer("张君宝", phone="13612345678", owner=cast.li_ming)


def test_an_open_pair_warns_on_both_pages_those_who_may_see_both(cast):
    one, two = make_sanfeng(cast.li_ming), make_sanfeng_twin(cast)
    two.owner = cast.zhao_lei
    two.save()
    DuplicatePair.objects.create(customer=one, other=two, score=0.9, found_at=timezone.now())

    sign = "may be a duplicate"
    assert sign in page_of(cast.wang_fang, "customer", one.pk).content.decode()
    assert sign in page_of(cast.wang_fang, "customer", two.pk).content.decode()
    assert sign not in page_of(cast.li_ming, "customer", one.pk).content.decode()


def test_the_bell_counts_reminders_and_mentions_until_they_are_seen(cast):
    now = timezone.now()
    customer = make_sanfeng(cast.li_ming)
    set_follow_up(customer, text="报价", due_at=now, assignee=cast.li_ming, by=cast.li_ming.actor, at=now)
    noting.write_note(customer, text="@Li Ming", by=cast.wang_fang.actor, at=now, author=cast.wang_fang)
    assert unseen(cast.li_ming) == 1

    remind(timestamp=0)
    assert unseen(cast.li_ming) == 2
    browser = client_of(cast.li_ming)
    assert "2 new reminders" in browser.get(reverse("bell")).content.decode()

    words = browser.get(reverse("reminders")).content.decode()
    assert "报价" in words
    assert unseen(cast.li_ming) == 0
    assert FollowUp.objects.get().seen_at
    assert NoteMention.objects.get().seen_at


def test_what_one_no_longer_may_see_is_not_shown_among_the_reminders(cast):
    now = timezone.now()
    customer = make_sanfeng(cast.li_ming)
    noting.write_note(customer, text="@Li Ming geheim", by=cast.wang_fang.actor, at=now, author=cast.wang_fang)
    customer.owner = cast.zhao_lei
    customer.save()

    assert "geheim" not in page_of(cast.li_ming, "reminders").content.decode()
    assert "geheim" not in page_of(cast.li_ming, "home").content.decode()


def test_each_member_hears_only_their_own_topic(cast):
    assert may_follow(cast.li_ming, f"member:{cast.li_ming.pk}")
    assert not may_follow(cast.li_ming, f"member:{cast.chen_jie.pk}")


def test_every_panel_of_the_page_has_an_address_and_its_block(cast):
    from guanxi.desk.panels import PANELS

    customer = make_sanfeng(cast.li_ming)
    browser = client_of(cast.li_ming)
    for panel in PANELS:
        answer = browser.get(
            reverse(panel.url_name, args=[customer.pk]), headers={"HX-Request": "true", "HX-Target": panel.slug}
        )
        words = answer.content.decode()
        assert f'id="{panel.slug}"' in words, panel.slug
        assert "<html" not in words, panel.slug

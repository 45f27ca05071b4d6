"""What people do on a customer's page, as plain forms and with htmx."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.actions import noting
from guanxi.customers.models import (
    Customer,
    CustomerTag,
    Field,
    FollowUp,
    Identity,
    Note,
    Relationship,
    RelationshipKind,
    Stage,
    Tag,
    TagGroup,
)
from guanxi.customers.views.tests.cast import NOON, make_ada, make_sanfeng
from guanxi.staff.tests.factories import client_of, make_cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def customer(cast):
    return make_sanfeng(cast.li_ming)


@pytest.fixture
def browser(cast):
    return client_of(cast.li_ming)


def target(block):
    return HTMX | {"HX-Target": block}


def test_a_call_with_a_reminder_for_friday_is_one_form(browser, customer, cast):
    url = reverse("customer_notes", args=[customer.pk])

    answer = browser.post(url, {"kind": "call", "text": "秋茶 20 斤\n周五报价", "due": "friday"})

    assert answer.status_code == 302
    follow_up = FollowUp.objects.get()
    due = timezone.localtime(follow_up.due_at)
    assert (due.weekday(), due.hour, follow_up.text, follow_up.assignee) == (4, 9, "秋茶 20 斤", cast.li_ming)
    assert Event.objects.filter(customer_id=customer.pk, name=events.CALL_LOGGED).exists()


def test_an_unfit_reminder_keeps_no_half_and_the_words_typed(browser, customer):
    url = reverse("customer_notes", args=[customer.pk])

    answer = browser.post(
        url, {"text": "写好的话", "due": "at", "due_at": "2011-01-01T10:00"}, headers=target("composer")
    )

    assert answer.status_code == 422
    assert "写好的话" in answer.content.decode()
    assert not Note.objects.exists()


def test_html_in_a_note_is_shown_and_never_run_and_its_links_can_be_followed(browser, customer, cast):
    text = '<img src=x onerror="alert(1)"> https://example.com/a?b=1 javascript:alert(1)'
    noting.write_note(customer, text=text, by=cast.li_ming.actor, at=NOON, author=cast.li_ming)

    words = browser.get(reverse("customer", args=[customer.pk])).content.decode()

    assert "<img src=x" not in words
    assert "&lt;img src=x" in words
    assert 'href="https://example.com/a?b=1"' in words
    assert 'href="javascript' not in words


def test_the_second_of_two_editors_is_told_who_changed_what_and_may_insist(cast, customer):
    ming, jie = client_of(cast.li_ming), client_of(cast.chen_jie)
    url = reverse("customer_field", args=[customer.pk, "city"])
    opened = {"version": customer.version, "opened": int(timezone.now().timestamp())}
    assert ming.get(url).status_code == 200

    assert jie.post(url, {"value": "武汉", **opened}, headers=HTMX).status_code == 200
    told = ming.post(url, {"value": "襄阳", **opened}, headers=HTMX)

    words = told.content.decode()
    assert told.status_code == 409
    assert "Chen Jie" in words
    assert "武汉" in words
    assert "襄阳" in words  # what one typed is not lost
    customer.refresh_from_db()
    assert customer.city == "武汉"

    again = {"version": customer.version, "opened": opened["opened"]}
    assert ming.post(url, {"value": "襄阳", **again}, headers=HTMX).status_code == 200
    customer.refresh_from_db()
    assert customer.city == "襄阳"


def test_every_field_has_a_form_and_a_bad_value_is_said_at_the_field(browser, customer):
    own = [
        Field.objects.create(slug=f"f-{kind}", name=f"Field {kind}", kind=kind, choices=["a", "b"])
        for kind in Field.Kind.values
    ]
    names = ["name", "gender", "birth_date", "country", "language", "description", "kind"]
    for name in [*names, *(f"field:{field.pk}" for field in own)]:
        url = reverse("customer_field", args=[customer.pk, name])
        assert browser.get(url, headers=HTMX).status_code == 200, name
        assert browser.get(url).status_code == 200, name
    refused = browser.post(
        reverse("customer_field", args=[customer.pk, "birth_date"]), {"value": "31.02.1990"}, headers=HTMX
    )
    assert refused.status_code == 422
    assert "31.02.1990" in refused.content.decode()
    assert browser.get(reverse("customer_field", args=[customer.pk, "owner"])).status_code == 404


def test_own_fields_are_edited_and_shown(browser, customer):
    field = Field.objects.create(slug="taste", name="口味", kind="multi_choice", choices=["清香", "浓香"])
    url = reverse("customer_field", args=[customer.pk, f"field:{field.pk}"])

    answer = browser.post(url, {"value": ["清香", "浓香"], "version": customer.version}, headers=HTMX)

    assert "清香, 浓香" in answer.content.decode()
    assert "清香, 浓香" in browser.get(reverse("customer_details", args=[customer.pk])).content.decode()


def test_a_tag_goes_on_and_off_and_back_by_undo(browser, customer):
    tag = Tag.objects.create(group=TagGroup.objects.create(name="Worth"), name="VIP")
    browser.post(reverse("customer_tags", args=[customer.pk]), {"tag": tag.pk})
    assert CustomerTag.objects.count() == 1

    answer = browser.post(reverse("customer_tag_removal", args=[customer.pk, tag.pk]), headers=target("customer_head"))
    undo = reverse("customer_tag_return", args=[customer.pk, tag.pk])
    assert not CustomerTag.objects.exists()
    assert undo in answer["HX-Trigger"]

    browser.post(undo)
    assert CustomerTag.objects.count() == 1


def test_a_stage_is_changed_with_one_press_and_taken_back(browser, customer):
    regular = Stage.objects.create(name="Regular of the test", position=9)
    before = customer.stage_id

    browser.post(reverse("customer_stage", args=[customer.pk]), {"stage": regular.pk})
    customer.refresh_from_db()
    assert customer.stage == regular

    browser.post(f"{reverse('customer_stage', args=[customer.pk])}?stage={before or 0}")
    customer.refresh_from_db()
    assert customer.stage_id == before


def test_giving_a_customer_away_leads_back_to_the_list(browser, customer, cast):
    answer = browser.post(reverse("customer_owner", args=[customer.pk]), {"owner": cast.zhao_lei.pk})

    assert answer["Location"] == reverse("customers")
    assert browser.get(reverse("customer", args=[customer.pk])).status_code == 404


def test_an_identity_is_cleaned_refused_removed_and_brought_back(browser, customer):
    url = reverse("customer_identities", args=[customer.pk])
    make_ada()

    refused = browser.post(url, {"kind": "phone", "value": "12"}, headers=target("contact"))
    taken = browser.post(url, {"kind": "email", "value": "ADA@analytical.co.uk"}, headers=target("contact"))
    assert (refused.status_code, taken.status_code) == (422, 409)
    assert "12" in refused.content.decode()

    browser.post(url, {"kind": "phone", "value": "139 1234 5679"})
    added = Identity.objects.get(value="+8613912345679")
    assert added.customer == customer

    answer = browser.post(reverse("customer_identity_removal", args=[customer.pk, added.pk]), headers=target("contact"))
    undo = reverse("customer_identity_restore", args=[customer.pk])
    assert undo in answer["HX-Trigger"]
    assert not Identity.objects.filter(pk=added.pk).exists()
    address = answer["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    browser.post(address)
    assert Identity.objects.filter(value="+8613912345679", customer=customer).exists()
    assert browser.post(f"{undo}?ref=forged").status_code == 302  # said in a notice, nothing done


def test_relationships_are_told_from_either_end(browser, customer, cast):
    ada = make_ada(cast.li_ming)
    kind = RelationshipKind.objects.create(slug="brings", name="brought", reverse_name="was brought by")
    url = reverse("customer_relationship_new", args=[customer.pk])

    browser.post(url, {"kind": f"-{kind.pk}", "other": ada.pk})

    tie = Relationship.objects.get()
    assert (tie.customer, tie.other) == (ada, customer)
    here = browser.get(reverse("customer_relationships", args=[customer.pk])).content.decode()
    there = browser.get(reverse("customer_relationships", args=[ada.pk])).content.decode()
    assert "was brought by" in here
    assert '<div class="text-secondary">brought</div>' in there


def test_follow_ups_are_done_put_off_and_passed_on(browser, customer, cast):
    browser.post(reverse("customer_follow_up_new", args=[customer.pk]), {"text": "报价", "due": "tomorrow"})
    follow_up = FollowUp.objects.get()

    browser.post(reverse("follow_up_snooze", args=[follow_up.pk]), {"due": "next_week"})
    browser.post(reverse("follow_up_pass_on", args=[follow_up.pk]), {"assignee": cast.chen_jie.pk})
    refused = browser.post(
        reverse("follow_up_pass_on", args=[follow_up.pk]), {"assignee": cast.zhao_lei.pk}, headers=target("follow_ups")
    )
    browser.post(reverse("follow_up_done", args=[follow_up.pk]), {"next": "https://elsewhere.example"})

    follow_up.refresh_from_db()
    assert refused.status_code == 422
    assert timezone.localtime(follow_up.due_at).weekday() == 0
    assert (follow_up.assignee, follow_up.done_by) == (cast.chen_jie, cast.li_ming)


def test_a_new_customer_is_warned_of_and_refused_when_known(browser, customer, cast):
    check = browser.post(
        reverse("duplicate_check"), {"name": "张三丰", "phone": "13812345678"}, headers=target("similar")
    ).content.decode()
    assert reverse("customer", args=[customer.pk]) in check

    url = reverse("customer_new")
    bad = browser.post(url, {"kind": "person", "name": "王五", "phone": "12", "email": "x@"})
    assert bad.status_code == 422
    assert bad.content.decode().count("field-error") >= 2
    known = browser.post(url, {"kind": "person", "name": "王五", "phone": "13812345678"})
    assert known.status_code == 422
    nameless = browser.post(url, {"kind": "person"})
    assert nameless.status_code == 422

    made = browser.post(url, {"kind": "person", "name": "王五", "phone": "13712345678"})
    fresh = Customer.objects.get(name="王五")
    assert made["Location"] == reverse("customer", args=[fresh.pk])
    assert fresh.owner == cast.li_ming


def test_of_a_customer_out_of_scope_the_warning_says_no_more_than_that_there_is_one(cast):
    make_sanfeng(cast.zhao_lei)

    words = (
        client_of(cast.li_ming)
        .post(reverse("duplicate_check"), {"phone": "13812345678"}, headers=target("similar"))
        .content.decode()
    )

    assert "张三丰" not in words
    assert "may not see" in words


def test_colleagues_are_suggested_by_name_pinyin_and_mail(browser, cast):
    url = reverse("colleague_suggestions")
    assert [each["text"] for each in browser.get(url, {"q": "chen"}).json()] == ["Chen Jie"]
    assert browser.get(url, {"q": "nobodyofthatname"}).json() == []


def test_a_note_is_rewritten_pinned_deleted_and_brought_back(browser, customer, cast):
    note = noting.write_note(customer, text="早", by=cast.li_ming.actor, at=NOON, author=cast.li_ming)
    one = [customer.pk, note.pk]

    assert "晚" in browser.post(reverse("customer_note", args=one), {"text": "晚"}, headers=HTMX).content.decode()
    browser.post(reverse("customer_note_pin", args=one))
    assert "pinned-note" in browser.get(reverse("customer_timeline", args=[customer.pk])).content.decode()
    browser.post(reverse("customer_note_removal", args=one))
    assert "晚" not in browser.get(reverse("customer_timeline", args=[customer.pk])).content.decode()
    browser.post(reverse("customer_note_return", args=one))
    assert Note.objects.get().text == "晚"


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_takes_as_many_queries_for_much_as_for_little(
    browser, customer, cast, django_assert_max_num_queries, count
):
    for number in range(count):
        noting.write_note(
            customer,
            text=f"note {number}",
            by=cast.li_ming.actor,
            at=NOON + timedelta(minutes=number),
            author=cast.li_ming,
        )

    with django_assert_max_num_queries(15):
        assert browser.get(reverse("customer", args=[customer.pk])).status_code == 200
    for part in ("contact", "details", "figures", "follow_ups", "relationships", "collaborators"):
        with django_assert_max_num_queries(8):
            browser.get(reverse(f"customer_{part}", args=[customer.pk]), headers=target(part))

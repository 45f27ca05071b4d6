"""The timeline: every event once and in order, in words, however it is paged and narrowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from guanxi.core.actors import Actor
from guanxi.core.events import NewEvent, record_many
from guanxi.core.models import Event
from guanxi.customers.panels.sentences import Reader, sentence, told
from guanxi.customers.panels.timeline import timeline
from guanxi.customers.views.tests.cast import make_customer
from guanxi.staff.tests.factories import client_of, make_administrator

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)
MING = Actor.customer(1)


def tell(customer, *events: NewEvent) -> None:
    with transaction.atomic():
        record_many(events)


def event(name, payload=None, amount=None, currency="") -> Event:
    return Event(name=name, payload=payload or {}, amount=amount, currency=currency, actor_kind="customer")


def test_paging_shows_each_event_once_even_of_one_moment():
    customer = make_customer("张三丰")
    Event.objects.filter(customer_id=customer.pk).delete()
    tell(
        customer,
        *(NewEvent("web.page_viewed", MING, customer.pk, START - timedelta(days=number // 7)) for number in range(50)),
    )

    seen, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        page = timeline(customer.pk, reader=Reader(), before=cursor, size=9)
        seen += [entry.event.id for entry in page.entries]
        cursor, pages = page.more, pages + 1

    assert pages == 6
    assert len(seen) == len(set(seen)) == 50
    assert seen == list(Event.objects.of_customer(customer.pk).values_list("id", flat=True))


def test_a_day_is_headed_once_across_pages():
    customer = make_customer("张三丰")
    Event.objects.filter(customer_id=customer.pk).delete()
    tell(customer, *(NewEvent("web.page_viewed", MING, customer.pk, START) for _number in range(4)))

    first = timeline(customer.pk, reader=Reader(), size=3)
    second = timeline(customer.pk, reader=Reader(), before=first.more, size=3)

    assert [entry.day is not None for entry in first.entries] == [True, False, False]
    assert [entry.day is not None for entry in second.entries] == [False]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("purchases", {"shop.purchase_made", "shop.refund_made"}),
        ("web", {"web.page_viewed"}),
        ("staff", {"customers.stage_changed"}),
        ("notes", {"customers.note_added"}),
        ("no such kind", None),
    ],
)
def test_it_is_narrowed_to_a_kind(kind, names):
    customer = make_customer("张三丰")
    staff = make_administrator()
    tell(
        customer,
        NewEvent("shop.purchase_made", MING, customer.pk, START, amount=Decimal(5), currency="CNY"),
        NewEvent("shop.refund_made", MING, customer.pk, START, amount=Decimal(-5), currency="CNY"),
        NewEvent("web.page_viewed", MING, customer.pk, START),
        NewEvent("customers.stage_changed", staff.actor, customer.pk, START),
        NewEvent("customers.note_added", MING, customer.pk, START),
    )

    found = {entry.event.name for entry in timeline(customer.pk, reader=Reader(), kind=kind).entries}

    assert found == names if names else len(found) == 6


@pytest.mark.parametrize("cursor", ["nonsense", "1_", "_1", "9" * 40 + "_1", "1_2_3"])
def test_an_unreadable_cursor_starts_at_the_top(cursor):
    customer = make_customer("张三丰")

    assert len(timeline(customer.pk, reader=Reader(), before=cursor).entries) == 1


def test_an_event_nobody_tells_is_still_readable():
    expired = event("loyalty.points_expired", {"points": 12, "rule_id": 7, "why": {"name": "year end"}})

    words = sentence(expired, Reader())

    assert words.title == "Points expired"
    assert words.facts == (("Points", "12"), ("Why", "year end"))


def test_a_domain_tells_its_own_events():
    @told("testing.tea_poured", icon="cup", tone="green")
    def tea_poured(event, reader):
        return f"Poured {event.payload['cups']} cups"

    words = sentence(event("testing.tea_poured", {"cups": 3}), Reader())

    assert (words.title, words.icon, words.tone) == ("Poured 3 cups", "cup", "green")


@pytest.mark.parametrize(
    "payload", [{}, {"url": 5}, {"product": ["a", {"name": "b"}]}, {"items": "x"}, {"changes": {"name": 3}}]
)
def test_no_payload_breaks_the_page(payload):
    from guanxi.customers.panels import sentences

    for name in list(sentences._told):
        if not name.startswith("testing."):
            assert sentence(event(name, payload), Reader()).title, name


def test_links_from_outside_lead_to_web_pages_only():
    assert sentence(event("web.page_viewed", {"url": "javascript:alert(1)"}), Reader()).url == ""
    assert sentence(event("web.page_viewed", {"url": "https://a.example/b"}), Reader()).url == "https://a.example/b"


def test_contacts_are_masked_in_the_words_of_events():
    payload = {"kind": "phone", "value": "+8613812345678"}
    masked = sentence(event("customers.identity_added", payload), Reader(masks=True))
    free_text = sentence(event("shop.order_noted", {"text": "call 13812345678"}), Reader(masks=True))

    assert "****" in masked.title
    assert "13812345678" not in str(masked) + str(free_text)
    assert "138 1234 5678" in sentence(event("customers.identity_added", payload), Reader()).title


def test_amounts_carry_their_currency_and_customers_speak_for_themselves():
    customer = make_customer("张三丰")
    tell(
        customer,
        NewEvent("shop.purchase_made", MING, customer.pk, amount=Decimal("1299.50"), currency="EUR"),
    )

    with translation.override("en"):
        entry = timeline(customer.pk, reader=Reader(), kind="purchases").entries[0]

    assert entry.amount == "€1,299.50"
    assert entry.actor == ""


def test_scrolling_asks_for_entries_alone_and_plain_links_for_a_page():
    customer = make_customer("张三丰")
    tell(customer, *(NewEvent("web.page_viewed", MING, customer.pk, START) for _number in range(70)))
    browser = client_of(make_administrator())
    more = timeline(customer.pk, reader=Reader()).more
    address = f"{reverse('customer', args=[customer.pk])}?before={more}"

    whole = browser.get(address).content.decode()
    part = browser.get(address, headers={"HX-Request": "true", "HX-Target": "timeline_more"}).content.decode()

    assert "<html" in whole
    assert "<html" not in part
    assert part.count('class="timeline-entry"') == whole.count('class="timeline-entry"') == 30
    assert 'id="timeline_more"' in part

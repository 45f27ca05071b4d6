"""Pages follow each other without gap or repetition, forwards and backwards, in every order and every way."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Func, IntegerField, QuerySet

from guanxi.customers.listing import finding
from guanxi.customers.listing.bounded import TimeIsUp, rows_within
from guanxi.customers.listing.filters import Catalogue, Filters
from guanxi.customers.listing.finding import Count, Listing, choose_sort
from guanxi.customers.listing.sorts import sorts
from guanxi.customers.listing.tests.cast import Shop
from guanxi.customers.models import Customer, Field

ORDERS = [f"{dash}{key}" for key in sorts([]) for dash in ("", "-")]
OWN_ORDERS = [f"{dash}field.{name}" for name in ("points", "renewal", "level", "account") for dash in ("", "-")]
MANY = Count(finding.COUNT_CAP)


def listing(shop: Shop, query: str = "", sort: str = "") -> Listing:
    catalogue = Catalogue.now()
    filters = Filters.read(query, shop.asking(), catalogue)
    assert not filters.problems
    order, falling = choose_sort(sort, filters, sorts(catalogue.fields))
    return Listing(filters, order, falling)


def walk(listed: Listing, count: Count, size: int = 5) -> list[int]:
    """Every id, page after page; then back again, page before page."""
    pages, after = [], ""
    while True:
        page = listed.page(size=size, count=count, after=after)
        pages.append(page.ids)
        if not page.after:
            break
        after = page.after
    back, before = [pages[-1]], page.before
    while before:
        page = listed.page(size=size, count=count, before=before)
        back.insert(0, page.ids)
        before = page.before
    assert back == pages
    return [pk for ids in pages for pk in ids]


@pytest.mark.parametrize("sort", ORDERS + OWN_ORDERS)
@pytest.mark.parametrize("count", [Count(12), MANY], ids=["gathered", "walked"])
def test_every_order_shows_everybody_once(shop: Shop, sort: str, count: Count) -> None:
    listed = listing(shop, "created_days=5000&events_from=0" if count.number == 12 else "", sort)
    ids = walk(listed, count)
    assert sorted(ids) == sorted(customer.pk for customer in shop.customers)
    assert ids == list(listed.ids())


@pytest.mark.parametrize(
    "query",
    [
        "city=上海",
        "city=上海&city=北京",
        "tag={0}&tag={2}",
        "tag_all={0}&tag_all={2}",
        "has_email=yes",
        "email_domain=qq.com",
        "has_wechat=yes",
        "stage=none",
        "birthday_month=1&birthday_month=3",
        "birthday_from=1981-01-01",
        "events_from=4",
        "name=李",
        "no_purchase_days=30",
        "field.level=Gold",
        "field.news=yes",
        "field.likes=tea",
    ],
)
@pytest.mark.parametrize("count", [Count(9), MANY], ids=["few", "many"])
def test_every_way_finds_the_same(shop: Shop, query: str, count: Count) -> None:
    Field.objects.update(is_indexed=True)
    query = query.format(*(tag.pk for tag in shop.tags))
    listed = listing(shop, query)
    assert walk(listed, count, size=2) == list(listed.ids())
    found = [customer.pk for customer in listed.filters.visible().order_by("pk")]
    assert sorted(listed.ids()) == found


def test_a_lone_range_gives_the_order(shop: Shop) -> None:
    listed = listing(shop, "purchase_total_from=1")
    assert listed.sort.key == "purchase_total"
    assert listed.falling


def test_customers_without_a_value_come_last_either_way(shop: Shop) -> None:
    for sort in ("birthday", "-birthday"):
        ids = walk(listing(shop, sort=sort), MANY)
        born = [Customer.objects.get(pk=pk).birth_date is not None for pk in ids]
        assert born == sorted(born, reverse=True)


def test_a_walk_that_takes_too_long_gathers_instead(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = listing(shop, "open_follow_up=no&has_phone=yes")
    expected = list(listed.ids())
    real = rows_within

    def slow(milliseconds: int, rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
        if milliseconds == finding.STRAIGHT_MS:
            raise TimeIsUp
        return real(milliseconds, rows)

    monkeypatch.setattr(finding, "rows_within", slow)
    assert listed.page(size=50, count=MANY).ids == expected


def test_a_count_that_takes_too_long_is_estimated(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(milliseconds: int, rows: object) -> int:
        raise TimeIsUp

    monkeypatch.setattr(finding, "count_within", slow)
    assert listing(shop, "open_follow_up=no").count().is_estimate


def test_time_is_kept_inside_a_transaction_too(shop: Shop) -> None:
    sleeping = Func(1, function="pg_sleep", output_field=IntegerField())
    with pytest.raises(TimeIsUp):
        rows_within(20, Customer.objects.annotate(nap=sleeping).values_list("nap"))
    assert Customer.objects.count() == 12


def test_a_place_of_another_order_is_no_place(shop: Shop) -> None:
    after = listing(shop, sort="name").page(size=5, count=MANY).after
    listed = listing(shop, sort="created")
    assert listed.page(size=5, count=MANY, after=after).ids == listed.page(size=5, count=MANY).ids
    assert listed.page(size=5, count=MANY, after="nonsense").ids == listed.page(size=5, count=MANY).ids


def test_scope_is_honoured_in_pages_and_counts(shop: Shop) -> None:
    own = {customer.pk for customer in shop.customers if customer.owner_id == shop.cast.li_ming.pk}
    for query in ("", "city=上海", "name=三"):
        filters = Filters.read(query, shop.asking(shop.cast.li_ming))
        order, falling = choose_sort("", filters, sorts([]))
        listed = Listing(filters, order, falling)
        for count in (listed.count(), MANY):
            assert set(listed.page(size=50, count=count).ids) <= own
        assert listed.count().number <= len(own)

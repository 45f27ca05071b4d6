"""Each filter finds whom it says, reads what it wrote, and says what it could not use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.listing.filters import Asking, Catalogue, Filters, Unusable
from guanxi.customers.listing.filters.base import Filter
from guanxi.customers.listing.filters.own import OwnAnyOf, OwnEmpty, OwnHas, OwnSeveral, OwnYesNo
from guanxi.customers.listing.filters.ranging import Between, Dates, Months, NameHas, NotSince
from guanxi.customers.listing.tests.cast import NAMES, NOW, Shop
from guanxi.customers.models import Field
from guanxi.staff.models import Member

CASES = [
    ("name=三丰", {"张三丰"}),
    ("name=李", {"李白", "李清照"}),
    ("name=love", {"Ada Lovelace"}),
    ("name_starts=ala", {"Alan Turing"}),
    ("kind=company", {"上海茶业有限公司"}),
    ("gender=female", {"Ada Lovelace", "李清照", "Grace Hopper"}),
    ("birthday_from=1981-01-01&birthday_to=1982-12-31", {"李白", "王维"}),
    ("birthday_month=1&birthday_month=2", {"张三丰", "李白"}),
    ("company=武当茶业", {"张三丰"}),
    ("city=上海", {"张三丰", "杜甫", "上海茶业有限公司", "陆游"}),
    ("language=en", {"Ada Lovelace", "Alan Turing", "Grace Hopper"}),
    ("created_from=2026-11-19", {"张三丰"}),
    ("created_days=25", {"张三丰", "李白"}),
    ("open_follow_up=yes", {"苏轼"}),
    ("has_wechat=yes", {"Alan Turing"}),
    ("has_phone=no&birthday_to=1984-01-01", {"李白", "杜甫"}),
    ("email_domain=tea.cn", {"张三丰"}),
    ("email_domain=@QQ.com&name=三", {"张三丰"}),
    ("no_purchase_days=90&events_from=3", {"苏轼", "李清照", "陆游", "Grace Hopper", ""}),
    ("no_purchase_days=90&events_to=1", {"张三丰", "李白"}),
    ("last_event_days=15", {"李白"}),
    ("events_from=10&events_to=11", {"Grace Hopper", ""}),
    ("purchases_from=3", {"陆游", "Grace Hopper", ""}),
    ("purchase_total_from=100&purchase_total_to=100.00", {"杜甫", "Ada Lovelace", "Alan Turing"}),
    ("field.level=gold", {"张三丰", "Ada Lovelace", "李清照"}),
    ("field.points_from=90", {"陆游", ""}),
    ("field.renewal_from=2026-11-05", {"Ada Lovelace", "Alan Turing"}),
    ("field.renewal_days=16", {"杜甫", "Ada Lovelace", "Alan Turing"}),
    ("field.likes=opera&field.likes=chess", {"李白", "杜甫"}),
    ("field.likes_all=tea&field.likes_all=opera", {"李白", "杜甫"}),
    ("field.news=yes", {"张三丰", "王维", "Ada Lovelace"}),
    ("field.account=A-1", {"李白"}),
    ("field.account_has=a-", {"张三丰", "李白", "王维"}),
    ("field.account_empty=no", {"张三丰", "李白", "王维"}),
    ("field.likes_empty=no&field.news=no", {"李白", "杜甫"}),
]


@pytest.mark.parametrize(("query", "names"), CASES)
def test_a_filter_finds_whom_it_says(shop: Shop, query: str, names: set[str]) -> None:
    assert shop.found(query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tag={vip}&tag={plain}", set(NAMES[:6])),
        ("tag_all={vip}&tag_all={green}", {"王维", "杜甫"}),
        ("tag_none={vip}&tag_none={green}", {"Alan Turing", *NAMES[6:]}),
        ("stage={new}&name=李", {"李清照"}),
        ("stage=none", {"Grace Hopper", ""}),
        ("owner=me&kind=person", {"张三丰", "杜甫", "陆游"}),
        ("owner=none", {"王维", "Alan Turing", "李清照", ""}),
        ("owner=department", {"张三丰", "杜甫", "上海茶业有限公司", "陆游"}),
        ("source={fair}", {"张三丰", "李白"}),
    ],
)
def test_a_filter_over_rows_finds_whom_it_says(shop: Shop, query: str, names: set[str]) -> None:
    li_ming = shop.cast.li_ming
    li_ming.role.scope = "all"
    known = {
        "vip": shop.tags[0].pk,
        "plain": shop.tags[1].pk,
        "green": shop.tags[2].pk,
        "new": shop.stages[0].pk,
        "fair": shop.customers[0].source_id,
    }
    assert shop.found(query.format(**known), li_ming) == names


def test_what_is_unknown_is_left_out_and_told(shop: Shop) -> None:
    filters = Filters.read("city=上海&field.gone=1&tag=999&events_from=many&sort=name&after=x", shop.asking())
    assert [chosen.filter.name for chosen in filters.chosen] == ["city"]
    assert len(filters.problems) == 3
    assert "gone" in filters.problems[0]
    with pytest.raises(Unusable):
        filters.refuse_problems()


def test_an_archived_field_is_no_filter_any_more(shop: Shop) -> None:
    Field.objects.filter(name="level").update(archived_at=NOW)
    assert len(Filters.read("field.level=Gold", shop.asking()).problems) == 1


def test_every_filter_names_its_index() -> None:
    field = Field(pk=1, slug="x", name="x", kind="text")
    assert [each.name for each in Catalogue([field]).filters.values() if not each.index] == []


def test_values_never_become_sql(shop: Shop) -> None:
    attack = "x'; DROP TABLE customers_customer; --"
    for name in ("city", "name", "field.account", "field.account_has", "email_domain", "company"):
        assert shop.found(urlencode({name: attack})) == set()
    assert shop.found("city=上海") != set()


ALL_KINDS = [Field(pk=n, slug=f"f{n}", name=f"f{n}", kind=kind, choices=["a", "b"] if "choice" in kind else [])
             for n, kind in enumerate(Field.Kind.values, start=1)]  # fmt: skip
CATALOGUE = Catalogue(ALL_KINDS)
ASKING = Asking(Member(pk=1), NOW)
text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(str.strip).filter(bool)
days = st.integers(1, 36_500)
dates = st.dates(date(1900, 1, 1), date(2090, 1, 1))
numbers = st.decimals(-(10**9), 10**9, places=2).map(lambda each: each.normalize() + 0)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, min_size=1, max_size=5, unique=True).map(tuple)


def values_of(each: Filter) -> st.SearchStrategy[object]:
    """What may be chosen of a filter that needs no rows."""
    if isinstance(each, NotSince):
        return days
    if isinstance(each, Dates):
        spans = st.tuples(st.none() | dates, st.none() | dates, st.none() | days)
        return spans.filter(any).filter(lambda span: not (span[0] and span[1]) or span[0] <= span[1])
    if isinstance(each, Between):
        whole = st.integers(0, 10**9).map(Decimal)
        ends = st.tuples(*[st.none() | (whole if each.whole else numbers)] * 2)
        ends = ends.filter(lambda span: span != (None, None))
        return ends.filter(lambda span: None in span or span[0] <= span[1])
    if isinstance(each, OwnEmpty) or (each.editor == "yes_no" and not isinstance(each, OwnYesNo)):
        return st.booleans()
    if isinstance(each, Months):
        return st.lists(st.integers(1, 12), min_size=1, unique=True).map(tuple)
    if isinstance(each, NameHas | OwnHas):
        return text
    if isinstance(each, OwnAnyOf | OwnSeveral) and (known := [value for value, _label in each.choices(ASKING)]):
        return some(st.sampled_from(known))
    if each.name == "email_domain":
        return some(st.from_regex(r"[a-z]{1,9}\.(com|cn)", fullmatch=True))
    if getattr(each, "options", None) is not None:
        return some(st.sampled_from([value for value, _label in each.choices(ASKING)]))
    return some(text)


ROWS = {"tag", "tag_all", "tag_none", "stage", "owner", "collaborator", "source"}
FREE = [each for each in CATALOGUE.filters.values() if each.name not in ROWS]


@given(st.data())
def test_filters_come_back_from_address_and_json_as_they_were(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(FREE), unique_by=lambda each: each.name, max_size=4))
    written: list[tuple[str, str]] = []
    wanted = {}
    for each in chosen:
        wanted[each.name] = value = data.draw(values_of(each), label=each.name)
        written += [(name, text) for name, texts in each.write(value).items() for text in texts]
    read = Filters.read(QueryDict(urlencode(written)), ASKING, CATALOGUE)
    again = Filters.from_json(read.to_json(), ASKING, CATALOGUE)
    for filters in (read, again):
        assert filters.problems == ()
        assert {each.filter.name: each.value for each in filters.chosen} == wanted
    assert sorted(again.to_query()) == sorted(written)

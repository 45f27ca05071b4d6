"""How values are written in each language and time zone."""

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from guanxi.design import formats
from guanxi.design.jinja import attributes, language, querystring
from guanxi.design.tones import TONES, initials, tone

NOON = dt.datetime(2026, 3, 8, 12, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(("code", "written"), [("en", "Mar 8, 2026"), ("zh-hans", "2026年3月8日")])
def test_a_date_is_written_by_the_language(code, written):
    with translation.override(code):
        assert formats.date(dt.date(2026, 3, 8)) == written


def test_a_moment_is_written_in_the_readers_zone():
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        assert formats.datetime(NOON) == "2026年3月8日 20:30"
    with translation.override("en"), timezone.override("America/New_York"):
        assert formats.date(dt.datetime(2026, 3, 8, 2, tzinfo=dt.UTC)) == "Mar 7, 2026"


def test_ago_says_how_long_and_carries_the_moment():
    with translation.override("en"):
        told = str(formats.ago(NOON, now=NOON + dt.timedelta(hours=3)))
        assert "3 hours ago" in told
        assert 'datetime="2026-03-08T12:30:00+00:00"' in told
        assert "just now" in formats.ago(NOON, now=NOON + dt.timedelta(seconds=5))
        assert "in 2 days" in formats.ago(NOON, now=NOON - dt.timedelta(days=2))
    with translation.override("zh-hans"):
        assert "3小时前" in formats.ago(NOON, now=NOON + dt.timedelta(hours=3))


def test_money_names_the_country_only_of_a_foreign_currency(settings):
    settings.DEFAULT_CURRENCY = "CNY"
    with translation.override("en"):
        assert formats.money(Decimal("1234.5"), "CNY") == "¥1,234.50"
        assert formats.money(Decimal("1234.5"), "USD") == "$1,234.50"
        settings.DEFAULT_CURRENCY = "USD"
        assert formats.money(Decimal("-7"), "CNY") == "-CN¥7.00"


def test_numbers_and_counts():
    with translation.override("en"):
        assert formats.number(1284000) == "1,284,000"
        assert formats.number(Decimal("2.5"), 2) == "2.50"
        assert formats.percent(0.124, 1) == "12.4%"
        assert formats.count(10_000, cap=10_000) == "10,000+"
        assert formats.count(9_999, cap=10_000) == "9,999"


def test_what_is_not_known_is_a_dash():
    written = [formats.date(None), formats.datetime(None), formats.ago(None), formats.money(None, "CNY")]
    assert set(written) == {formats.EMPTY}


def test_a_query_changes_one_parameter_and_keeps_the_rest():
    query = QueryDict("stage=1&tag=a&tag=b&after=xyz")
    assert querystring(query, stage=2, after=None) == "?tag=a&tag=b&stage=2"
    assert querystring(query, tag=["c", "d"], after=None) == "?stage=1&tag=c&tag=d"
    assert querystring(QueryDict(""), q="张三") == "?q=%E5%BC%A0%E4%B8%89"


def test_attributes_are_escaped_and_empty_ones_left_out():
    written = attributes({"hx_get": '/a?b=1&c="', "required": True, "hidden": False, "title": None})
    assert written == ' hx-get="/a?b=1&amp;c=&#34;" required'


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三丰", "三丰"),
        ("李白", "李白"),
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("", "?"),
        (None, "?"),
        ("欧阳 修", "阳修"),
    ],
)
def test_initials(name, shown):
    assert initials(name) == shown


def test_a_tone_is_known_and_stays_the_same():
    assert tone("red") == "red"
    assert tone("#0b6b5c") == "teal"
    assert tone("#808080") == "grey"
    assert tone("javascript:") == tone(None) == "grey"
    assert tone(41) == tone(41)
    assert {tone(number) for number in range(50)} == set(TONES) - {"grey"}


def test_the_language_is_named_as_browsers_do():
    with translation.override("zh-hans"):
        assert language() == "zh-Hans"

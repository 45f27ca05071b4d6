from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.period import PERIODS, BadPeriod, in_words, months_after, period, previous, time_left

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 3, 5, 23, 30, tzinfo=UTC)  # Wednesday the 6th, 07:30, in Shanghai


@pytest.mark.parametrize(
    ("name", "first", "after"),
    [
        ("today", date(2024, 3, 6), date(2024, 3, 7)),
        ("yesterday", date(2024, 3, 5), date(2024, 3, 6)),
        ("last_7_days", date(2024, 2, 29), date(2024, 3, 7)),
        ("this_week", date(2024, 3, 4), date(2024, 3, 11)),
        ("last_week", date(2024, 2, 26), date(2024, 3, 4)),
        ("this_month", date(2024, 3, 1), date(2024, 4, 1)),
        ("last_month", date(2024, 2, 1), date(2024, 3, 1)),
        ("this_quarter", date(2024, 1, 1), date(2024, 4, 1)),
        ("last_quarter", date(2023, 10, 1), date(2024, 1, 1)),
        ("this_year", date(2024, 1, 1), date(2025, 1, 1)),
        ("last_year", date(2023, 1, 1), date(2024, 1, 1)),
        ("last_14_days", date(2024, 2, 22), date(2024, 3, 7)),
    ],
)
def test_periods_are_cut_at_midnights_of_the_zone(name, first, after):
    found = period(name, now=NOW, tz=SHANGHAI)
    assert found.start == datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)
    assert found.end == datetime(after.year, after.month, after.day, tzinfo=SHANGHAI)
    assert found.end not in found
    assert found.start in found


def test_the_period_before_has_the_same_length():
    found = previous(period("last_7_days", now=NOW, tz=SHANGHAI))
    assert found.end - found.start == timedelta(days=7)


@pytest.mark.parametrize("name", ["", "tomorrow", "last__days", "last_0_days", "last_99999_days", "last_x_days"])
def test_other_names_are_refused(name):
    with pytest.raises(BadPeriod):
        period(name, now=NOW, tz=SHANGHAI)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - naive bounds
def test_now_lies_in_every_current_period(now):
    for name in PERIODS:
        found = period(name, now=now, tz=SHANGHAI)
        assert found.start < found.end
        assert (now in found) == (name not in ("yesterday", "last_week", "last_month", "last_quarter", "last_year"))


def test_months_end_where_they_end():
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2024, 12, 31), 2) == date(2025, 2, 28)
    assert months_after(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert months_after(date(2024, 3, 15), -15) == date(2022, 12, 15)


def test_the_rest_takes_as_long_as_its_share():
    assert time_left(25, 100, timedelta(seconds=10)) == timedelta(seconds=30)
    assert time_left(0, 100, timedelta(seconds=10)) is None
    assert time_left(100, 100, timedelta(seconds=10)) == timedelta(0)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 seconds", "0 秒"),
        (1, "1 second", "1 秒"),
        (59.6, "1 minute", "1 分钟"),
        (3600 * 3 + 60 * 20, "3 hours 20 minutes", "3 小时 20 分钟"),
        (3600 * 23 + 3599, "1 day", "1 天"),
        (86400 * 2 + 3600, "2 days 1 hour", "2 天 1 小时"),
        (86400 * 30 + 3600 * 5, "30 days", "30 天"),
    ],
)
def test_durations_are_said_in_the_reader_s_language(seconds, english, chinese):
    with override("en"):
        assert in_words(timedelta(seconds=seconds)) == english
    with override("zh-hans"):
        assert in_words(timedelta(seconds=seconds)) == chinese

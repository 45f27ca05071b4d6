from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.dates import BadDate, guess_order, parse_date, parse_datetime

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "raw",
    [
        "2024-03-05",
        "2024-03-05T00:00:00+08:00",
        "2024/3/5",
        "2024.3.5",
        "2024年3月5日",
        "24年3月5日",
        "２０２４年３月５日",
        "2024年3月5日 星期二",
        "20240305",
        "20240305.0",
        "5.3.2024",
        "05.03.24",
        "Mar 5, 2024",
        "March 5th, 2024",
        "5 Mar 2024",
        "05-Mar-24",
        "5th of March, 2024",
        "2024-Mar-05",
        "Tue, 05 Mar 2024",
        "Tuesday, March 5, 2024",
        "45356",
        "45356.5",
        "202403051530",
        "1709605800",
        "1709605800000",
    ],
)
def test_every_usual_form_is_the_fifth_of_march(raw):
    assert parse_datetime(raw, SHANGHAI).date() == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("raw", "hour", "minute", "second"),
    [
        ("2024-03-05 15:04:05", 15, 4, 5),
        ("2024/3/5 15:04", 15, 4, 0),
        ("2024-3-5 3:04:05 PM", 15, 4, 5),
        ("Mar 5, 2024 3:04 p.m.", 15, 4, 0),
        ("2024年3月5日下午3:04", 15, 4, 0),
        ("2024年3月5日 15时4分5秒", 15, 4, 5),
        ("2024年3月5日 上午12:30", 0, 30, 0),
        ("2024/3/5 下午 3:04:05", 15, 4, 5),
        ("05 Mar, 2024 00:02:00", 0, 2, 0),
        ("20240305150405", 15, 4, 5),
        ("45356.627835648", 15, 4, 5),
        ("2024-03-05T15:04:05", 15, 4, 5),
        ("2024-03-05 12:00 AM", 0, 0, 0),
        ("2024/3/4 24:00", 0, 0, 0),
    ],
)
def test_times_are_read_in_the_zone_of_the_file(raw, hour, minute, second):
    assert parse_datetime(raw, SHANGHAI) == datetime(2024, 3, 5, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "raw",
    [
        "2024-03-05T15:04:05Z",
        "Tue, 05 Mar 2024 23:04:05 +0800",
        "2024/3/5 15:04:05 UTC",
        "1709651045",
        "2024-03-05 10:04:05-05",
    ],
)
def test_a_zone_in_the_text_wins(raw):
    assert parse_datetime(raw, SHANGHAI) == datetime(2024, 3, 5, 15, 4, 5, tzinfo=UTC)


def test_the_column_decides_whether_day_or_month_comes_first():
    assert guess_order(["03/04/2024", "25/04/2024", ""]) == "dmy"
    assert guess_order(["03/04/2024", "04/25/2024"]) == "mdy"
    assert guess_order(["03/04/2024"]) is None
    assert parse_date("03/04/2024", "dmy") == date(2024, 4, 3)
    assert parse_date("03/04/2024", "mdy") == date(2024, 3, 4)
    assert parse_date("25-12-2016") == date(2016, 12, 25)
    assert parse_date("12/25/16") == date(2016, 12, 25)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "date_empty"),
        ("yesterday", "date_shape"),
        ("2024", "date_shape"),
        ("2023-02-29", "date_impossible"),
        ("2024年13月5日", "date_impossible"),
        ("20240231", "date_impossible"),
        ("31/31/2024", "date_impossible"),
        ("03/04/2024", "date_ambiguous"),
        ("2024-03-05 25:00", "date_time"),
        ("2024/3/5 10:61", "date_time"),
        ("0001-01-01", "date_far"),
        ("9999-12-31", "date_far"),
        ("2024-03-05 garbage", "date_shape"),
        ("1" * 500, "date_shape"),
    ],
)
def test_days_that_never_were_are_refused_with_their_reason(raw, code):
    with pytest.raises(BadDate) as refused:
        parse_datetime(raw, SHANGHAI)
    assert refused.value.code == code


@given(st.text(max_size=40) | st.text(alphabet="0123456789-/.: 年月日上下午TZ+apmAPM", max_size=30))
def test_anything_gives_a_moment_or_a_refusal(raw):
    try:
        moment = parse_datetime(raw, SHANGHAI, "dmy")
    except BadDate:
        return
    assert moment.tzinfo is not None
    moment.astimezone(UTC)


@given(st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30)))  # noqa: DTZ001 - the strategy's bounds are naive
def test_iso_text_comes_back_as_itself(moment):
    moment = moment.replace(tzinfo=UTC)
    assert parse_datetime(moment.isoformat(), UTC) == moment
    assert parse_datetime(f"{moment:%Y/%m/%d %H:%M:%S}".zfill(19), UTC) == moment.replace(microsecond=0)

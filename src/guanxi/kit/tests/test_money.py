from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.money import (
    BadAmount,
    Money,
    format_money,
    guess_decimal,
    minor_digits,
    parse_amount,
    parse_money,
    to_currency,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56 €", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("¥1,234", "1234"),
        ("￥１，２３４．５０", "1234.50"),
        ("(12.50)", "-12.50"),
        ("($12.50)", "-12.50"),
        ("-$0.27", "-0.27"),
        ("$-0.27", "-0.27"),
        ("12.50-", "-12.50"),
        ("−5", "-5"),
        (".5", "0.5"),
        ("0", "0"),
        ("1.2万", "12000.0"),
        ("3亿", "300000000"),
        ("$342.09K", "342090.00"),
        ("$1,117.10K", "1117100.00"),
        ("1,23,456.00", "123456.00"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("100元", "100"),
        ("CNY 100", "100"),
        ("100 usd", "100"),
        ("1E+3", "1000"),
        ("$2,968.765", "2968.765"),
    ],
)
def test_amounts_are_read_to_the_last_digit(raw, expected):
    assert parse_amount(raw) == Decimal(expected)


def test_the_column_decides_what_a_single_mark_means():
    assert parse_amount("1.234", ",") == 1234
    assert parse_amount("1,234", ",") == Decimal("1.234")
    assert guess_decimal(["1.234", "12,50"]) == ","
    assert guess_decimal(["1,234", "12.50"]) == "."
    assert guess_decimal(["1,234.5"]) == "."
    assert guess_decimal(["1.234"]) is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "amount_empty"),
        ("free", "amount_shape"),
        ("1,2,3", "amount_shape"),
        ("12.34.5", "amount_shape"),
        ("--5", "amount_shape"),
        ("NaN", "currency_unknown"),
        ("1e99", "amount_large"),
        ("1" * 20, "amount_large"),
        ("XYZ 5", "currency_unknown"),
        ("5" * 100, "amount_shape"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(raw, code):
    with pytest.raises(BadAmount) as refused:
        parse_amount(raw)
    assert refused.value.code == code


def test_the_written_currency_wins_over_the_usual_one():
    assert parse_money("€5", "CNY") == Money(Decimal(5), "EUR")
    assert parse_money("HK$5", "CNY") == Money(Decimal(5), "HKD")
    assert parse_money("¥5", "JPY") == Money(Decimal(5), "JPY")
    assert parse_money("5 RMB", "USD") == Money(Decimal(5), "CNY")
    assert to_currency("usd") == "USD"
    assert minor_digits("JPY") == 0
    assert minor_digits("CNY") == 2


def test_amounts_are_written_for_their_readers():
    assert format_money(Decimal("1234.5"), "CNY", "zh-hans") == "¥1,234.50"
    assert format_money(Decimal("1234.5"), "CNY", "en") == "CN¥1,234.50"
    assert format_money(Decimal("-3"), "JPY", "xx") == "-¥3"


@given(st.text(max_size=40) | st.text(alphabet="0123456789.,-() ¥$€万KE'元", max_size=20))
def test_anything_gives_an_amount_or_a_refusal(raw):
    try:
        amount = parse_amount(raw)
    except BadAmount:
        return
    assert amount.is_finite()


@given(st.decimals(-(10**12), 10**12, places=2))
def test_grouped_amounts_come_back_as_themselves(amount):
    assert parse_amount(f"{amount:,}") == amount
    assert parse_amount(str(amount)) == amount

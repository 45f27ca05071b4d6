from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.cursor import BadCursor, decode_cursor, encode_cursor

VALUES = st.lists(
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)),
    max_size=4,
)


@given(VALUES)
def test_values_come_back_with_their_types(values):
    found = decode_cursor(encode_cursor(values))
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


def test_moments_come_back_in_utc():
    moment = datetime(2024, 3, 5, 15, 4, tzinfo=timezone(timedelta(hours=8)))
    assert decode_cursor(encode_cursor([moment])) == [moment]


def test_types_are_checked():
    word = encode_cursor([5, "a", None, date(2024, 3, 5), Decimal("1.5")])
    assert decode_cursor(word, [int, str, int, date, Decimal])[0] == 5
    for types in ([int], [str, str, int, date, Decimal]):
        with pytest.raises(BadCursor):
            decode_cursor(word, types)


@pytest.mark.parametrize("word", ["", "x", "%%%", "W10x", "é", "A" * 5000, "WyJ4Il0", "W1siaSIsIjFlOSJdXQ"])
def test_what_is_no_cursor_is_refused(word):
    with pytest.raises(BadCursor) as refused:
        decode_cursor(word)
    assert refused.value.code == "cursor_unknown"


@given(st.text() | st.binary().map(lambda b: b.hex()))
def test_anything_gives_values_or_a_refusal(word):
    try:
        decode_cursor(word)
    except BadCursor:
        return

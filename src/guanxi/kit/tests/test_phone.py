import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.phone import BadPhone, format_phone, is_e164, region_of, split_country, to_e164


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "+86 138 0013 8000",
        "008613800138000",
        "8613800138000",
        "+86-13800138000",
        "13800138000.0",
        "\u202d13800138000\u202c",
        "13800138000转8",
        "(+86)13800138000",
    ],
)
def test_every_writing_of_a_mainland_mobile_is_one_number(raw):
    assert to_e164(raw) == "+8613800138000"


@pytest.mark.parametrize(
    ("region", "raw", "expected"),
    [
        ("CN", "010-8888 8888 转 123", "+861088888888"),
        ("CN", "021 6888 8888 ext. 12", "+862168888888"),
        ("CN", "400 610 0000", "+864006100000"),
        ("US", "(212) 736-5000", "+12127365000"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("CN", "00 44 20 7946 0958", "+442079460958"),
        ("IT", "06 698 12345", "+390669812345"),
        ("HK", "2345 6789", "+85223456789"),
        ("US", "tel:+1-418-656-9254;ext=102", "+14186569254"),
        ("AC", "40123", "+24740123"),
    ],
)
def test_numbers_are_read_as_dialled_in_their_region(region, raw, expected):
    assert to_e164(raw, region) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "phone_empty"),
        ("  ", "phone_empty"),
        ("none", "phone_not_a_number"),
        ("1.38E+10", "phone_rounded"),
        ("12", "phone_too_short"),
        ("+999123456", "phone_country"),
        ("+1 212 204 34456", "phone_too_long"),
        ("101234567", "phone_unknown"),
        ("1" * 5000, "phone_not_a_number"),
    ],
)
def test_what_cannot_be_called_is_refused_with_its_reason(raw, code):
    with pytest.raises(BadPhone) as refused:
        to_e164(raw)
    assert refused.value.code == code


def test_numbers_are_shown_as_people_of_the_region_write_them():
    assert format_phone("+8613800138000") == "138 0013 8000"
    assert format_phone("+8613800138000", "US") == "+86 138 0013 8000"
    assert format_phone("not a number") == "not a number"


def test_region_and_country_code():
    assert region_of("+442079460958") == "GB"
    assert region_of("nothing") == ""
    assert split_country("+8613800138000") == ("86", "13800138000")
    assert split_country("+12127365000") == ("1", "2127365000")
    assert split_country("+85223456789") == ("852", "23456789")


@given(
    st.text(max_size=60) | st.text(alphabet="+0123456789-() 转extEe.,;#０１２", max_size=30),
    st.sampled_from(["CN", "US", "XX", ""]),
)
def test_anything_gives_a_number_or_a_refusal(raw, region):
    try:
        found = to_e164(raw, region)
    except BadPhone:
        return
    assert is_e164(found)
    assert to_e164(found, region) == found

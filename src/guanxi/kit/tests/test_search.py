import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.names import search_terms
from guanxi.kit.search import email_terms, phone_terms, query_ranges


def finds(query: str, terms: set[str]) -> bool:
    return any(low <= term < high for low, high in query_ranges(query) for term in terms)


@pytest.mark.parametrize(
    "query", ["张", "三丰", "zs", "zsf", "ZhangSan", "zhang san", "zhang'san", "sanf", "張三", "ｚｓ"]
)
def test_zhang_sanfeng_is_found(query):
    assert finds(query, search_terms("张三丰"))


@pytest.mark.parametrize("query", ["z", "", "  ", "zx", "四", "zhangsi", "%", "..."])
def test_zhang_sanfeng_is_not_found(query):
    assert not finds(query, search_terms("张三丰"))


@pytest.mark.parametrize("query", ["smith", "john smi", "smith jo", "johnsmith", "JOHN"])
def test_john_smith_is_found_in_either_order(query):
    assert finds(query, search_terms("John Smith"))


@pytest.mark.parametrize(
    "query",
    [
        "138",
        "138 0013",
        "5678",
        "13800135678",
        "+86 138-0013",
        "0086138",
        "86138001",
        "1380013 5678",
        "35678",
    ],
)
def test_a_phone_is_found_by_its_beginning_and_its_end(query):
    assert finds(query, phone_terms("+8613800135678"))


def test_a_landline_is_found_with_its_trunk_zero():
    assert finds("010-8888", phone_terms("+861088886666"))
    assert finds("010 88886666", phone_terms("+861088886666"))


@pytest.mark.parametrize("query", ["13", "678", "139", "5679", "+1 139"])
def test_a_phone_is_not_found_by_other_digits(query):
    assert not finds(query, phone_terms("+8613800135678"))


@pytest.mark.parametrize(
    "query",
    [
        "li.si@example.com",
        "li.si@ex",
        "li.s",
        "example.com",
        "@example",
        "example.c",
        "crm",
        "LI",
        "mail.example",
    ],
)
def test_an_email_is_found_by_its_parts(query):
    terms = (
        email_terms("li.si+crm@example.com") | email_terms("li.si@mail.example.com") | email_terms("li.si@example.com")
    )
    assert finds(query, terms)


@given(st.text())
def test_any_text_asks_for_ranges_that_hold_its_own_beginning(query):
    for low, high in query_ranges(query):
        assert low < high
        assert low <= low + "\U0010ffff" < high or low[-1] == "\U0010ffff"
        high.encode()

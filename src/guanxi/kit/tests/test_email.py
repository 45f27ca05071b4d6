import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.email import BadEmail, normalise_email


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Zhang.San@Example.COM", "zhang.san@example.com"),
        ("  a@b.co ", "a@b.co"),
        ("张三 <ZS@example.com>", "zs@example.com"),
        ("mailto:zs@example.com?subject=hi", "zs@example.com"),
        ("ｚｓ＠ｅｘａｍｐｌｅ．ｃｏｍ", "zs@example.com"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("o'brien+crm@mail.example.co.uk", "o'brien+crm@mail.example.co.uk"),
        ("zs@example.com;", "zs@example.com"),
        ("\u200bzs@example.com", "zs@example.com"),
        ("用户@example.com", "用户@example.com"),
    ],
)
def test_every_writing_of_an_address_is_one_address(raw, expected):
    assert normalise_email(raw) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "email_empty"),
        ("zhang", "email_shape"),
        ("@example.com", "email_shape"),
        ("a b@example.com", "email_shape"),
        ("a..b@example.com", "email_shape"),
        ("a@b@", "email_shape"),
        ("a@localhost", "email_domain"),
        ("a@1.2.3.4", "email_domain"),
        ("a@-x.com", "email_domain"),
        ("a@x..com", "email_domain"),
        ("a" * 65 + "@example.com", "email_too_long"),
        ("a@" + "b" * 2000 + ".com", "email_too_long"),
    ],
)
def test_what_mail_cannot_reach_is_refused_with_its_reason(raw, code):
    with pytest.raises(BadEmail) as refused:
        normalise_email(raw)
    assert refused.value.code == code


@given(st.text() | st.emails() | st.text(alphabet="a@.<>-例 :;é", max_size=20))
def test_anything_gives_an_address_or_a_refusal(raw):
    try:
        address = normalise_email(raw)
    except BadEmail:
        return
    assert normalise_email(address) == address
    assert address.count("@") == 1

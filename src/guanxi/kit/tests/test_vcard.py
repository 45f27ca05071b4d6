from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.vcard import Address, BadCard, Entry, read_cards


def card(*lines: str, encoding: str = "utf-8"):
    (found,) = read_cards("\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode(encoding))
    return found


def test_a_card_of_version_3_is_read_whole():
    found = card(
        "VERSION:3.0",
        "FN:Mr. Li Lei\\, MBA",
        "N:Li;Lei;Xiao;Mr.;MBA",
        "ORG:Han Trading\\; Ltd;Sales;Online",
        "TITLE:Buyer",
        "TEL;type=HOME;type=VOICE:010-8888 6666",
        "TEL;type=CELL;type=pref:138 0013 8000",
        "item1.EMAIL;type=INTERNET:lei@example.com",
        "item1.X-ABLabel:_$!<School>!$_",
        "ADR;TYPE=WORK:;Room 5;1 Main",
        "  Road;Shanghai;;200000;China",
        "BDAY;value=date:1980-03-22",
        "NOTE:first\\nsecond",
        "URL:http\\://example.com",
        "UID:urn:uuid:42",
        "PHOTO;ENCODING=b:AAAA",
    )
    assert (found.name, found.family, found.given) == ("Mr. Li Lei, MBA", "Li", "Lei Xiao")
    assert (found.org, found.department, found.title) == ("Han Trading; Ltd", "Sales / Online", "Buyer")
    assert found.phones == [Entry("138 0013 8000", ("cell",)), Entry("010-8888 6666", ("home",))]
    assert found.emails == [Entry("lei@example.com", ("school",))]
    assert found.addresses == [Address("Room 5, 1 Main Road", "Shanghai", "", "200000", "China", ("work",))]
    assert (found.birthday, found.note) == (date(1980, 3, 22), "first\nsecond")
    assert (found.url, found.uid) == ("http://example.com", "42")
    assert "PHOTO" not in found.raw


def test_quoted_printable_with_soft_breaks_and_charset_of_old_phones():
    found = card(
        "VERSION:2.1",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=B8=89=\r\n=E4=B8=B0;;;",
        "NOTE;CHARSET=GB2312;QUOTED-PRINTABLE:=C0=CF=BF=CD=BB=A7",
        "TEL;CELL;PREF:13800138000",
    )
    assert (found.name, found.family, found.given) == ("张三丰", "张", "三丰")
    assert found.note == "老客户"
    assert found.phones == [Entry("13800138000", ("cell",))]


def test_version_4_writes_phones_as_addresses():
    found = card(
        "VERSION:4.0", "FN:A", 'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102', "BDAY:--0203"
    )
    assert found.phones == [Entry("+1-418-656-9254", ("work",))]
    assert found.birthday is None


def test_cards_in_gb18030_are_read():
    assert card("VERSION:3.0", "FN:上海贸易公司的张经理", encoding="gb18030").name == "上海贸易公司的张经理"


def test_a_card_inside_a_card_is_left_out():
    found = card("VERSION:2.1", "FN:Boss", "AGENT:BEGIN:VCARD", "FN:Secretary", "END:VCARD", "TITLE:Chief")
    assert (found.name, found.title) == ("Boss", "Chief")


def test_several_cards_come_in_order():
    one = b"BEGIN:VCARD\nVERSION:3.0\nFN:%b\nEND:VCARD\n"
    assert [each.name for each in read_cards(one % b"A" + b"\n" + one % b"B")] == ["A", "B"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "card_none"), (b"name,phone\n", "card_none"), (b"BEGIN:VCARD\nFN:A\n", "card_cut_off")]
)
def test_files_without_whole_cards_are_refused(content, code):
    with pytest.raises(BadCard) as refused:
        read_cards(content)
    assert refused.value.code == code


LINES = st.lists(st.text(max_size=30) | st.sampled_from(["N:a;b", "TEL;=:1", "ADR:;;;", "BDAY:9999", 'x.EMAIL;A="b:c']))


@given(LINES)
def test_anything_between_the_marks_gives_cards_or_a_refusal(lines):
    try:
        read_cards("\n".join(["BEGIN:VCARD", *lines, "END:VCARD"]).encode())
    except BadCard:
        return


@given(st.binary(max_size=300))
def test_any_bytes_between_the_marks_give_cards_or_a_refusal(content):
    try:
        read_cards(b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=x:" + content + b"\nEND:VCARD\n")
    except BadCard:
        return

import pytest

from guanxi.kit.masking import mask_email, mask_phone, mask_text, mask_word


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+8613812345678", "+86138****5678"),
        ("13812345678", "138****5678"),
        ("+12127365000", "+1212****5000"),
        ("+24740123", "+247****23"),
        ("123", "****"),
        ("", "****"),
    ],
)
def test_phones_keep_their_ends(phone, masked):
    assert mask_phone(phone) == masked


def test_emails_keep_their_first_letter_and_domain():
    assert mask_email("zhangsan@example.com") == "z***@example.com"
    assert mask_email("not one") == "n***"
    assert mask_word("") == ""


def test_prose_is_masked_where_it_gives_contacts_away():
    text = "请打 138 1234 5678 或写信 zs@example.com，订单 2024 共 3 件"
    assert mask_text(text) == "请打 138****5678 或写信 z***@example.com，订单 2024 共 3 件"

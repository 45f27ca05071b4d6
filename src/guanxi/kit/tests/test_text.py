import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit import text


def test_full_width_letters_become_narrow_and_chinese_punctuation_stays():
    assert text.clean("　ＡＢＣ１２３，你好！（上海）　") == "ABC123，你好！（上海）"


def test_direction_marks_and_control_characters_are_dropped():
    assert text.clean("a\u202eb\x00c\u200bd\ufeff\x07") == "abcd"


def test_a_family_emoji_keeps_its_joiners():
    family = "👨\u200d👩\u200d👧"
    assert text.clean(family) == family


def test_lines_keep_their_ends_and_lose_their_gaps():
    assert text.clean_lines("one \r\n\r\n\r\n\r\ntwo\t\tthree\r") == "one\n\ntwo three"


def test_traditional_case_accents_and_width_fold_together():
    assert text.fold("歐陽鋒") == "欧阳锋"
    assert text.fold("Ｊosé  ØRSTED Straße") == "jose orsted strasse"
    assert text.fold("ガ") == "が" or text.fold("ガ") == text.fold("ｶﾞ")


def test_half_width_covers_punctuation_too():
    assert text.half_width("（０２１）６８８８－８８８８") == "(021)6888-8888"


def test_han_is_found_among_letters():
    assert text.has_han("abc张")
    assert text.has_han("𠮷")
    assert not text.has_han("abc あ 한")


@given(st.text())
def test_cleaning_twice_changes_nothing(raw):
    once = text.clean(raw)
    assert text.clean(once) == once
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in once)


@given(st.text())
def test_folding_twice_changes_nothing(raw):
    once = text.fold(raw)
    assert text.fold(once) == once


@given(st.text(alphabet="張三豐歐陽李诸葛zhang王五 "), st.data())
def test_a_part_of_a_name_folds_to_a_part_of_the_folded_name(name, data):
    start = data.draw(st.integers(0, len(name)))
    part = name[start : data.draw(st.integers(start, len(name)))]
    assert text.fold(part) in text.fold(name)

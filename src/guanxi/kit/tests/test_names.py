import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kit.names import search_terms, sort_key, split_name


def test_a_chinese_name_is_found_by_every_part_pinyin_and_initials():
    assert search_terms("张三丰") == {"张三丰", "三丰", "丰", "zhangsanfeng", "sanfeng", "feng", "zsf", "sf"}
    assert search_terms("張三豐") == search_terms("张三丰")


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("单雄信", "shanxiongxin"),
        ("曾国藩", "zengguofan"),
        ("解晓东", "xiexiaodong"),
        ("仇英", "qiuying"),
        ("查良镛", "zhaliangyong"),
        ("区志强", "ouzhiqiang"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqixie"),
        ("单于昭", "chanyuzhao"),
        ("长孙无忌", "zhangsunwuji"),
        ("朴树", "piaoshu"),
        ("翟天临", "zhaitianlin"),
        ("任盈盈", "renyingying"),
        ("吕布", "lvbu"),
        ("吕布", "lubu"),
        ("周乐", "zhouyue"),
        ("周乐", "zhoule"),
        ("重庆银行", "chongqingyinhang"),
        ("歐陽鋒", "ouyangfeng"),
    ],
)
def test_surnames_and_words_are_read_as_people_read_them(name, pinyin):
    assert pinyin in search_terms(name)


def test_a_latin_name_is_found_by_its_words_in_any_turn():
    assert search_terms("José O’Brien") == {"jose obrien", "obrien jose", "joseobrien", "obrienjose", "jo"}


def test_mixed_names_are_found_by_both_halves():
    terms = search_terms("王五 (Jack Wang)")
    assert {"王五jackwang", "五jackwang", "jackwang", "wangwujackwang", "wwjw"} <= terms


def test_nothing_is_found_by_punctuation():
    assert search_terms("—— ·") == set()


@given(st.text(alphabet="张三丰李四欧阳诸葛亮王", min_size=1, max_size=16), st.data())
def test_every_part_of_a_chinese_name_begins_a_term(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    assert any(term.startswith(part) for term in search_terms(name))


@given(st.text(max_size=80))
def test_terms_of_anything_are_few_and_short(name):
    terms = search_terms(name)
    assert len(terms) <= 24 + 4 * 8 * 2
    assert all(0 < len(term) <= 48 for term in terms)


def test_names_sort_by_pinyin_beside_latin():
    names = ["张三", "Bob", "阿里", "李四", "单田芳", "alice"]
    assert sorted(names, key=sort_key) == ["阿里", "alice", "Bob", "李四", "单田芳", "张三"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("张三丰", ("张", "三丰")),
        ("欧阳修", ("欧阳", "修")),
        ("歐陽修", ("歐陽", "修")),
        ("诸葛孔明", ("诸葛", "孔明")),
        ("东方", ("东", "方")),
        ("John Smith", ("Smith", "John")),
        ("Smith, John Paul", ("Smith", "John Paul")),
        ("Madonna", ("", "Madonna")),
        ("阿凡提·买买提", ("", "阿凡提·买买提")),
        ("上海某某科技有限公司", ("", "上海某某科技有限公司")),
        ("张 三", ("张", "三")),
        ("", ("", "")),
    ],
)
def test_family_and_given_name_are_told_apart(name, parts):
    assert split_name(name) == parts

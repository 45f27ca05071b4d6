"""The search box: what finds whom, for whom."""

from __future__ import annotations

import pytest

from guanxi.customers.actions import finding
from guanxi.customers.actions.collaborating import add_collaborator
from guanxi.customers.views.tests.cast import NOON, make_ada, make_customer, make_sanfeng
from guanxi.staff.tests.factories import make_administrator, make_cast, make_member

pytestmark = pytest.mark.django_db


def names(text, member, **options):
    return [hit.name for hit in finding.find(text, member, **options)]


@pytest.mark.parametrize(
    "text",
    ["张三丰", "三丰", "丰", "張三豐", "zhangsanfeng", "ZhangSan", "zsf", "zs", "sanfeng", "武当", "wudang",
     "13812345678", "138 1234 5678", "+86 138-1234", "1381", "5678", "345678", "008613812345678",
     "sanfeng.zhang@wudang.cn", "sanfeng.zhang@wu", "wudang.cn", "张三丰 5678", "zsf 武当", "十堰 张" ][:-1],
)  # fmt: skip
def test_each_way_of_naming_somebody_finds_them(text):
    make_ada()
    make_sanfeng()

    assert names(text, make_administrator()) == ["张三丰"]


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'", "zsq", "9999", "张三丰 ada", "13", "\\", "a" * 5000])
def test_what_names_nobody_finds_nobody(text):
    make_ada()
    make_sanfeng()

    assert names(text, make_administrator()) == []


def test_a_number_abroad_is_found_with_its_country_code_and_by_its_end():
    make_ada()

    assert names("+4420", make_administrator()) == ["Ada Lovelace"]
    assert names("0018", make_administrator()) == ["Ada Lovelace"]
    assert names("7946 0018", make_administrator()) == ["Ada Lovelace"]


def test_the_whole_name_comes_before_longer_ones():
    make_customer("王伟强")
    make_customer("王伟")

    assert names("王伟", make_administrator()) == ["王伟", "王伟强"]


@pytest.mark.parametrize("few", [5_000, 0])
def test_scope_is_kept_whether_one_sees_few_or_many(monkeypatch, few):
    monkeypatch.setattr(finding, "FEW", few)
    cast = make_cast()
    mine, theirs = make_sanfeng(cast.li_ming), make_customer("张三风", owner=cast.zhao_lei)

    assert names("zs", cast.li_ming) == [mine.name]
    assert names("zs", cast.chen_jie) == [mine.name]  # manages the department above
    assert names("5678 张", cast.li_ming) == [mine.name]
    assert names("zs", cast.zhao_lei) == [theirs.name]

    add_collaborator(theirs, cast.li_ming, by=cast.wang_fang.actor, at=NOON)
    assert sorted(names("zs", cast.li_ming)) == sorted([mine.name, theirs.name])


def test_one_letter_is_answered_too():
    make_ada()

    assert names("a", make_administrator()) == ["Ada Lovelace"]


def test_one_s_own_come_first_among_equals():
    cast = make_cast()
    make_customer("王芳", owner=cast.zhao_lei, city="北京")
    make_customer("王芳", owner=cast.wang_fang, city="上海")

    assert [hit.detail for hit in finding.find("王芳", cast.wang_fang)] == ["上海", "北京"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13812345678", ["张三丰"]),
        ("1381", []),
        ("5678", []),
        ("wudang.cn", []),
        ("sanfeng.zhang@wudang.cn", ["张三丰"]),
        ("sanfeng.zh@", []),
        ("zsf", ["张三丰"]),
        ("张三丰 wudang.cn", []),
        ("张三丰 sanfeng.zh@", []),
        ("张三丰 sanfeng.zhang@wudang.cn", ["张三丰"]),
        ("张三丰 武当", ["张三丰"]),
        ("张三丰 1381", []),
    ],
)
def test_whoever_may_not_read_contacts_cannot_spell_them_out_by_searching(text, found):
    make_sanfeng()
    analyst = make_member(permissions={"customers": ["see"]}, masks_contacts=True)

    assert names(text, analyst) == found
    assert all("13812345678" not in hit.label for hit in finding.find(text, analyst))


def test_merged_records_are_not_found():
    gone, kept = make_sanfeng(), make_ada()
    gone.merged_into = kept
    gone.save()

    assert names("zsf", make_administrator()) == []


@pytest.mark.parametrize("text", ["zsf", "13812345678", "5678", "sanfeng.zhang@wudang.cn", "张三丰"])
def test_a_search_takes_few_queries(django_assert_max_num_queries, text):
    cast = make_cast()
    make_sanfeng(cast.li_ming)
    for member in (cast.wang_fang, cast.li_ming):
        member.visible_member_ids()
        with django_assert_max_num_queries(5):
            finding.find(text, member)

"""The finder on columns: who is paired, who is not, and why."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest

from guanxi.customers.duplicates.finding import THRESHOLD, find_pairs
from guanxi.customers.duplicates.pairs import FoundPair

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂梅玉华建国文斌宇浩凯健俊帆雪玲婷婉嘉欣怡晨旭阳鹏飞翔志远"
FIRST = ("ada", "grace", "alan", "edsger", "barbara", "donald", "radia", "tony", "leslie", "frances", "john", "ken")
LAST = ("lovelace", "hopper", "turing", "dijkstra", "liskov", "knuth", "perlman", "hoare", "lamport", "allen")


def person(key: int, name: str, **values) -> dict:
    blank = dict.fromkeys(("birth_date", "city", "postcode", "address", "phone", "email", "company_name"))
    return {"id": key, "kind": "person", "name": name, **blank, **values}


def frame(*people: dict) -> pl.DataFrame:
    return pl.DataFrame(list(people), schema_overrides={"birth_date": pl.Date}, infer_schema_length=None)


def crowd(size: int = 400, *, seed: int = 1) -> list[dict]:
    """Strangers with ids from 1,000 on."""
    draw = random.Random(seed)
    made = []
    for number in range(size):
        if draw.random() < 0.5:
            name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2))))
        else:
            name = f"{draw.choice(FIRST)}{draw.choice(GIVEN)} {draw.choice(LAST)}{number}"
        made.append(
            person(
                1000 + number,
                name,
                birth_date=date(1950, 1, 1) + timedelta(days=draw.randrange(18_000)),
                city=f"city {draw.randrange(40)}",
                postcode=str(100_000 + draw.randrange(900)),
                address=f"{draw.randrange(1, 300)} {draw.choice(LAST)}{draw.randrange(90)} road",
                email=f"mail{number}@example.com",
            )
        )
    return made


def found(*people: dict, among: list[dict] | None = None) -> dict[tuple[int, int], FoundPair]:
    pairs = find_pairs(frame(*people, *(crowd() if among is None else among)))
    return {(pair.first, pair.second): pair for pair in pairs}


ADA = person(1, "Ada Lovelace", birth_date=date(1815, 12, 10), city="London", email="ada@analytical.example")


def test_a_typing_mistake_is_seen_through_and_explained():
    again = {**ADA, "id": 2, "name": "Ada Lovelase", "email": None}
    pair = found(ADA, again)[1, 2]
    assert pair.score > 0.9
    assert pair.reasons == [["name", "close"], ["birth_date", "same"], ["city", "same"]]


def test_strangers_are_not_paired():
    assert not found()


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Lovelace Ada", "birth_date": date(1815, 12, 10)},
        {"name": "Lovelace, Ada", "birth_date": date(1815, 10, 12), "city": "London"},
        {"name": "A. Lovelace", "email": "ada@elsewhere.example", "birth_date": date(1815, 12, 10)},
    ],
)
def test_names_may_be_turned_or_shortened(other):
    assert (1, 2) in found(ADA, person(2, other.pop("name"), **other))


def test_a_common_chinese_name_alone_makes_no_pair():
    everybody = [person(number, "王伟") for number in range(1, 40)]
    assert not found(*everybody)


def test_a_common_chinese_name_in_the_same_big_city_makes_no_pair():
    everybody = [person(number, "王伟", city="上海") for number in range(1, 40)]
    assert not found(*everybody, among=[{**each, "city": "上海"} for each in crowd()])


def test_a_common_chinese_name_with_the_same_birthday_and_city_does():
    born = date(1988, 3, 21)
    pair = found(person(1, "王伟", birth_date=born, city="上海"), person(2, "王伟", birth_date=born, city="上海市"))
    assert ["birth_date", "same"] in pair[1, 2].reasons


def test_a_rare_name_alone_makes_no_pair_either():
    assert not found(person(1, "Xylophia Quuxington"), person(2, "Xylophia Quuxington"))


def test_traditional_writing_and_pinyin_are_the_same_name():
    born = date(1971, 6, 24)
    people = [person(1, "张三丰"), person(2, "張三豐"), person(3, "Sanfeng Zhang")]
    pairs = found(*({**each, "birth_date": born, "postcode": "442700"} for each in people))
    assert {(1, 2), (1, 3), (2, 3)} <= set(pairs)
    assert ["name", "same"] in pairs[1, 2].reasons
    assert ["name", "close"] in pairs[1, 3].reasons


def test_father_and_son_at_one_address_stay_two():
    home = {"address": "12 Church Road", "city": "Oxford", "postcode": "OX1"}
    father = person(1, "John Whitfield", birth_date=date(1950, 2, 3), **home)
    son = person(2, "Tom Whitfield", birth_date=date(1980, 9, 14), **home)
    assert (1, 2) not in found(father, son)


def test_a_company_is_not_a_person_and_its_legal_form_does_not_matter():
    place = {"kind": "company", "city": "上海", "address": "南京路100号", "postcode": "200000"}
    one, other = person(1, "云山茶业有限公司"), person(2, "云山茶业")
    pairs = found({**one, **place}, {**other, **place}, {**other, **place, "kind": "person", "id": 3})
    assert (1, 2) in pairs
    assert not {(1, 3), (2, 3)} & set(pairs)


def test_an_own_field_that_identifies_joins_and_parts():
    people = [{**each, "field:7": f"ID{each['id']:09}"} for each in crowd()]
    same = [person(1, "Ada L"), person(2, "Ada Lovelace")]
    pairs = found(*({**each, "field:7": "ID555000111"} for each in same), among=people)
    assert ["field:7", "same"] in pairs[1, 2].reasons


def test_two_ids_of_one_outside_system_speak_against_a_pair():
    twin = {**ADA, "id": 2}
    without = found(ADA, twin)[1, 2]
    key = "strong:external:shop"
    others = [{**each, key: None} for each in crowd()]
    pair = found({**ADA, key: "A1"}, {**twin, key: "B2"}, among=others).get((1, 2))
    assert pair is None or (pair.score < without.score and ["external", "different"] in pair.reasons)


def test_the_same_base_gives_the_same_pairs_in_any_order():
    people = [ADA, {**ADA, "id": 2, "city": "Londn"}, *crowd()]
    once = find_pairs(frame(*people))
    assert once == find_pairs(frame(*people))
    assert {(p.first, p.second) for p in once} == {(p.first, p.second) for p in find_pairs(frame(*reversed(people)))}


def test_an_empty_base_and_one_customer_have_no_pairs():
    assert find_pairs(frame(ADA)) == []
    assert find_pairs(frame(ADA).clear()) == []


def misspelt(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text))
    return draw.choice([text[:at] + text[at + 1 :], text[:at] + draw.choice("aeiou") + text[at:]])


def test_a_base_with_mistakes_made_up_is_found_again():
    """A small cut of what bench/duplicates.py measures on published data."""
    draw = random.Random(5)
    people = crowd(600, seed=2)
    truth = set()
    for number, one in enumerate(draw.sample(people, 150)):
        copy = {**one, "id": 5000 + number, "name": misspelt(draw, one["name"])}
        copy[draw.choice(["city", "postcode", "birth_date", "email"])] = None
        copy["address"] = misspelt(draw, one["address"])
        people.append(copy)
        truth.add((one["id"], copy["id"]))
    got = {(pair.first, pair.second) for pair in find_pairs(frame(*people))}
    right = len(got & truth)
    assert 2 * right / (len(got) + len(truth)) >= 0.99


def test_progress_is_told_to_the_end():
    heard = []
    find_pairs(frame(ADA, {**ADA, "id": 2}, *crowd(50)), lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] > 0


def test_scores_are_sorted_and_above_the_threshold():
    people = crowd(80)
    pairs = find_pairs(frame(*people, *({**each, "id": each["id"] + 9000} for each in people)))
    scores = [pair.score for pair in pairs]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= THRESHOLD

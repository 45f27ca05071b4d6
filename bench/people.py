"""People made up by numbers alone, the same each time: for the duplicate finder's million."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

Truth = set[tuple[int, int]]

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙段史陶黎贺毛郝顾龚邵"
    "万"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂梅玉华建国文斌宇浩凯健俊帆雪玲婷婉嘉欣怡晨旭阳鹏飞翔志远思源子涵梓轩一诺博天佑雨泽昊然若曦诗琪语嫣佳慧雅楠晓东春生德海清波林峰成龙云"
    "山石川江河月星辰光照祥瑞福禄寿喜安康宁乐"
)
BEGINNINGS = "al be car dan el fran gor hen is jo kar lu mar nor ol pat quin ro sam tho".split()  # noqa: SIM905
ENDS = "a en ia o us ette ine son ley ton man berg ski ard wick ford by well er field".split()  # noqa: SIM905


def base(count: int, *, doubled: float = 0.03) -> tuple[pl.DataFrame, Truth]:
    """Customers with gaps as real ones have, 3 % of them a second time with mistakes and other gaps."""
    draw = np.random.default_rng(7)
    singles = count - int(count * doubled)
    people = pl.DataFrame({"name": names(draw, singles), **facts(draw, singles)})
    chosen = draw.choice(singles, count - singles, replace=False)
    copies = people[chosen.tolist()].with_columns(phone=pl.Series(phones(draw, len(chosen))))
    copies = copies.with_columns(name=pl.Series([misspelt(draw, name) for name in copies["name"]]))
    gaps = {"birth_date": 0.3, "city": 0.2, "postcode": 0.3, "address": 0.3, "email": 0.3, "phone": 0.1}
    more_gaps = {"birth_date": 0.2, "city": 0.0, "postcode": 0.2, "address": 0.3, "email": 0.3, "phone": 0.0}
    people, copies = with_gaps(draw, people, gaps), with_gaps(draw, copies, more_gaps)
    everybody = pl.concat([people, copies]).with_row_index("id", offset=1).with_columns(pl.col("id").cast(pl.Int64))
    return everybody, {(int(one) + 1, singles + number + 1) for number, one in enumerate(chosen)}


def names(draw: np.random.Generator, count: int) -> list[str]:
    common = 1 / np.arange(1, len(SURNAMES) + 1) ** 0.9
    chinese = draw.choice(list(SURNAMES), count, p=common / common.sum())
    for share in (0.0, 0.25):
        letters = draw.choice(list(GIVEN), count)
        chinese = np.char.add(chinese, np.where(draw.random(count) < share, "", letters))
    latin = np.char.add(np.char.add(made_up(draw, count), " "), made_up(draw, count))
    return list(np.where(draw.random(count) < 0.6, chinese, latin).tolist())


def facts(draw: np.random.Generator, count: int) -> dict[str, Any]:
    weights = 1 / np.arange(1, 301)
    streets = np.char.add(np.char.add(draw.integers(1, 400, count).astype(str), " "), made_up(draw, count))
    return {
        "birth_date": pl.Series(np.datetime64("1945-01-01") + draw.integers(0, 22_000, count).astype("m8[D]")),
        "city": draw.choice([f"city{number}" for number in range(300)], count, p=weights / weights.sum()),
        "postcode": (100_000 + draw.integers(0, 9_000, count) * 10).astype(str),
        "address": np.char.add(streets, " street"),
        "phone": phones(draw, count),
        "email": np.char.add(
            np.char.add(made_up(draw, count), draw.integers(1, 9_999, count).astype(str)), "@mail.example"
        ),
    }


def phones(draw: np.random.Generator, count: int) -> Any:
    return np.char.add("+861", draw.integers(3 * 10**9, 10**10 - 1, count).astype(str))


def made_up(draw: np.random.Generator, count: int) -> Any:
    third = np.where(draw.random(count) < 0.7, draw.choice(ENDS, count), "")
    return np.char.add(np.char.add(draw.choice(BEGINNINGS, count), draw.choice(ENDS, count)), third)


def misspelt(draw: np.random.Generator, name: str) -> str:
    """A letter lost in one of four."""
    at = int(draw.integers(1, max(2, len(name) - 1)))
    return name[:at] + name[at + 1 :] if draw.random() < 0.25 and len(name) > 4 else name


def with_gaps(draw: np.random.Generator, people: pl.DataFrame, gaps: dict[str, float]) -> pl.DataFrame:
    def gap(name: str, share: float) -> pl.Expr:
        lost = pl.Series(draw.random(len(people)) < share)
        return pl.when(lost).then(None).otherwise(pl.col(name)).alias(name)

    return people.with_columns(gap(name, share) for name, share in gaps.items())

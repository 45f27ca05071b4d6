"""The base in columns, normalised for comparison: names by sound, addresses by their words, numbers by digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from guanxi.customers.duplicates.columns import Column, Numbers, share
from guanxi.kit.names import split_name
from guanxi.kit.pinyin import readings, surname_reading
from guanxi.kit.text import fold, has_han

# Texts that one record in many shares say nothing of identity; an own field is compared when two records agree on it
# by chance less often than this.
IDENTIFYING_CHANCE = 0.002
SHORTEST_OWN_VALUE = 4
_COMPANY_FORM = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|公司|\b(incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|plc"
    r"|gmbh|ag|sa|srl|bv|pty)\b\.?)"
)
_TAIL = 8
# The chance that two Chinese share a family name is near 3 %; of given names of one and of two characters. No base
# makes them rarer: 王伟 are many.
_HAN_FAMILY = 0.03
_HAN_GIVEN = {1: 0.005, 2: 0.0005}


@dataclass(frozen=True)
class Records:
    """One row a customer, in the order of `ids`. Text columns as Column; births as yyyymmdd or 0.

    `family`, `given`: as written, folded; `family_sound`, `given_sound`: in Latin letters. A company's name, without
    its legal form, is its given name. `own` holds the company's own fields that identify, `strong` the external ids
    by namespace, of which one customer has one.
    """

    ids: Numbers
    is_company: Numbers
    family: Column
    given: Column
    family_sound: Column
    given_sound: Column
    birth: Numbers
    birth_shares: Numbers
    city: Column
    postcode: Column
    address: Column
    numbers: Column
    phone: Column
    email: Column
    company: Column
    own: Mapping[str, Column] = field(default_factory=dict)
    strong: Mapping[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def turned(self) -> Numbers:
        """A number for the name that does not depend on which part is called the family's; 0 without a name."""
        return _hashed(self.family_sound) + _hashed(self.given_sound)


TEXTS = ("name", "kind", "city", "postcode", "address", "phone", "email", "company_name")


def records(frame: pl.DataFrame) -> Records:
    """Read a frame with the columns id, birth_date (Date) and any of TEXTS, `field:<id>` and `strong:<namespace>`.

    Missing columns count as empty.
    """
    frame = frame.with_columns(pl.col(pl.Null).cast(pl.String))
    empty = pl.Series([None] * len(frame), dtype=pl.String)
    text = {name: frame[name] if name in frame.columns else empty for name in TEXTS}
    is_company = (text["kind"] == "company").fill_null(value=False).to_numpy()
    address = _words(text["address"])
    birth = _births(frame)
    return Records(
        ids=frame["id"].to_numpy(),
        is_company=is_company,
        **_names(text["name"], is_company),
        birth=birth,
        birth_shares=_shares_of(birth),
        city=Column.of(text["city"]).map(_place),
        postcode=Column.of(_bare(text["postcode"])),
        address=address,
        numbers=_numbers(address),
        phone=Column.of(text["phone"].str.tail(_TAIL)),
        email=Column.of(_email_persons(text["email"])),
        company=Column.of(text["company_name"]).map(_company),
        own=_own_fields(frame),
        strong={name: Column.of(frame[name]) for name in frame.columns if name.startswith("strong:")},
    )


def _hashed(column: Column) -> Numbers:
    hashes = pl.Series(column.values, dtype=pl.String).hash(seed=1).to_numpy()
    return np.where(column.present, hashes[column.codes], np.uint64(0))


def _births(frame: pl.DataFrame) -> Numbers:
    if "birth_date" not in frame.columns:
        return np.zeros(len(frame), dtype=np.int32)
    day = pl.col("birth_date").dt
    number = day.year() * 10_000 + day.month().cast(pl.Int32) * 100 + day.day()
    return frame.select(birth=number.fill_null(0))["birth"].to_numpy()


def _shares_of(birth: Numbers) -> Numbers:
    """As Column.shares: the first of January and other makeshifts are many people's birthday."""
    _days, codes, counts = np.unique(birth, return_inverse=True, return_counts=True)
    return share(counts, int((birth > 0).sum()))[codes].astype(np.float32)


def _names(names: pl.Series, is_company: Numbers) -> dict[str, Column]:
    marked = pl.when(pl.col("company")).then(pl.lit("\0") + pl.col("name")).otherwise(pl.col("name"))
    whole = Column.of(pl.DataFrame({"name": names, "company": is_company}).select(marked=marked)["marked"])
    parts = [_name_parts(name) for name in whole.values]
    family, given, family_sound, given_sound = (
        whole.recoded(pl.Series(part, dtype=pl.String)) for part in zip(*parts, strict=True)
    )
    return {
        "family": replace(family, floors=_floors(family, {1: _HAN_FAMILY})),
        "given": replace(given, floors=_floors(given, _HAN_GIVEN)),
        "family_sound": family_sound,
        "given_sound": given_sound,
    }


def _floors(column: Column, of_length: dict[int, float]) -> Numbers:
    return np.array(
        [0.0 if name.isascii() else of_length.get(len(name), 0.0) if has_han(name) else 0.0 for name in column.values]
    )


def _name_parts(name: str) -> tuple[str, str, str, str]:
    """Family and given name, folded, and both by sound. Of one word alone nobody knows which it is: given."""
    if name.startswith("\0"):
        company = _company(name[1:])
        return "", company, "", _sound(company)
    if name.isascii() and "," not in name:
        words = name.lower().replace("'", "").replace(".", " ").split()
        if len(words) < 2:
            alone = words[0] if words else ""
            return "", alone, "", alone
        given = " ".join(words[:-1])
        return words[-1], given, words[-1], given
    family, given = split_name(name)
    family, given = fold(family), fold(given)
    return family, given, _surname_sound(family), _sound(given)


@lru_cache(maxsize=65536)
def _surname_sound(family: str) -> str:
    return "".join(surname_reading(family) or ()) or _sound(family)


@lru_cache(maxsize=65536)
def _sound(text: str) -> str:
    if text.isascii():
        return text
    return "".join(letter if letter.isascii() else (readings(letter) or (letter,))[0] for letter in text)


@lru_cache(maxsize=4096)
def _company(name: str) -> str:
    folded = fold(name)
    return " ".join(re.findall(r"\w+", _COMPANY_FORM.sub(" ", folded))) or folded


def _place(city: str) -> str:
    folded = fold(city)
    return folded[:-1] if len(folded) > 2 and folded.endswith("市") else folded


def _bare(texts: pl.Series) -> pl.Series:
    """Letters and digits alone, lower case."""
    return texts.str.to_lowercase().str.replace_all(r"[\W_]", "")


def _words(addresses: pl.Series) -> Column:
    """Each address as its words in sorted order, numbers first: their order no longer matters."""
    whole = Column.of(addresses)
    folded = pl.Series([fold(value) if not value.isascii() else value for value in whole.values], dtype=pl.String)
    words = folded.str.to_lowercase().str.extract_all(r"\d+|[^\W\d_]+").list.sort().list.join(" ")
    return whole.recoded(words)


def _numbers(addresses: Column) -> Column:
    numbers = pl.Series(addresses.values, dtype=pl.String).str.extract_all(r"\d+").list.join(" ")
    return addresses.recoded(numbers)


def _email_persons(emails: pl.Series) -> pl.Series:
    """The part of an address that names the person, without what many providers ignore."""
    local = pl.col("email").str.extract(r"^([^@+]*)").str.to_lowercase()
    bare = local.str.replace_all(".", "", literal=True)
    chosen = pl.when(bare != "").then(bare).otherwise(local)
    return emails.to_frame("email").select(chosen.alias("email"))["email"]


def _own_fields(frame: pl.DataFrame) -> dict[str, Column]:
    """The own fields that identify: few records share a value."""
    found: dict[str, Column] = {}
    for name in frame.columns:
        if not name.startswith("field:"):
            continue
        bare = _bare(frame[name])
        column = Column.of(bare.set(bare.str.len_chars() < SHORTEST_OWN_VALUE, None))
        if not column.is_empty and column.chance() <= max(IDENTIFYING_CHANCE, 3 / int(column.counts.sum())):
            found[name] = column
    return found

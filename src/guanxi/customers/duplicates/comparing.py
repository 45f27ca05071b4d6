"""How far the fields of two records agree: for each pair and field a level, and how common the shared value is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from guanxi.customers.duplicates.columns import MISSING, Column, Numbers
from guanxi.customers.duplicates.records import Records

UNKNOWN, DIFFERENT, CLOSE, SAME = -1, 0, 1, 2
Scorer = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is believed of a field before the base is seen.

    `m` and `u`: how often the field is (different, close, same) in records of one customer, and of two. `rarest`:
    how common a value met in no other record is taken to be. `family`: fields that say much the same share a
    ceiling of evidence (see scoring.CEILINGS).
    """

    name: str
    m: tuple[float, float, float]
    u: tuple[float, float, float]
    rarest: float
    family: str = ""


NAME = Measure("family", (0.05, 0.1, 0.85), (0.985, 0.01, 0.005), 1e-3)
GIVEN = Measure("given", (0.06, 0.12, 0.82), (0.985, 0.01, 0.005), 1e-3)
BIRTH = Measure("birth_date", (0.04, 0.06, 0.9), (0.998, 0.002, 5e-5), 3e-5)
CITY = Measure("city", (0.15, 0.1, 0.75), (0.97, 0.01, 0.02), 1e-2, "place")
POSTCODE = Measure("postcode", (0.15, 0.1, 0.75), (0.99, 0.005, 0.005), 5e-4, "place")
ADDRESS = Measure("address", (0.15, 0.15, 0.7), (0.9985, 0.0014, 1e-4), 1e-5, "place")
PHONE = Measure("phone", (0.5, 0.1, 0.4), (0.99998, 1e-5, 1e-5), 1e-6)
EMAIL = Measure("email", (0.4, 0.1, 0.5), (0.999, 9e-4, 1e-4), 1e-4)
COMPANY = Measure("company_name", (0.3, 0.1, 0.6), (0.99, 0.005, 0.005), 1e-2, "company")
OWN = Measure("own", (0.08, 0.07, 0.85), (0.99988, 1e-4, 2e-5), 1e-6)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of many pairs: their levels, and for those that are the same the share of records with the value."""

    measure: Measure
    levels: Numbers
    shares: Numbers


def compare(people: Records, first: Numbers, second: Numbers) -> Iterator[Comparison]:
    """Compare the pairs of records at `first` and `second`, field by field."""
    yield from _names(people, first, second)
    yield Comparison(BIRTH, _births(people.birth, first, second), people.birth_shares[first])
    for measure, column, scorer, close in _plain(people):
        yield Comparison(measure, _levels(column, first, second, scorer, close), column.shares[first])


def compare_equal(people: Records, first: Numbers, second: Numbers) -> Iterator[Comparison]:
    """As `compare`, by numbers alone and in the pairs' favour: what is not the same counts as close.

    No text is looked at, which makes it fast; the evidence it gives is never less than the true one.
    """
    family, given = people.family, people.given
    turned = people.turned[first] == people.turned[second]
    one_word = (family.codes[first] < 0) | (family.codes[second] < 0)  # may be the other's family or given name
    for measure, written, unsure in ((NAME, family, turned), (GIVEN, given, turned | one_word)):
        levels = _in_favour(written.codes[first], written.codes[second], MISSING)
        shares = np.where(levels == SAME, written.shares[first], 0.0)
        levels[unsure & (levels != UNKNOWN)] = SAME
        yield Comparison(measure, levels, shares)
    births = _in_favour(people.birth[first], people.birth[second], 0)
    yield Comparison(BIRTH, births, people.birth_shares[first])
    for measure, column, _scorer, _close in _plain(people):
        levels = _in_favour(column.codes[first], column.codes[second], MISSING)
        yield Comparison(measure, levels, column.shares[first])


def _in_favour(one: Numbers, other: Numbers, missing: int) -> Numbers:
    levels = np.where(one == other, SAME, CLOSE).astype(np.int8)
    levels[(one == missing) | (other == missing)] = UNKNOWN
    return levels


def _plain(people: Records) -> list[tuple[Measure, Column, Scorer, float]]:
    """The fields that are compared as texts, with what makes two texts close."""
    found: list[tuple[Measure, Column, Scorer, float]] = [
        (CITY, people.city, JaroWinkler.similarity, 0.9),
        (POSTCODE, people.postcode, OSA.normalized_similarity, 0.74),
        (ADDRESS, people.address, fuzz.ratio, 80.0),
        (PHONE, people.phone, OSA.normalized_similarity, 0.87),
        (EMAIL, people.email, JaroWinkler.similarity, 0.92),
        (COMPANY, people.company, JaroWinkler.similarity, 0.93),
    ]
    for name, column in people.own.items():
        own = Measure(name, OWN.m, OWN.u, OWN.rarest)
        found.append((own, column, OSA.normalized_similarity, 0.7))
    return [each for each in found if not each[1].is_empty]


def conflicts(people: Records, first: Numbers, second: Numbers) -> Numbers:
    """Which pairs hold two different ids of one and the same outside system."""
    found = np.zeros(len(first), dtype=bool)
    for column in people.strong.values():
        one, other = column.codes[first], column.codes[second]
        found |= (one >= 0) & (other >= 0) & (one != other)
    return found


def _levels(column: Column, first: Numbers, second: Numbers, scorer: Scorer, close: float) -> Numbers:
    one, other = column.codes[first], column.codes[second]
    levels = np.full(len(one), DIFFERENT, dtype=np.int8)
    levels[one == other] = SAME
    levels[(one < 0) | (other < 0)] = UNKNOWN
    unequal = np.flatnonzero(levels == DIFFERENT)
    alike = _similar(column, column, one[unequal], other[unequal], scorer, close)
    levels[unequal[alike]] = CLOSE
    return levels


def _similar(left: Column, right: Column, one: Numbers, other: Numbers, scorer: Scorer, close: float) -> Numbers:
    """Whether value `one[i]` of `left` and `other[i]` of `right` are at least `close`; on every core."""
    if not len(one):
        return np.zeros(0, dtype=bool)
    scores = process.cpdist(
        left.values[one].tolist(),
        right.values[other].tolist(),
        scorer=scorer,
        score_cutoff=close,
        dtype=np.float32,
        workers=-1,
    )
    return np.asarray(scores) >= close


def _names(people: Records, first: Numbers, second: Numbers) -> tuple[Comparison, Comparison]:
    """Family and given name, as they stand or, where that agrees better, exchanged."""
    family = _name_levels(people.family, people.family_sound, first, second)
    given = _name_levels(people.given, people.given_sound, first, second)
    doubtful = np.flatnonzero(np.maximum(family, 0) + np.maximum(given, 0) < CLOSE + SAME)
    one, other = first[doubtful], second[doubtful]
    turned_family = _crossed(people, one, other)
    turned_given = _crossed(people, other, one)
    straight = np.maximum(family[doubtful], 0) + np.maximum(given[doubtful], 0)
    better = np.maximum(turned_family, 0) + np.maximum(turned_given, 0) > straight
    family[doubtful[better]] = turned_family[better]
    given[doubtful[better]] = turned_given[better]
    return (
        Comparison(NAME, family, people.family.shares[first]),
        Comparison(GIVEN, given, people.given.shares[first]),
    )


def _name_levels(written: Column, sound: Column, first: Numbers, second: Numbers) -> Numbers:
    """The same as written; close when they sound alike, are nearly spelt alike, or one shortens the other."""
    levels = _levels(sound, first, second, JaroWinkler.similarity, 0.88)
    levels[(levels == SAME) & (written.codes[first] != written.codes[second])] = CLOSE
    return levels


def _crossed(people: Records, one: Numbers, other: Numbers) -> Numbers:
    """The family name of `one` against the given name of `other`."""
    left, right = people.family_sound, people.given_sound
    a, b = left.codes[one], right.codes[other]
    levels = np.full(len(a), UNKNOWN, dtype=np.int8)
    both = np.flatnonzero((a >= 0) & (b >= 0))
    levels[both] = DIFFERENT
    levels[both[_similar(left, right, a[both], b[both], JaroWinkler.similarity, 0.88)]] = CLOSE
    levels[both[_similar(left, right, a[both], b[both], JaroWinkler.similarity, 1.0)]] = SAME
    return levels


def _births(birth: Numbers, first: Numbers, second: Numbers) -> Numbers:
    one, other = birth[first].astype(np.int64), birth[second].astype(np.int64)
    levels = np.full(len(one), DIFFERENT, dtype=np.int8)
    levels[_differ_by_a_slip(one, other)] = CLOSE
    levels[one == other] = SAME
    levels[(one == 0) | (other == 0)] = UNKNOWN
    return levels


def _differ_by_a_slip(one: Numbers, other: Numbers) -> Numbers:
    """One digit wrong, two neighbours exchanged, or day and month exchanged."""
    digits = np.array([10**place for place in range(7, -1, -1)])
    a, b = (one[:, None] // digits) % 10, (other[:, None] // digits) % 10
    wrong = (a != b).sum(axis=1)
    exchanged = ((a[:, :-1] == b[:, 1:]) & (a[:, 1:] == b[:, :-1]) & (a[:, :-1] != b[:, :-1])).any(axis=1)
    turned = (one // 10_000 == other // 10_000) & (one // 100 % 100 == other % 100) & (one % 100 == other // 100 % 100)
    return np.asarray((wrong == 1) | ((wrong == 2) & exchanged) | turned)

"""Which pairs to look at: records that share a key. All pairs of a base would be half its square.

Each key is one way in which two records of one customer still agree, whatever else was mistyped. A block larger than
the window is put in the order of another column and only neighbours are paired (the sorted neighbourhood of
Hernández & Stolfo, "The Merge/Purge Problem for Large Databases", SIGMOD 1995). The window of a key shrinks until its
pairs fit the budget, so that a base full of one common name stays affordable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from guanxi.customers.duplicates.columns import Column, Numbers
from guanxi.customers.duplicates.records import Records

WINDOW = 24
PAIRS_PER_RECORD = 2
SMALLEST_BUDGET = 500_000
LOOSE_UP_TO = 50_000
_ORDER_BITS = np.uint64((1 << 24) - 1)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Key:
    """Numbers that records share (0: has none), one a record, and the order within a block.

    `also`: further numbers of the same records in the same sense, such as the other name's initial.
    """

    numbers: Numbers
    order: Numbers
    also: Numbers | None = None


def candidate_pairs(people: Records) -> tuple[Numbers, Numbers]:
    """The places (first < second) of every pair that shares a key and is of one kind, each once."""
    count = np.uint64(len(people))
    budget = max(SMALLEST_BUDGET, PAIRS_PER_RECORD * len(people))
    found: list[Numbers] = []
    for key in _keys(people, loose_too=len(people) <= LOOSE_UP_TO):
        first, second = _neighbours(key, budget=budget)
        found.append(first.astype(np.uint64) * count + second.astype(np.uint64))
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
    first, second = (pairs // count).astype(np.int32), (pairs % count).astype(np.int32)
    alike = people.is_company[first] == people.is_company[second]
    return first[alike], second[alike]


def _keys(people: Records, *, loose_too: bool) -> Iterator[Key]:
    """`loose_too`: also keys that say little, whose pairs a large base can't afford."""
    birth = people.birth.astype(np.uint64)
    family, given = _coded(people.family_sound), _coded(people.given_sound)
    initial, other_initial = _start(people.given_sound, 1), _start(people.family_sound, 1)
    city, postcode = _coded(people.city), _coded(people.postcode)
    numbers, address = _coded(people.numbers), _coded(people.address)
    name = people.turned
    yield Key(_key(birth, initial), family, also=_key(birth, other_initial))
    yield Key(_key(birth, city), name)
    yield Key(_key(birth, postcode), name)
    yield Key(name, _key(birth, city, always=True))
    yield Key(_key(name, city), birth)
    yield Key(_key(name, postcode), birth)
    yield Key(_key(_start(people.family_sound, 2), initial, postcode), birth)
    yield Key(_key(family, city, birth % np.uint64(10_000)), given)
    yield Key(_key(given, postcode), birth)
    yield Key(_key(numbers, postcode), name)
    yield Key(_key(numbers, city, other_initial), given)
    yield Key(address, name)
    yield Key(_coded(people.phone), name)
    yield Key(_coded(people.email), name)
    for column in (*people.own.values(), *people.strong.values()):
        yield Key(_coded(column), name)
    if not loose_too:
        return
    yield Key(birth, name)
    yield Key(_key(family, initial), birth)
    yield Key(_key(given, other_initial), birth)
    yield Key(_key(numbers, initial), name, also=_key(numbers, other_initial))
    yield Key(_key(postcode, initial), birth, also=_key(postcode, other_initial))
    yield Key(_key(city, initial), birth, also=_key(city, other_initial))
    yield Key(_key(given, birth // np.uint64(10_000)), family)
    yield Key(_key(family, birth // np.uint64(10_000)), given)


def _coded(column: Column) -> Numbers:
    return (column.codes + 1).astype(np.uint64)


def _start(column: Column, letters: int) -> Numbers:
    return _coded(column.map(lambda value: value[:letters]))


def _key(*parts: Numbers, always: bool = False) -> Numbers:
    """Several parts as one well-mixed number; 0 where one is missing, unless `always`."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    missing = np.zeros(len(parts[0]), dtype=bool)
    for part in parts:
        mixed = (mixed ^ part) * _MIX
        mixed ^= mixed >> np.uint64(29)
        missing |= part == 0
    if not always:
        mixed[missing] = 0
    return mixed


def _neighbours(key: Key, *, budget: int) -> tuple[Numbers, Numbers]:
    """Pairs of records with a number in common that stand at most a window apart when sorted by (number, order)."""
    holders, numbers = _holders(key)
    firsts, seconds = [holders[:0]], [holders[:0]]
    at, total = np.arange(len(holders)), 0
    for distance in range(1, WINDOW + 1):
        at = at[at + distance < len(holders)]
        at = at[numbers[at] == numbers[at + distance]]
        total += len(at)
        if not len(at) or total > budget:
            break
        one, other = holders[at], holders[at + distance]
        apart = one != other
        firsts.append(np.minimum(one, other)[apart])
        seconds.append(np.maximum(one, other)[apart])
    return np.concatenate(firsts), np.concatenate(seconds)


def _holders(key: Key) -> tuple[Numbers, Numbers]:
    """The places of the records that have a number, sorted, with the numbers beside them.

    Number and order are packed into 64 bits, 40 and 24: one fast sort, and no two numbers in a million fall together.
    """
    numbers, order = key.numbers, key.order
    places = np.arange(len(numbers))
    if key.also is not None:
        numbers, order = np.concatenate([numbers, key.also]), np.concatenate([order, order])
        places = np.concatenate([places, places])
    filled = np.flatnonzero(numbers)
    packed = (_key(numbers[filled]) & ~_ORDER_BITS) | (_key(order[filled]) & _ORDER_BITS)
    sorted_order = np.argsort(packed)
    return places[filled[sorted_order]], packed[sorted_order] & ~_ORDER_BITS

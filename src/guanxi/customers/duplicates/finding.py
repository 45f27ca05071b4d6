"""The finder: records in columns in, pairs that may be one customer out, with scores and reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from guanxi.customers.duplicates.blocking import candidate_pairs
from guanxi.customers.duplicates.columns import Numbers
from guanxi.customers.duplicates.comparing import CLOSE, DIFFERENT, SAME, Comparison, compare, compare_equal, conflicts
from guanxi.customers.duplicates.linking import linked_pairs
from guanxi.customers.duplicates.pairs import FoundPair
from guanxi.customers.duplicates.records import Records, records
from guanxi.customers.duplicates.scoring import Weights, learn, probability

THRESHOLD = 0.3
CHUNK = 400_000
SAMPLE = 200_000
RANDOM_PAIRS = 200_000
RANDOM_PER_RECORD = 40
_LEAST_BITS = np.log2(THRESHOLD / (1 - THRESHOLD))
_SEED = 20_260_308
_NAMES = ("family", "given")
_WORDS = {SAME: "same", CLOSE: "close", DIFFERENT: "different"}


def find_pairs(frame: pl.DataFrame, told: Callable[[int, int], None] = lambda done, total: None) -> list[FoundPair]:
    """Find the pairs in a base (see `records` for the columns of `frame`), likeliest first.

    `told(done, total)` hears of progress, in candidate pairs. The same base gives the same pairs.
    """
    if len(frame) < 2:
        return []
    people = records(frame)
    first, second = candidate_pairs(people)
    weights = _weights(people, first, second)
    found: list[FoundPair] = []
    for start in range(0, len(first), CHUNK):
        part = slice(start, start + CHUNK)
        found += _likely(people, weights, first[part], second[part])
        told(min(start + CHUNK, len(first)), len(first))
    found += list(linked_pairs(found, least=THRESHOLD))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _weights(people: Records, first: Numbers, second: Numbers) -> Weights:
    draw = np.random.default_rng(_SEED)
    chosen = np.arange(len(first)) if len(first) <= SAMPLE else draw.choice(len(first), SAMPLE, replace=False)
    sample = list(compare(people, first[chosen], second[chosen]))
    drawn = min(RANDOM_PAIRS, RANDOM_PER_RECORD * len(people))
    one, other = (draw.integers(0, len(people), drawn) for _side in range(2))
    apart = one != other
    at_random = list(compare(people, one[apart], other[apart]))
    return learn(len(people), sample, conflicts(people, first[chosen], second[chosen]), at_random)


def _likely(people: Records, weights: Weights, first: Numbers, second: Numbers) -> list[FoundPair]:
    conflict = conflicts(people, first, second)
    hopeful = np.flatnonzero(weights.evidence(list(compare_equal(people, first, second)), conflict) >= _LEAST_BITS)
    first, second, conflict = first[hopeful], second[hopeful], conflict[hopeful]
    comparisons = list(compare(people, first, second))
    scores = probability(weights.evidence(comparisons, conflict))
    kept = np.flatnonzero((scores >= THRESHOLD) & _beyond_names(comparisons))
    return list(_pairs(people, first[kept], second[kept], scores[kept], comparisons, conflict, kept))


def _beyond_names(comparisons: list[Comparison]) -> Numbers:
    """A name alone never makes a pair, however rare: something else has to agree."""
    found = np.zeros(len(comparisons[0].levels), dtype=bool)
    for each in comparisons:
        if each.measure.name not in _NAMES:
            found |= each.levels >= CLOSE
    return found


def _pairs(
    people: Records,
    first: Numbers,
    second: Numbers,
    scores: Numbers,
    comparisons: list[Comparison],
    conflict: Numbers,
    kept: Numbers,
) -> Iterator[FoundPair]:
    levels = {each.measure.name: each.levels[kept].tolist() for each in comparisons}
    family, given = (levels.pop(name) for name in _NAMES)
    name = [min(known) if (known := [x for x in pair if x >= 0]) else -1 for pair in zip(family, given, strict=True)]
    levels = {"name": name, **levels}
    clash = conflict[kept].tolist()
    ids = people.ids
    for at, (one, other) in enumerate(zip(ids[first].tolist(), ids[second].tolist(), strict=True)):
        reasons = [[field, _WORDS[column[at]]] for field, column in levels.items() if column[at] >= 0]
        if clash[at]:
            reasons.append(["external", "different"])
        yield FoundPair(min(one, other), max(one, other), round(float(scores[at]), 4), reasons)

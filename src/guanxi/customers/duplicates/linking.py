"""Pairs that follow from others: who is the same as a third is the same as each other.

A record with half its fields empty may resemble its fullest twin and not another one. Records in small groups of
likely pairs are paired as well, with the product of the scores on the best way between them. Large groups are left
alone: a chain of many is held together by its weakest link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from guanxi.customers.duplicates.pairs import FoundPair

LARGEST_GROUP = 10
LINKED = ["linked", "same"]


def linked_pairs(found: Iterable[FoundPair], *, least: float) -> Iterator[FoundPair]:
    """The pairs of `found` imply these, none of them in it, each at least `least` likely."""
    direct = {(pair.first, pair.second): pair.score for pair in found if not _is_conflict(pair)}
    known = {(pair.first, pair.second) for pair in found}
    for group in _groups(direct):
        if 2 < len(group) <= LARGEST_GROUP:
            for (one, other), score in _best_ways(group, direct).items():
                if score >= least and (one, other) not in known:
                    yield FoundPair(one, other, round(score, 4), [LINKED])


def _is_conflict(pair: FoundPair) -> bool:
    return ["external", "different"] in pair.reasons


def _groups(pairs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Customers tied together by pairs."""
    leader: dict[int, int] = {}

    def find(one: int) -> int:
        leader.setdefault(one, one)
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other in pairs:
        leader[find(one)] = find(other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for one in list(leader):
        groups[find(one)].append(one)
    return (sorted(group) for group in groups.values())


def _best_ways(group: list[int], direct: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """For each two of a group the greatest product of scores on a way between them (Floyd & Warshall)."""
    best = {(a, b): direct.get((a, b), 0.0) for a in group for b in group if a < b}
    for over in group:
        for one, other in best:
            if over not in (one, other):
                way = best[min(one, over), max(one, over)] * best[min(over, other), max(over, other)]
                best[one, other] = max(best[one, other], way)
    return best

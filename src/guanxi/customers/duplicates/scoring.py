"""What the agreement of two records is worth: the probability that they are one customer.

Fellegi & Sunter, "A Theory for Record Linkage", JASA 64 (1969): each field adds log2(m/u), where m is how often records
of one customer show that level of agreement and u how often those of two do. u comes from pairs drawn at random; for
equal values from how common the value is (Winkler, "Frequency-Based Matching in Fellegi-Sunter Model of Record
Linkage", 2000), so that two 王伟 say little and two rare names much. m is estimated by expectation maximisation
(Winkler, "Using the EM Algorithm for Weight Computation …", 1988) with the beliefs in `Measure` as Dirichlet prior,
which holds it in place where a base has few duplicates to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from guanxi.customers.duplicates.columns import Numbers
from guanxi.customers.duplicates.comparing import SAME, Comparison

# Fields of one family repeat each other: who shares an address shares city and postcode. Together they add no more.
CEILINGS = {"place": 14.0, "company": 4.0}
# Two ids of one outside system: unlikely to be one person, and never certain.
CONFLICT, CONFLICT_CEILING = -8.0, 2.0
# A base is a sample of a population: two records of few are not for that more likely to be one person.
SMALLEST_POPULATION = 10_000
DUPLICATED = (0.02, 0.5)  # the share of records with a duplicate, as far as it may be learnt
BELIEF_IN_M = 40.0  # the pairs that the prior of m is worth
BELIEF_IN_U = 2_000.0
ROUNDS = 12


@dataclass(slots=True)
class Weights:
    """What each level of each field is worth, and how likely a duplicate is before looking."""

    prior: float
    m: dict[str, Numbers] = field(default_factory=dict)
    u: dict[str, Numbers] = field(default_factory=dict)

    def evidence(self, comparisons: Sequence[Comparison], conflict: Numbers) -> Numbers:
        """The bits that speak for each pair being one customer, prior included."""
        total = np.full(len(conflict), self.prior)
        families: dict[str, Numbers] = {}
        for each in comparisons:
            bits = self._bits(each)
            if each.measure.family:
                families[each.measure.family] = families.get(each.measure.family, 0) + bits
            else:
                total += bits
        for family, bits in families.items():
            total += np.minimum(bits, CEILINGS[family])
        return np.where(conflict, np.minimum(total + CONFLICT, CONFLICT_CEILING), total)

    def _bits(self, each: Comparison) -> Numbers:
        m, u = self.m[each.measure.name], self.u[each.measure.name]
        by_level = np.append(np.log2(m / u), 0.0)  # the last for what is unknown
        bits = by_level[each.levels]
        same = each.levels == SAME
        rarity = np.maximum(each.shares[same], each.measure.rarest)
        bits[same] = np.log2(m[SAME] / rarity)
        return bits


def probability(bits: Numbers) -> Numbers:
    """Bits of evidence as a probability."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60))))


def learn(
    population: int,
    candidates: Sequence[Comparison],
    conflict: Numbers,
    at_random: Sequence[Comparison],
) -> Weights:
    """Weights for a base of `population` records, learnt from candidate pairs and from pairs drawn at random."""
    weights = Weights(prior=_prior(population, DUPLICATED[0]))
    measures = [each.measure for each in candidates]
    for measure in measures:
        weights.m[measure.name], weights.u[measure.name] = np.array(measure.m), np.array(measure.u)
    _learn_u(weights, at_random)
    for _round in range(ROUNDS):
        belief = probability(weights.evidence(candidates, conflict))
        for each in candidates:
            weights.m[each.measure.name] = _shares_of_levels(each, belief, each.measure.m, BELIEF_IN_M)
        weights.prior = _prior(population, float(belief.sum()) / max(population, 1))
    return weights


def _learn_u(weights: Weights, at_random: Sequence[Comparison]) -> None:
    """Pairs drawn at random that the first weights already call duplicates are left out."""
    if not at_random or not len(at_random[0].levels):
        return
    belief = probability(weights.evidence(at_random, np.zeros(len(at_random[0].levels), dtype=bool)))
    for each in at_random:
        apart = (belief < 0.5).astype(float)
        weights.u[each.measure.name] = _shares_of_levels(each, apart, each.measure.u, BELIEF_IN_U)


def _shares_of_levels(each: Comparison, belief: Numbers, prior: tuple[float, float, float], strength: float) -> Numbers:
    known = each.levels >= 0
    counts = np.bincount(each.levels[known], weights=belief[known], minlength=3)
    share = (counts + strength * np.array(prior)) / (counts.sum() + strength)
    return np.asarray(share)


def _prior(population: int, duplicated: float) -> float:
    """Bits for two records of the base being one customer, before looking at them."""
    duplicated = min(max(duplicated, DUPLICATED[0]), DUPLICATED[1])
    return float(np.log2(2 * duplicated / max(population, SMALLEST_POPULATION)))

"""A text column with its distinct values numbered: equality is a comparison of numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[Any]
MISSING = -1
# A base of ten shows little of how common a name is: this many records without the value are thought beside it.
THOUGHT_BESIDE = 1_000


def share(counts: Numbers, total: int) -> Numbers:
    """The share of records with a value that `counts` have, two of one pair left out."""
    return np.asarray(np.maximum(counts - 2, 0) / (total + THOUGHT_BESIDE))


@dataclass(frozen=True)
class Column:
    """`codes[i]` is the place of record i's value in `values`, or -1; `counts` how many records have each value.

    `floors`, where there are any, say how common each value is at least, whatever this base shows.
    """

    codes: Numbers
    values: Numbers
    counts: Numbers
    floors: Numbers | None = None

    @classmethod
    def of(cls, series: pl.Series) -> Column:
        """Number the values of a text series; null and empty are missing."""
        filled = series.to_frame("v").select(v=pl.when(pl.col("v") != "").then(pl.col("v")))["v"]
        coded = filled.to_arrow().dictionary_encode()
        codes = coded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int32)
        values = np.array(coded.dictionary.to_pylist() or [""], dtype=object)
        return cls(codes, values, np.bincount(codes[codes >= 0], minlength=len(values)))

    def map(self, change: Callable[[str], str]) -> Column:
        """The column with every distinct value changed; worked out once per value."""
        return self.recoded([change(value) for value in self.values])

    def recoded(self, values: list[str] | pl.Series) -> Column:
        """The column with value i replaced by `values[i]`; values that fall together get one number."""
        merged = Column.of(pl.Series(values, dtype=pl.String))
        codes = np.append(merged.codes, np.int32(MISSING))[self.codes]
        return Column(codes, merged.values, np.bincount(codes[codes >= 0], minlength=len(merged.values)))

    @cached_property
    def shares(self) -> Numbers:
        """For each record how common its value is: see `share`."""
        shares = share(self.counts, int(self.counts.sum()))
        if self.floors is not None:
            shares = np.maximum(shares, self.floors)
        return np.append(shares, 0.0)[self.codes].astype(np.float32)

    @property
    def present(self) -> Numbers:
        return self.codes >= 0

    @property
    def is_empty(self) -> bool:
        return not bool(self.present.any())

    def chance(self) -> float:
        """How likely two records with a value agree by chance: the sum of squared shares."""
        total = int(self.counts.sum())
        return float(((self.counts / total) ** 2).sum()) if total else 0.0

"""A brake on those who tell too much, in the memory of one process: enough to keep one page from flooding the base."""

from __future__ import annotations


class Brake:
    """So many tokens at most, filled up again at so many a second; each caller has a bucket of their own."""

    def __init__(self, *, most: float, a_second: float, callers: int = 50_000) -> None:
        self._most, self._a_second, self._callers = most, a_second, callers
        self._buckets: dict[str, tuple[float, float]] = {}

    def lets(self, caller: str, *, at: float, cost: float = 1.0) -> bool:
        """Take `cost` tokens, if there are as many. `at` is a monotonic clock's reading in seconds."""
        left, since = self._buckets.get(caller, (self._most, at))
        left = min(self._most, left + (at - since) * self._a_second)
        if left < cost:
            self._buckets[caller] = (left, at)
            return False
        if len(self._buckets) >= self._callers:
            self._buckets.clear()
        self._buckets[caller] = (left - cost, at)
        return True

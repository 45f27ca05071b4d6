"""Items made ahead come in order, with their faults, and without threads left behind."""

from __future__ import annotations

import threading

import pytest
from django.utils import translation

from guanxi.customers.imports.ahead import ahead


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "import-ahead"]


def test_items_come_in_order():
    assert list(ahead(iter(range(100)))) == list(range(100))
    assert threads() == []


def test_a_fault_comes_in_its_turn():
    def items():
        yield 1
        yield 2
        raise ValueError("three")

    made = ahead(items())
    assert (next(made), next(made)) == (1, 2)
    with pytest.raises(ValueError, match="three"):
        next(made)


def test_who_stops_early_leaves_no_thread():
    made = ahead(iter(range(1_000)))
    assert next(made) == 0
    made.close()

    assert threads() == []


def test_the_thread_speaks_the_callers_language():
    with translation.override("zh-hans"):
        assert list(ahead(translation.get_language() for _ in range(1))) == ["zh-hans"]

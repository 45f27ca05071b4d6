"""Each rule catches its bad lines, lets its good ones be, and holds everywhere."""

from __future__ import annotations

import pytest

from tests.architecture.rule import Rule
from tests.architecture.rules import RULES

_each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name.replace(" ", "-"))


@_each
def test_a_rule_tells_good_lines_from_bad(rule: Rule) -> None:
    assert rule.good
    assert rule.bad
    for text in rule.good:
        assert not list(rule.find(text)), f"should be let be: {text}"
    for text in rule.bad:
        assert list(rule.find(text)), f"should be caught: {text}"


@_each
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    breaches = rule.breaches()
    assert not breaches, f"{rule.name}: {rule.why}\n" + "\n".join(breaches)


@_each
def test_nothing_is_excused_without_need(rule: Rule) -> None:
    assert not rule.needless_excuses(), "take these out of `excused`"

"""Visitors who are no people, by how they call themselves. Those who lie are not found, nor meant to be."""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"(?<!cu)bot\b|spider|crawl|slurp|headless|lighthouse|preview|monitor|archiver|scrap|fetch|"
    r"python-|curl/|wget|java/|go-http|okhttp|axios|node\b|phantom|selenium|pingdom|facebookexternalhit",
    re.IGNORECASE,
)


def is_robot(user_agent: str) -> bool:
    return not user_agent or bool(_MARKS.search(user_agent))

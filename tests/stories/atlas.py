"""Every address of the product, with a sample for each of its arguments, found out from the url patterns.

A page added anywhere is looked at from the next run on; one whose arguments have no sample here fails aloud.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from tests.stories.demo_product import DemoProduct

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_REGEX_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
_BUSY = """
SELECT customer_id FROM core_event WHERE customer_id IN (SELECT customer_id FROM customers_relationship)
GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""
_SAMPLES = {
    "customer_id": _BUSY,
    "tag_id": "SELECT min(id) FROM customers_tag",
    "note_id": "SELECT min(id) FROM customers_note",
    "attachment_id": "SELECT 1",
    "identity_id": "SELECT min(id) FROM customers_identity",
    "follow_up_id": "SELECT min(id) FROM customers_followup",
    "relationship_id": "SELECT min(id) FROM customers_relationship",
    "other_id": "SELECT min(other_id) FROM customers_relationship",
    "member_id": "SELECT min(id) FROM staff_member",
    "view_id": "SELECT 1",
    "progress_id": "SELECT coalesce(min(id), 1) FROM core_progress",
    "import_id": "SELECT coalesce(min(id), 1) FROM customers_import",
    "merge_id": "SELECT 1",
    "pair_id": "SELECT coalesce(min(id), 1) FROM customers_duplicatepair",
    "kind": "SELECT 'referred'",
    "name": "SELECT 'name'",
    "what": "SELECT 'tag'",
    "token": "SELECT 'spent'",
    "key": "SELECT 'spent'",
    "uidb36": "SELECT '1'",
    "provider_id": "SELECT 'company'",
    "site_id": "SELECT coalesce(min(id), 1) FROM customers_website",
    "website_id": "SELECT coalesce(min(id), 1) FROM customers_website",
}
# `pk` says nothing by itself; the place it stands in does.
_PK = {
    "settings/people/invitations/": "SELECT 1",
    "settings/people/": "SELECT max(id) FROM staff_member",
    "settings/departments/": "SELECT max(id) FROM staff_department",
    "settings/roles/": "SELECT max(id) FROM staff_role WHERE NOT is_administrator",
    "settings/api-keys/": "SELECT 1",
    "settings/tags/groups/": "SELECT min(id) FROM customers_taggroup",
    "settings/tags/": "SELECT min(id) FROM customers_tag",
    "settings/fields/": "SELECT min(id) FROM customers_field",
    "settings/stages/": "SELECT min(id) FROM customers_stage",
    "settings/sources/": "SELECT min(id) FROM customers_source",
    "settings/relationships/": "SELECT min(id) FROM customers_relationshipkind",
    "settings/websites/": "SELECT coalesce(min(id), 1) FROM customers_website",
    "accounts/": "SELECT 1",
}
# What is no page of ours, or is told by a test of its own.
_ELSEWHERE = (
    "api/v1/",  # JSON
    "demo/",  # signs in and leads on
    "accounts/logout/",  # would sign the walker out
    "accounts/oidc/",  # leads to another server
    "design/",  # only with GUANXI_DEBUG
)
_REGIONS = {
    "customers/<int:customer_id>/": "one-customer",
    "customers/imports/": "imports",
    "customers/": "customers",
    "accounts/2fa/": "second-factor",
    "accounts/": "accounts",
    "settings/people/": "staff",
    "settings/": "settings",
}


@dataclass(frozen=True)
class Place:
    """An address pattern: its route, and its name if it has one."""

    route: str
    name: str

    def address(self, shop: DemoProduct) -> str:
        """A path that the demo data answers."""
        plain = _REGEX_GROUP.sub(r"<\1>", self.route).replace("^", "").replace("$", "")
        return "/" + _PARAMETER.sub(lambda found: str(self._sample(shop, found[1])), plain)

    def _sample(self, shop: DemoProduct, parameter: str) -> object:
        if parameter != "pk":
            assert parameter in _SAMPLES, f"tests/stories/atlas.py needs a sample of “{parameter}” for {self.route}"
            return shop.ask(_SAMPLES[parameter])
        for start, query in _PK.items():
            if self.route.startswith(start):
                return shop.ask(query)
        raise AssertionError(f"tests/stories/atlas.py needs a sample of pk for {self.route}")


@cache
def places() -> tuple[Place, ...]:
    """Every pattern that may be a page, each once."""
    found = {place.route: place for place in reversed(list(_walk(get_resolver().url_patterns, "")))}
    return tuple(place for _route, place in sorted(found.items()) if not place.route.startswith(_ELSEWHERE))


@cache
def regions() -> dict[str, list[Place]]:
    """The places in parts of like size, by how their routes begin."""
    parted: dict[str, list[Place]] = {}
    for place in places():
        region = next((name for start, name in _REGIONS.items() if place.route.startswith(start)), "rest")
        parted.setdefault(region, []).append(place)
    return parted


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Place]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Place(route, pattern.name or "")
        else:
            yield from _walk(pattern.url_patterns, route)

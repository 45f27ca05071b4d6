"""Prints the token of an API key that may tell events. Run on the product under test, as a process of its own."""

from __future__ import annotations

import django

django.setup()

from guanxi.staff.models import ApiKey  # noqa: E402 -- models need Django set up
from guanxi.staff.tests.factories import make_member  # noqa: E402

_key, token = ApiKey.issue(name="Till", member=make_member(is_administrator=True), scopes=["events:edit"])
print(token)  # noqa: T201

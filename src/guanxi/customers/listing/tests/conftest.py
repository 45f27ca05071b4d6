"""The shop, for every test of the list."""

from __future__ import annotations

import pytest

from guanxi.customers.listing.tests.cast import Shop, make_shop


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()

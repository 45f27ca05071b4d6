"""The background work of customers: each room keeps its own beside its verbs."""

from __future__ import annotations

from guanxi.customers.duplicates import jobs as duplicates_jobs  # noqa: F401
from guanxi.customers.imports import jobs as imports_jobs  # noqa: F401
from guanxi.customers.listing import jobs as listing_jobs  # noqa: F401 - registers them
from guanxi.customers.merging import jobs as merging_jobs  # noqa: F401
from guanxi.customers.setup import jobs as setup_jobs  # noqa: F401

"""Customers over JSON, on the same verbs as the pages."""

from __future__ import annotations

from ninja import Router

from guanxi.customers.api import (
    customers,
    duplicates,
    fields,
    filters,
    imports,
    knowing,
    lists,
    settings,
    websites,
    work,
)

router = Router()
for part in (customers, filters, knowing, work, lists, duplicates, imports, settings, fields, websites):
    router.add_router("", part.router)

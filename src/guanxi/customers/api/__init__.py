"""Customers over JSON, on the same verbs as the pages."""

from __future__ import annotations

from ninja import Router

from guanxi.customers.api import customers, filters, knowing, work

router = Router()
for part in (customers, filters, knowing, work):
    router.add_router("", part.router)

"""Customers over JSON, on the same verbs as the pages."""

from ninja import Router

router = Router(tags=["customers"])

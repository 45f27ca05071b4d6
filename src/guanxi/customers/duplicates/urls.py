"""Addresses of the review of duplicates."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.duplicates import views

urlpatterns: list[URLPattern] = [
    path("customers/duplicates/", views.duplicates, name="duplicates"),
    path("customers/duplicates/scan/", views.duplicates_scan, name="duplicates_scan"),
    path("customers/duplicates/scans/", views.duplicates_scan_start, name="duplicates_scan_start"),
    path("customers/duplicates/<int:pair_id>/merge/", views.duplicate_merge, name="duplicate_merge"),
    path("customers/duplicates/<int:pair_id>/distinct/", views.duplicate_distinct, name="duplicate_distinct"),
    path("customers/duplicates/<int:pair_id>/return/", views.duplicate_reopen, name="duplicate_reopen"),
]

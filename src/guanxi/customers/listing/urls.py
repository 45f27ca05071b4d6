"""Addresses of the list."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.listing.views import bulk, saved, table

urlpatterns: list[URLPattern] = [
    path("customers/", table.customers, name="customers"),
    path("customers/filters/", table.customer_filters, name="customer_filters"),
    path("customers/columns/", table.customer_columns, name="customer_columns"),
    path("customers/columns/usual/", table.customer_columns_reset, name="customer_columns_reset"),
    path("customers/views/", saved.view_new, name="customer_view_new"),
    path("customers/views/<int:view_id>/", saved.view_change, name="customer_view"),
    path("customers/bulk/", bulk.customers_bulk, name="customers_bulk"),
    path("customers/bulk/choices/<str:what>/", bulk.bulk_choices, name="bulk_choices"),
    path("customers/work/<int:progress_id>/", bulk.customers_work, name="customers_work"),
    path("customers/work/<int:progress_id>/cancellation/", bulk.customers_work_cancel, name="customers_work_cancel"),
    path("customers/work/<int:progress_id>/undo/", bulk.customers_undo, name="customers_undo"),
    path("customers/export/", bulk.customers_export, name="customers_export"),
]

"""Addresses of imports."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.imports.views import past, wizard

urlpatterns: list[URLPattern] = [
    path("customers/imports/", past.imports, name="imports"),
    path("customers/imports/new/", wizard.import_new, name="import_new"),
    path("customers/imports/<int:import_id>/", past.import_status, name="import_status"),
    path("customers/imports/<int:import_id>/mapping/", wizard.import_mapping, name="import_mapping"),
    path("customers/imports/<int:import_id>/preview/", wizard.import_preview, name="import_preview"),
    path("customers/imports/<int:import_id>/trial/", wizard.import_dry_run, name="import_dry_run"),
    path("customers/imports/<int:import_id>/discard/", wizard.import_discard, name="import_discard"),
    path("customers/imports/<int:import_id>/cancellation/", past.import_cancel, name="import_cancel"),
    path("customers/imports/<int:import_id>/refusals/", past.import_refusals, name="import_refusals"),
    path("customers/imports/<int:import_id>/undo/", past.import_undo, name="import_undo"),
]

"""Addresses of merging."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.merging import views

urlpatterns: list[URLPattern] = [
    path("customers/merge/", views.merge, name="merge"),
    path("customers/merges/<int:merge_id>/undo/", views.merge_undo, name="merge_undo"),
]

"""Pages of customers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guanxi.customers.views.urls")),
    path("", include("guanxi.customers.merging.urls")),
    path("", include("guanxi.customers.duplicates.urls")),
    path("", include("guanxi.customers.listing.urls")),
    path("", include("guanxi.customers.setup.urls")),
    path("", include("guanxi.customers.imports.urls")),
    path("", include("guanxi.customers.intake.websites.urls")),
]

"""Addresses of the web sites."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.intake.websites import views

urlpatterns: list[URLPattern] = [
    path("track.js", views.script, name="track_script"),
    path("settings/websites/", views.websites, name="websites"),
    path("settings/websites/<int:website_id>/", views.website, name="website"),
    path("settings/websites/<int:website_id>/archival/", views.website_archival, name="website_archival"),
    path("settings/websites/<int:website_id>/return/", views.website_return, name="website_return"),
]

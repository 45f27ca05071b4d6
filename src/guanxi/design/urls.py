"""Addresses of design: the living guide to the components, while developing."""

from django.conf import settings
from django.urls import URLPattern, path

from guanxi.design import views

urlpatterns: list[URLPattern] = []
if settings.DEBUG:
    urlpatterns += [
        path("design/", views.design_guide, name="design_guide"),
        path("design/panel/<str:name>/", views.guide_panel, name="design_guide_panel"),
    ]

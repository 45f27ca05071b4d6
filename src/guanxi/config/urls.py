"""The root of all addresses: each domain brings its own."""

from __future__ import annotations

from django.urls import include, path

from guanxi.config.api import api
from guanxi.config.demo.views import sign_in

handler400 = "guanxi.design.views.bad_request"
handler403 = "guanxi.design.views.forbidden"
handler404 = "guanxi.design.views.not_found"
handler500 = "guanxi.design.views.server_error"

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("guanxi.staff.urls")),  # before allauth, some of whose pages it replaces
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("demo/<str:token>/", sign_in, name="demo_sign_in"),
    path("", include("guanxi.design.urls")),
    path("", include("guanxi.customers.urls")),
    path("", include("guanxi.desk.urls")),
]

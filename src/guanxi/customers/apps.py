from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "guanxi.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from guanxi.customers import reactions  # noqa: F401 - registers the readers
        from guanxi.customers.panels import own  # noqa: F401 - registers the sentences of its events
        from guanxi.staff.permissions import register_module

        register_module("customers", _("Customers"))
        register_module("imports", _("Imports"), ("see", "edit", "delete"))

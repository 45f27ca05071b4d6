"""Django's entry to staff: its modules of permission, and ears for what allauth says."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Registers the modules that staff answers for and connects reactions."""

    name = "guanxi.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from guanxi.staff import reactions
        from guanxi.staff.permissions import register_module

        register_module("staff", _("People and roles"), ("see", "edit", "administer"))
        register_module("settings", _("Settings"), ("see", "edit", "administer"))
        register_module("events", _("Event log"), ("see", "edit", "administer"))
        reactions.connect()

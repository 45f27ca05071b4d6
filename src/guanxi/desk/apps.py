from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "guanxi.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from guanxi.core.live import register_topic

        register_topic("member", lambda member, rest: rest == str(member.pk))  # one's own reminders, nobody else's

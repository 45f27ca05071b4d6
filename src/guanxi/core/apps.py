from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "guanxi.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from guanxi.core import checks  # noqa: F401 - importing registers them
        from guanxi.core.events import upkeep  # noqa: F401 - importing registers the nightly job
        from guanxi.core.live import register_topic
        from guanxi.core.models import Progress

        register_topic("progress", Progress.may_follow)

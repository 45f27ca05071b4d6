"""Django's entry to the design app: it has no models, only a check that the front-end libraries are there."""

from django.apps import AppConfig
from django.core.checks import register


class DesignConfig(AppConfig):
    """Registers the check of front-end libraries."""

    name = "guanxi.design"
    label = "design"
    verbose_name = "Design"

    def ready(self) -> None:
        from guanxi.design.assets import check_libraries

        register(check_libraries)

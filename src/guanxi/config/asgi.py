"""What an ASGI server loads: sets Django up, then opens the front door."""

from __future__ import annotations

import os

import django
import structlog

from guanxi.core import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
if not structlog.is_configured():
    logs.configure()
django.setup()

from guanxi.config.front_door import application, warm_up  # noqa: E402 -- models need Django set up

__all__ = ["application", "warm_up"]

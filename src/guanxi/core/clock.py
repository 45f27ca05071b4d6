"""The clock, read only at the edge (views, jobs, the command line); deeper down, times pass in."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()

"""What several pages of staff answer alike."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from guanxi.core.errors import Refused
from guanxi.design.pages import toast


def carried_out(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Whether the act changed something; a refusal becomes a red toast."""
    try:
        return bool(act())
    except Refused as refused:
        toast(request, str(refused), level="danger")
        return False


def as_id(text: str) -> int | None:
    """The row number in a query string; nothing when it can't be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None

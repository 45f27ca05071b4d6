"""Logging: one line an event, JSON for machines and colour for people, with request ids, without secrets."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor

_SECRET = re.compile(r"password|passwd|secret|token|authorization|cookie|api_?key|session|csrf", re.IGNORECASE)
_HIDDEN = "[hidden]"
_QUIET = {
    "django.request": "ERROR",
    "procrastinate": "WARNING",
    "_granian": "WARNING",
    "fontTools": "WARNING",
}


def configure(*, level: str | None = None, console: bool | None = None) -> None:
    """Set up structlog and the standard library's logging alike. GUANXI_LOG_LEVEL and GUANXI_LOG_FORMAT
    (json | console) decide unless told; without them it is INFO, and console when stderr is a terminal.
    """
    chosen = (level or os.environ.get("GUANXI_LOG_LEVEL") or "INFO").upper()
    if console is None:
        told = os.environ.get("GUANXI_LOG_FORMAT", "")
        console = told == "console" or (told != "json" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    rendering: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if console:
        rendering += [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    else:
        rendering += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=rendering))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def hide_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace the value of every key that names a secret, in nested dictionaries too."""
    for key, value in event.items():
        event[key] = _hidden(key, value)
    return event


def _hidden(key: str, value: Any) -> Any:
    if isinstance(key, str) and _SECRET.search(key):
        return _HIDDEN
    if isinstance(value, dict):
        return {inner: _hidden(inner, found) for inner, found in value.items()}
    return value

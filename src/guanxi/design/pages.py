"""Answering with a page, with one block of it, and with a toast.

A page works as plain links and forms first. When htmx asks, it names the element it wants to replace; that
element's id is the name of a block in the page's template, and only the block is rendered. Page and swap
cannot drift apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.template.exceptions import TemplateDoesNotExist
from django.utils.cache import patch_vary_headers
from jinja2 import Template, TemplateNotFound

_UNDO = "undo:"
_LEVELS = {
    messages.DEBUG: "info",
    messages.INFO: "info",
    messages.SUCCESS: "success",
    messages.WARNING: "warning",
    messages.ERROR: "danger",
}


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (a boosted link or a restored history asks for a whole one)."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Boosted") != "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or the block that htmx named in HX-Target when the template, or its frame, has it."""
    found = _template(template)
    values = _values(request, context)
    target = request.headers.get("HX-Target", "") if is_htmx(request) else ""
    fragment = _render_block(found, target, values) if target else None
    response = HttpResponse(found.render(values) if fragment is None else fragment, status=status)
    if fragment is not None:
        send_toasts(request, response)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def block(request: HttpRequest, template: str, name: str, context: Mapping[str, Any] | None = None) -> str:
    """One named block of a template as text, whoever asks: for several swaps in one answer."""
    rendered = _render_block(_template(template), name, _values(request, context))
    if rendered is None:
        raise LookupError(f"{template} has no block {name!r}")
    return rendered


def standalone(request: HttpRequest, template: str, context: Mapping[str, Any]) -> str:
    """A page as text without context processors: for errors, when the database may be the fault."""
    return _template(template).render(_request_values(request) | dict(context))


def toast(request: HttpRequest, text: str, undo_url: str | None = None, level: str = "success") -> None:
    """Tell the member what happened, now or on the page after a redirect; Undo POSTs to `undo_url`."""
    number = next((key for key, name in _LEVELS.items() if name == level), messages.INFO)
    messages.add_message(request, number, text, extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def toasts(request: HttpRequest) -> list[dict[str, str]]:
    """The toasts not yet shown, each with text, level and undo (an address or empty); shown once."""
    return [
        {
            "text": str(message.message),
            "level": _LEVELS.get(message.level, "info"),
            "undo": (message.extra_tags or "").removeprefix(_UNDO),
        }
        for message in messages.get_messages(request)
    ]


def send_toasts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Hand waiting toasts to htmx in HX-Trigger, beside the events a view has put there."""
    if waiting := toasts(request):
        events = json.loads(response.headers.get("HX-Trigger") or "{}")
        response.headers["HX-Trigger"] = json.dumps(events | {"guanxi:toast": {"toasts": waiting}})
    return response


def done(request: HttpRequest, *, events: Mapping[str, Any] | None = None, status: int = 204) -> HttpResponse:
    """An answer to htmx without a body: its toasts, and events that other parts of the page listen to."""
    response = HttpResponse(status=status)
    if events:
        response.headers["HX-Trigger"] = json.dumps(dict(events))
    return send_toasts(request, response)


def _engine() -> Jinja2:
    return next(engine for engine in engines.all() if isinstance(engine, Jinja2))


def _template(name: str) -> Template:
    try:
        return _engine().env.get_template(name)
    except TemplateNotFound as missing:
        raise TemplateDoesNotExist(str(missing.name or name), backend=_engine()) from missing


def _values(request: HttpRequest, context: Mapping[str, Any] | None) -> dict[str, Any]:
    values = dict(context or {}) | _request_values(request) | {"waiting_toasts": lambda: toasts(request)}
    for processor in _engine().template_context_processors:
        values |= {name: value for name, value in processor(request).items() if name not in values}
    return values


def _request_values(request: HttpRequest) -> dict[str, Any]:
    return {
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }


def _render_block(template: Template, name: str, values: dict[str, Any]) -> str | None:
    """A block alone, or nothing if there is none of that name.

    The template is started first, up to its first character of output: that runs the imports and assignments
    at its top and collects the blocks of what it extends, so the block sees what it would in the whole page.
    """
    context = template.new_context(values)
    try:
        for _ in template.root_render_func(context):
            break
        if name not in context.blocks:
            return None
        return "".join(context.blocks[name][0](context))
    except Exception:
        template.environment.handle_exception()

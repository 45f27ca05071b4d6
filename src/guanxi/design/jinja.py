"""The Jinja2 environment of all pages: escaping, translation, and the globals and filters templates share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, Undefined
from markupsafe import Markup

from guanxi.design import fields, formats, icons, tones
from guanxi.design.components import Components


class Missing(StrictUndefined):
    """An unknown name may be tested (`{% if hint %}`), never printed: a slip is an error, not a blank."""

    __bool__ = Undefined.__bool__  # type: ignore[assignment]
    __slots__ = ()


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """As `url`, empty where this installation has no such page."""
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        return ""


def querystring(request: HttpRequest | QueryDict, **changes: Any) -> str:
    """The present query with some parameters changed, from "?": `None` drops one, a list repeats it."""
    present = request.GET if isinstance(request, HttpRequest) else request
    pairs = [(name, value) for name, values in present.lists() if name not in changes for value in values]
    for name, value in changes.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        pairs += [(name, str(each)) for each in values if each is not None and each != ""]
    return "?" + urlencode(pairs)


def attributes(named: Mapping[str, Any]) -> Markup:
    """Keyword arguments as HTML attributes: `hx_post="…"` is hx-post, True a bare name, None nothing."""
    written = [
        Markup(" {}").format(name.replace("_", "-"))
        if value is True
        else Markup(' {}="{}"').format(name.replace("_", "-"), value)
        for name, value in named.items()
        if value is not None and value is not False
    ]
    return Markup("").join(written)


def language() -> str:
    """The current language as browsers name it: en, zh-Hans."""
    main, _, script = (translation.get_language() or settings.LANGUAGE_CODE).partition("-")
    return f"{main}-{script.title()}" if script else main


def environment(**options: Any) -> Environment:
    """Made once by Django's Jinja2 engine, which passes loader, autoescape and auto_reload."""
    made = Environment(  # noqa: S701 - Django passes autoescape=True
        **options
        | {
            "undefined": Missing,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
            "cache_size": 1000,
        }
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals |= {
        "url": url,
        "url_if": url_if,
        "static": static,
        "ui": Components(made),
        "icon": icons.icon,
        "_icon": icons.icon,  # for macros whose parameter is called icon
        "icon_or_nothing": icons.icon_or_nothing,
        "querystring": querystring,
        "language": language,
        "languages": lambda: settings.LANGUAGES,
        "debug": settings.DEBUG,
        "tones": tones.TONES,
        "control": fields.control,
        "field_kind": fields.kind,
        "described_by": fields.described_by,
    }
    made.filters |= {
        "attributes": attributes,
        "date": formats.date,
        "datetime": formats.datetime,
        "time": formats.time,
        "ago": formats.ago,
        "duration": formats.duration,
        "number": formats.number,
        "percent": formats.percent,
        "money": formats.money,
        "count_text": formats.count,
        "filesize": formats.filesize,
        "tone": tones.tone,
        "initials": tones.initials,
    }
    return made

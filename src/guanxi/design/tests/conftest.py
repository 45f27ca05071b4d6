"""A Jinja2 engine of design's own: its templates and the test's, without the context processors of the layers above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory

from guanxi.design import pages
from guanxi.design.components import FOLDER


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose templates `page()` finds."""
    engine = Jinja2(
        {
            "NAME": "jinja2",
            "DIRS": [str(tmp_path), str(FOLDER.parent.parent)],
            "APP_DIRS": False,
            "OPTIONS": {"environment": "guanxi.design.jinja.environment"},
        }
    )
    monkeypatch.setattr(pages, "_engine", lambda: engine)
    return tmp_path


@pytest.fixture
def render(templates: Path) -> Any:
    """Render a line of template with the components and filters in it."""

    def render(source: str, **values: Any) -> str:
        return str(pages._engine().env.from_string(source).render(**values))

    return render


@pytest.fixture
def request_for() -> Any:
    """A request as htmx or a browser sends it, nobody signed in."""

    def request_for(path: str = "/", **headers: str) -> HttpRequest:
        request = RequestFactory().get(path, headers={name.replace("_", "-"): v for name, v in headers.items()})
        request.user = AnonymousUser()
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        return request

    return request_for

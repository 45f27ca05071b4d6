"""From where somebody signs in, as far as the log needs to know."""

from __future__ import annotations

from typing import TypedDict

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

_LONGEST = 200


class Client(TypedDict):
    """The address and the browser of a request."""

    ip: str
    browser: str


def client_of(request: HttpRequest) -> Client:
    """Address and browser; empty where the request tells none. Trusted proxies are allauth's setting."""
    return {"ip": get_client_ip(request) or "", "browser": request.headers.get("User-Agent", "")[:_LONGEST]}

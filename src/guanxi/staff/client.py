"""From where somebody signs in, as far as the log and the list of sessions need to know."""

from __future__ import annotations

from typing import TypedDict

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

_LONGEST = 200
# In this order: most browsers also name those whose ways they follow.
_BROWSERS = {
    "wxwork": "WeCom",
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


class Client(TypedDict):
    """The address and the browser of a request."""

    ip: str
    browser: str


def client_of(request: HttpRequest) -> Client:
    """Address and browser; empty where the request tells none. Trusted proxies are allauth's setting."""
    return {"ip": get_client_ip(request) or "", "browser": request.headers.get("User-Agent", "")[:_LONGEST]}


def browser_name(user_agent: str) -> str:
    """Browser and system for people to read, such as “Chrome · Windows”; what was sent where neither is known."""
    found = [_first_named(user_agent, names) for names in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or user_agent[:60]


def is_phone(user_agent: str) -> bool:
    """Whether the browser calls its device a mobile one."""
    return "Mobile" in user_agent or "Android" in user_agent


def _first_named(user_agent: str, names: dict[str, str]) -> str:
    return next((name for word, name in names.items() if word in user_agent), "")

"""For every address of staff: a stranger is led to sign-in, a colleague without the right is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import URLPattern

from guanxi.staff import urls
from guanxi.staff.permissions import is_permission
from guanxi.staff.tests.factories import client_of, make_member

pytestmark = pytest.mark.django_db

OPEN = {"first_administrator", "invitation_accept", "account_login", "set_language"}
CLOSED = {"account_signup", "account_email", "socialaccount_connections", "socialaccount_signup", None}

_GUARDED = [
    pattern
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern) and pattern.name not in OPEN and pattern.name not in CLOSED
]


def _permission(pattern: URLPattern) -> Any:
    return getattr(pattern.callback, "required_permission", "unguarded")


def _address(pattern: URLPattern) -> str:
    known = {"pk": 999_999, "name": "nobody"}
    return reverse(pattern.name, kwargs={name: known[name] for name in pattern.pattern.converters})


@pytest.mark.parametrize("pattern", _GUARDED, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_led_to_sign_in(pattern: URLPattern, method: str):
    make_member()
    address = _address(pattern)
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("pattern", [p for p in _GUARDED if _permission(p)], ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_colleague_without_the_right_is_refused(pattern: URLPattern, method: str):
    module, verb = _permission(pattern)
    assert is_permission(module, verb)
    others = {module: ["see", "edit", "administer"] for module in ("staff", "settings", "events")}
    others[module].remove(verb)
    answer = getattr(client_of(make_member(permissions=others)), method)(_address(pattern))
    assert answer.status_code == 403


def test_every_address_says_who_may_open_it():
    assert [p.name for p in _GUARDED if _permission(p) == "unguarded"] == []


def test_an_htmx_request_of_a_stranger_is_sent_to_sign_in_as_a_whole_page():
    make_member()
    answer = Client().get("/settings/people/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/?next=/settings/people/")


def test_whoever_is_deactivated_is_out_with_the_next_click():
    member = make_member(permissions={"staff": ["see"]})
    client = client_of(member)
    assert client.get("/settings/people/").status_code == 200
    type(member).objects.filter(pk=member.pk).update(is_active=False)
    make_member()
    assert client.get("/settings/people/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/3rdparty/",
        "/accounts/3rdparty/signup/",
        "/accounts/confirm-email/",
    ],
)
def test_pages_that_guanxi_does_not_have_lead_elsewhere(address):
    member = make_member()
    assert Client().post(address).url == "/accounts/login/"
    assert client_of(member).get(address).url == "/profile/"

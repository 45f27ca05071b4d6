"""Signing in through a provider that really answers: discovery, code, token, user info, over HTTP on this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from guanxi.core.models import Event
from guanxi.staff import events
from guanxi.staff.models import Member
from guanxi.staff.tests.factories import client_of, make_member

pytestmark = pytest.mark.django_db


class Provider(ThreadingHTTPServer):
    """An OpenID Connect provider whose one user is `claims`."""

    claims: dict

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """The provider's four answers."""

    server: Provider

    def do_GET(self):
        at = self.server.address
        if self.path == "/.well-known/openid-configuration":
            self.say(
                {
                    "issuer": at,
                    "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token",
                    "userinfo_endpoint": f"{at}/userinfo",
                    "jwks_uri": f"{at}/keys",
                }
            )
        else:
            self.say(self.server.claims)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        identity = jwt.encode(
            {"iss": self.server.address, "aud": "guanxi", **self.server.claims}, "k" * 32, algorithm="HS256"
        )
        self.say({"access_token": "a", "token_type": "Bearer", "id_token": identity})

    def say(self, body: dict):
        written = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_words):
        """Silent."""


@pytest.fixture
def provider(settings):
    server = Provider(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "company",
        "name": "Example SSO",
        "client_id": "guanxi",
        "secret": "s",
        "settings": {"server_url": server.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield server
    server.shutdown()
    thread.join()


def go_through(provider, client=None, process="login", **claims):
    """Press the button, be sent to the provider, come back with its code."""
    provider.claims = {"sub": "42", **claims}
    client = client or Client()
    sent = client.post(f"/accounts/oidc/company/login/?next=/profile/&process={process}")
    assert sent.url.startswith(f"{provider.address}/authorize?")
    state = parse_qs(urlsplit(sent.url).query)["state"][0]
    return client, client.get("/accounts/oidc/company/login/callback/", {"code": "c", "state": state})


def test_a_member_known_by_a_verified_address_comes_in(provider):
    ming = make_member("Li Ming", email="ming@example.com")
    client, answer = go_through(provider, email="Ming@example.com", email_verified=True)
    assert answer.url == "/profile/"
    assert client.get("/profile/").status_code == 200
    assert Event.objects.get(name=events.SIGNED_IN).payload["methods"] == ["socialaccount"]
    assert Event.objects.get(name=events.SIGNED_IN).actor_id == ming.pk
    _again, second = go_through(provider, email="ming@example.com", email_verified=True)
    assert second.url == "/profile/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ming@example.com", "email_verified": False},
        {"email": "ming@example.com"},
        {"email": "stranger@example.com", "email_verified": True},
        {},
    ],
)
def test_anybody_else_is_told_why_not(provider, claims):
    make_member("Li Ming", email="ming@example.com")
    client, answer = go_through(provider, **claims)
    assert answer.status_code == 403
    assert "You are not a member here" in answer.content.decode()
    assert client.get("/profile/").status_code == 302
    assert Member.objects.count() == 1


def test_whoever_has_left_stays_out(provider):
    make_member()
    make_member("Li Ming", email="ming@example.com", is_active=False)
    _client, answer = go_through(provider, email="ming@example.com", email_verified=True)
    assert answer.status_code == 403
    assert Event.objects.get(name=events.SIGN_IN_FAILED).payload["method"] == "openid_connect"


def test_an_account_that_took_on_the_address_of_a_colleague_is_refused(provider):
    make_member("Li Ming", email="ming@example.com")
    boss = make_member("Wang Fang", email="wang@example.com")
    go_through(provider, email="ming@example.com", email_verified=True)
    client, answer = go_through(provider, email="wang@example.com", email_verified=True)
    assert answer.status_code == 403
    assert client.get("/profile/").status_code == 302
    assert not SocialAccount.objects.filter(user=boss).exists()


def test_no_account_is_connected_by_hand(provider):
    ming = make_member("Li Ming", email="ming@example.com")
    _client, answer = go_through(
        provider, client_of(ming), process="connect", email="other@example.com", email_verified=True
    )
    assert answer.url == "/profile/"
    assert not SocialAccount.objects.exists()


def test_the_button_stands_on_the_sign_in_page(provider):
    make_member()
    assert "Example SSO" in Client().get("/accounts/login/").content.decode()

"""Coming in and going out: by password, second step, reset and the company's own provider."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from guanxi.core.models import Event
from guanxi.staff import events, jobs
from guanxi.staff.client import browser_name
from guanxi.staff.models import Member
from guanxi.staff.sealing import seal, unseal
from guanxi.staff.tests.factories import PASSWORD, client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_attempts_and_hash_fast(settings):
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ming() -> Member:
    return make_member("Li Ming", email="ming@example.com", password=PASSWORD)


def told(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name).order_by("id"))


def sign_in(client: Client, password: str = PASSWORD, email: str = "ming@example.com"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def confirm(client: Client) -> None:
    """Show once more who one is, as is asked before a change of how one signs in."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sent_mails() -> list[mail.EmailMessage]:
    """Carry the mails that wait, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name="staff.send_mail").order_by("id"):
        jobs.send_mail(**job.args)
    return mail.outbox


def test_a_member_signs_in_whatever_the_case_of_the_address(ming):
    client = Client(headers={"User-Agent": "Test browser"})
    assert sign_in(client, email="Ming@Example.com").url == "/"
    event = told(events.SIGNED_IN)[0]
    assert (event.actor_id, event.payload["methods"], event.payload["ip"]) == (ming.pk, ["password"], "127.0.0.1")
    assert event.payload["browser"] == "Test browser"


def test_a_wrong_password_is_told_without_the_password(ming):
    answer = sign_in(Client(), password="my other secret")
    assert answer.status_code == 200
    event = told(events.SIGN_IN_FAILED)[0]
    assert event.actor_id == ming.pk
    assert event.payload["email"] == "ming@example.com"
    assert "my other secret" not in json.dumps(event.payload)


def test_an_unknown_address_reads_the_same_as_a_wrong_password(ming):
    known, unknown = sign_in(Client(), "wrong"), sign_in(Client(), "wrong", "nobody@example.com")
    words = "This e-mail and password do not match"
    assert words in known.content.decode()
    assert words in unknown.content.decode()
    assert told(events.SIGN_IN_FAILED)[1].actor_kind == "system"


def test_guessing_is_stopped_and_does_not_flood_the_log(ming):
    for _attempt in range(12):
        answer = sign_in(Client(), password="guess")
    assert "Wait five minutes" in answer.content.decode()
    assert len(told(events.SIGN_IN_FAILED)) <= 10
    assert "Wait five minutes" in sign_in(Client()).content.decode()


def test_whoever_is_deactivated_does_not_come_in(ming):
    Member.objects.filter(pk=ming.pk).update(is_active=False)
    answer = sign_in(Client())
    assert answer.url == "/accounts/inactive/"
    assert not told(events.SIGNED_IN)


def test_signing_out_is_told(ming):
    client = Client()
    sign_in(client)
    client.post("/accounts/logout/")
    assert told(events.SIGNED_OUT)[0].actor_id == ming.pk
    assert client.get("/profile/").status_code == 302


def test_the_way_back_is_kept_and_leads_nowhere_else(ming):
    assert (
        Client().post("/accounts/login/?next=/profile/", {"login": ming.email, "password": PASSWORD}).url == "/profile/"
    )
    away = Client().post("/accounts/login/?next=https://evil.example/", {"login": ming.email, "password": PASSWORD})
    assert away.url == "/"


def test_a_code_is_asked_for_once_it_is_set_up(ming):
    secret = generate_totp_secret()
    TOTP.activate(ming, secret)
    assert secret not in json.dumps(Authenticator.objects.get().data), "the secret is sealed"
    client = Client()
    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.get("/profile/").status_code == 302, "half signed in is not in"
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert told(events.SIGN_IN_FAILED)[0].payload["method"] == "second_factor"
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).url == "/"
    assert told(events.SIGNED_IN)[0].payload["methods"] == ["password", "mfa"]


def test_a_recovery_code_opens_once(ming):
    TOTP.activate(ming, generate_totp_secret())
    code = RecoveryCodes.activate(ming).get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        sign_in(client)
        assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == expected


def test_setting_up_the_app_is_told_and_mailed(ming, django_capture_on_commit_callbacks):
    client = Client()
    sign_in(client)
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = page.split('id="authenticator_secret" value="')[1].split('"')[0]
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.url == "/accounts/2fa/recovery-codes/"
    assert {event.payload["kind"] for event in told(events.SECOND_FACTOR_ADDED)} == {"totp", "recovery_codes"}
    codes = client.get(done.url).content.decode()
    assert codes.count("<li>") >= 10
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 200
    assert "asks for a code" in sent_mails()[0].body
    client.post("/accounts/2fa/totp/deactivate/")
    assert "totp" in {event.payload["kind"] for event in told(events.SECOND_FACTOR_REMOVED)}


def test_changing_the_second_step_asks_who_one_is_again(ming):
    client = client_of(ming)
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    page = client.get("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_a_forgotten_password_is_chosen_anew_by_mail(ming):
    client = Client()
    assert (
        client.post("/accounts/password/reset/", {"email": "MING@example.com"}).url == "/accounts/password/reset/done/"
    )
    assert client.get("/accounts/password/reset/done/").status_code == 200
    assert "http" not in json.dumps([job.args for job in ProcrastinateJob.objects.all()]), "the link waits sealed"
    message = sent_mails()[0]
    assert message.to == ["ming@example.com"]
    path = next(word for word in message.body.split() if word.startswith("http://testserver/")).partition("testserver")[
        2
    ]
    form = client.get(path, follow=True)
    action = form.redirect_chain[-1][0]
    new = "an even longer sentence"
    assert client.post(action, {"password1": new, "password2": new}).status_code == 302
    assert told(events.PASSWORD_CHANGED)[0].payload["how"] == "reset"
    assert sign_in(Client(), new).url == "/"
    assert "Send a new one" in Client().get(path, follow=True).content.decode()


def test_an_unknown_address_gets_a_mail_that_says_so():
    make_member()
    Client().post("/accounts/password/reset/", {"email": "stranger@example.com"})
    assert "no member of this Guanxi has it" in sent_mails()[0].body


def test_changing_the_password_signs_other_devices_out(ming):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    new = "an even longer sentence"
    done = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert "Your password is changed." in done.content.decode()
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302
    assert told(events.PASSWORD_CHANGED)[0].payload["how"] == "changed"


def test_signing_out_everywhere_else_leaves_this_device(ming):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    assert here.get("/accounts/sessions/").content.decode().count("127.0.0.1") == 2
    here.post("/accounts/sessions/")
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302
    assert UserSession.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_every_own_page_opens(ming, address):
    client, secret = Client(), generate_totp_secret()
    TOTP.activate(ming, secret)
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    confirm(client)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
        "/accounts/3rdparty/login/cancelled/",
        "/accounts/3rdparty/login/error/",
    ],
)
def test_every_page_of_the_entrance_opens(ming, address):
    assert Client().get(address).status_code in (200, 401)


def test_what_is_sealed_opens_again():
    assert unseal(seal("秘密")) == "秘密"
    assert seal("a") != seal("a")


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
            "Chrome · Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0", "WeChat · iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_browsers_are_called_by_name(user_agent, name):
    assert browser_name(user_agent) == name

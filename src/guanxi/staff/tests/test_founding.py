"""The first administrator of all, and the way back in from the command line."""

from __future__ import annotations

import io

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import translation

from guanxi.core.errors import Refused
from guanxi.staff import cli
from guanxi.staff.actions.founding import setup_token, standard_roles
from guanxi.staff.models import Member, Role
from guanxi.staff.permissions import is_permission
from guanxi.staff.tests.factories import PASSWORD, make_administrator, make_member, make_role

pytestmark = pytest.mark.django_db


def form(**changes: str) -> dict[str, str]:
    return {"token": setup_token(), "name": "王芳", "email": "Wang@Example.com", "password": PASSWORD} | changes


@pytest.mark.parametrize("address", ["/profile/", "/settings/people/", "/accounts/login/"])
def test_an_empty_installation_leads_to_its_first_page(address):
    assert Client().get(address).url == "/welcome/"


def test_the_first_to_come_with_the_token_administers():
    client = Client()
    assert client.get(f"/welcome/?token={setup_token()}").status_code == 200
    assert client.post("/welcome/", form()).status_code == 302
    assert client.get("/settings/people/").status_code == 200
    first = Member.objects.get()
    assert (first.name, first.email, first.is_administrator) == ("王芳", "wang@example.com", True)


@pytest.mark.parametrize("token", ["", "guess", "x" * 20])
def test_without_the_token_nobody_does(token):
    answer = Client().post("/welcome/", form(token=token))
    assert answer.status_code == 422
    assert not Member.objects.exists()


def test_an_easy_password_is_refused_and_nothing_is_left_behind():
    assert Client().post("/welcome/", form(password="password123")).status_code == 422
    assert not Member.objects.exists()
    assert not Role.objects.exists()


def test_the_first_page_is_gone_once_somebody_works_here():
    make_member()
    assert Client().get("/welcome/").status_code == 404
    assert Client().post("/welcome/", form()).status_code == 404
    assert cli.welcome_address() == ""


def test_the_address_holds_the_token():
    assert cli.welcome_address("http://localhost:8123") == f"http://localhost:8123/welcome/?token={setup_token()}"


def test_the_standard_roles_name_permissions_that_exist_and_are_made_once():
    with translation.override("zh-hans"):
        roles = standard_roles()
    assert standard_roles().keys() >= {"administrator"}
    assert Role.objects.count() == len(roles) == 4
    for role in roles.values():
        assert all(is_permission(module, verb) for module, verbs in role.permissions.items() for verb in verbs)


def test_a_plain_role_called_administrator_gives_no_power():
    make_role("Administrator")
    boss = make_administrator()
    assert cli.create_administrator("new@example.com", "New", PASSWORD).role == boss.role


def test_the_command_makes_an_administrator(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert cli.run(["create", "--email", "wang@example.com", "--name", "Wang Fang"]) == 0
    assert Member.objects.get().is_administrator
    assert PASSWORD not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert cli.run(["create", "--email", "wang@example.com", "--name", "Wang Fang"]) == 1
    assert "already a member" in capsys.readouterr().err


def test_the_command_lets_somebody_in_again(monkeypatch):
    make_administrator()
    ming = make_member("Li Ming", email="ming@example.com", is_active=False)
    TOTP.activate(ming, generate_totp_secret())
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert cli.run(["restore", "--email", "ming@example.com"]) == 0
    assert Member.objects.get(pk=ming.pk).is_administrator
    assert Client().post("/accounts/login/", {"login": ming.email, "password": PASSWORD}).url == "/"


def test_the_command_knows_nobody_by_a_wrong_address():
    with pytest.raises(Refused, match="Nobody here"):
        cli.let_in_again("nobody@example.com", PASSWORD)

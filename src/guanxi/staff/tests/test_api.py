"""The JSON API of staff: keys, sessions, rights, and every endpoint over its verb."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.models import Event
from guanxi.staff import events
from guanxi.staff.actions.api_keys import revoke_key
from guanxi.staff.actions.members import deactivate
from guanxi.staff.api_auth import find_key
from guanxi.staff.key_lookup import KeyMemory
from guanxi.staff.models import ApiKey, Member, Role
from guanxi.staff.tests.factories import bearer, client_of, make_api_key, make_cast, make_member

pytestmark = pytest.mark.django_db

ALL_OF_STAFF = ("staff:see", "staff:edit", "staff:administer", "settings:administer", "customers:see", "customers:edit")


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def call(cast):
    """Calls as a program of the administrator's: `call("post", "/members", {…})`."""
    _key, token = make_api_key(cast.wang_fang, *ALL_OF_STAFF)
    client = Client()

    def call(method: str, path: str, body: Any = None):
        options = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", headers=bearer(token), **options)

    return call


def test_without_a_key_nobody_answers():
    for token in ("", "gx_wrong", "gx_" + "x" * 500, "wrong"):
        answer = Client().get("/api/v1/members", headers=bearer(token) if token else {})
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_a_key_tells_who_it_is(call, cast):
    said = call("get", "/me").json()
    assert said["member"]["email"] == cast.wang_fang.email
    assert sorted(said["permissions"]) == sorted(ALL_OF_STAFF)


def test_a_key_without_the_scope_is_refused_with_its_name(cast):
    _key, token = make_api_key(cast.wang_fang, "customers:see")
    answer = Client().get("/api/v1/members", headers=bearer(token))
    assert answer.status_code == 403
    assert "staff:see" in answer.json()["title"]


def test_a_key_loses_what_its_member_loses(cast):
    _key, token = make_api_key(cast.chen_jie, "staff:see")
    client = Client(headers=bearer(token))
    assert client.get("/api/v1/members").status_code == 200
    Role.objects.filter(pk=cast.chen_jie.role_id).update(permissions={})
    assert client.get("/api/v1/members").status_code == 403


@pytest.mark.parametrize("end", ["revoke", "expire", "deactivate"])
def test_an_ended_key_is_dead_at_once(cast, end):
    key, token = make_api_key(cast.chen_jie, "staff:see")
    client = Client(headers=bearer(token))
    assert client.get("/api/v1/members").status_code == 200
    now = clock.now()
    if end == "revoke":
        revoke_key(key, by=cast.wang_fang.actor, at=now)
    elif end == "expire":
        ApiKey.objects.filter(pk=key.pk).update(expires_at=now - timedelta(seconds=1))
    else:
        deactivate(cast.chen_jie, by=cast.wang_fang.actor, at=now)
    assert client.get("/api/v1/members").status_code == 401
    assert find_key(token) is None


def test_last_use_is_noted_once_a_minute(cast):
    key, token = make_api_key(cast.chen_jie, "staff:see")
    client = Client(headers=bearer(token))
    client.get("/api/v1/members")
    first = ApiKey.objects.get(pk=key.pk).last_used_at
    client.get("/api/v1/members")
    assert ApiKey.objects.get(pk=key.pk).last_used_at == first
    earlier = first - timedelta(minutes=2)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=earlier)
    client.get("/api/v1/members")
    assert ApiKey.objects.get(pk=key.pk).last_used_at > earlier


def test_our_own_pages_call_with_the_session_and_its_csrf_token(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.wang_fang)
    assert browser.get("/api/v1/members").status_code == 200
    body = {"name": "Beijing"}
    assert browser.post("/api/v1/departments", body, content_type="application/json").status_code == 403
    browser.get("/profile/")
    token = browser.cookies["guanxi_csrf"].value
    answer = browser.post("/api/v1/departments", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 201


def test_a_colleague_without_the_right_is_refused(cast):
    assert client_of(cast.li_ming).get("/api/v1/members").status_code == 403
    assert client_of(cast.li_ming).get("/api/v1/me").status_code == 200


WRITES = [
    ("patch", "/members/1", {}),
    ("post", "/departments", {"name": "X"}),
    ("patch", "/departments/1", {}),
    ("delete", "/departments/1", None),
    ("post", "/roles", {"name": "X"}),
    ("put", "/roles/1", {"name": "X"}),
    ("delete", "/roles/1", None),
    ("get", "/invitations", None),
    ("post", "/invitations", {"email": "a@example.com", "role_id": 1}),
    ("delete", "/invitations/1", None),
    ("get", "/api-keys", None),
    ("post", "/api-keys", {"name": "X", "scopes": ["customers:see"]}),
    ("delete", "/api-keys/1", None),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_whoever_may_only_see_changes_nothing(method, path, body):
    seer = make_member(permissions={"staff": ["see"]})
    options = {} if body is None else {"data": body, "content_type": "application/json"}
    assert getattr(client_of(seer), method)(f"/api/v1{path}", **options).status_code == 403
    assert getattr(Client(), method)(f"/api/v1{path}", **options).status_code == 401


def test_members_are_paged_by_name(call):
    first = call("get", "/members?limit=2").json()
    second = call("get", f"/members?limit=2&after={first['next']}").json()
    assert [member["name"] for member in first["items"]] == ["Chen Jie", "Li Ming"]
    assert [member["name"] for member in second["items"]] == ["Sun Yue", "Wang Fang"]


def test_a_member_is_changed_whole_or_not_at_all(call, cast):
    analyst = cast.sun_yue.role_id
    done = call("patch", f"/members/{cast.li_ming.pk}", {"department_id": None})
    assert done.json()["department_id"] is None
    refused = call("patch", f"/members/{cast.li_ming.pk}", {"department_id": cast.sales.pk, "role_id": 999_999})
    assert refused.status_code == 404
    assert Member.objects.get(pk=cast.li_ming.pk).department_id is None
    _key, token = make_api_key(cast.chen_jie, *("staff:see", "staff:edit", "customers:see"))
    beyond = Client().patch(
        f"/api/v1/members/{cast.li_ming.pk}",
        {"role_id": analyst},
        content_type="application/json",
        headers=bearer(token),
    )
    assert beyond.status_code == 403
    assert beyond.json()["code"] == "beyond_authority"


def test_a_member_is_deactivated_and_told_by_the_key(call, cast):
    assert call("patch", f"/members/{cast.li_ming.pk}", {"is_active": False}).json()["is_active"] is False
    told = Event.objects.get(name=events.MEMBER_DEACTIVATED)
    assert told.actor_kind == "api_key"


def test_departments_roles_invitations_and_keys(call, cast):
    made = call("post", "/departments", {"name": "Beijing", "parent_id": cast.sales.pk})
    assert made.status_code == 201
    beijing = made.json()["id"]
    assert call("patch", f"/departments/{beijing}", {"parent_id": None}).json()["path"] == f"/{beijing}/"
    assert call("post", "/departments", {"name": "Sales", "parent_id": cast.headquarters.pk}).status_code == 422
    assert call("delete", f"/departments/{beijing}").status_code == 204
    role = call("post", "/roles", {"name": "Reader", "permissions": {"customers": ["see"]}, "scope": "own"})
    assert role.status_code == 201
    changed = call("put", f"/roles/{role.json()['id']}", {"name": "Reader", "masks_contacts": True})
    assert changed.json()["masks_contacts"] is True
    wrong = call("post", "/roles", {"name": "Odd", "permissions": {"customers": ["fly"]}})
    assert wrong.json()["code"] == "unknown_permission"
    invited = call("post", "/invitations", {"email": "gao@example.com", "role_id": role.json()["id"]})
    assert invited.json()["link"].startswith("http://testserver/invitations/")
    assert call("delete", f"/roles/{role.json()['id']}").status_code == 409
    assert len(call("get", "/invitations").json()) == 1
    assert call("delete", f"/invitations/{invited.json()['id']}").status_code == 204
    assert call("delete", f"/roles/{role.json()['id']}").status_code == 204
    issued = call("post", "/api-keys", {"name": "Form", "scopes": ["customers:edit"]})
    assert issued.status_code == 201
    assert find_key(issued.json()["token"]).can("customers", "edit")
    assert "token" not in call("get", "/api-keys").json()[0]
    assert call("delete", f"/api-keys/{issued.json()['id']}").status_code == 204
    assert find_key(issued.json()["token"]) is None


def test_a_key_issues_no_key_beyond_itself(call):
    answer = call("post", "/api-keys", {"name": "More", "scopes": ["customers:delete"]})
    assert answer.status_code == 403


def test_the_key_found_by_sql_may_do_what_the_model_says(cast):
    for member, scopes in (
        (cast.wang_fang, ("customers:see", "events:edit")),
        (cast.li_ming, ("customers:see", "customers:delete", "nonsense")),
        (cast.sun_yue, ("customers:export",)),
    ):
        key, token = make_api_key(member, *scopes)
        found = find_key(token)
        assert found.actor == key.actor
        assert found.source == key.source
        assert found.masks_contacts == member.masks_contacts
        for scope in (*scopes, "staff:see"):
            module, _colon, verb = scope.partition(":")
            assert found.can(module, verb) == key.can(module, verb), scope


def test_a_process_forgets_a_key_after_five_seconds(cast):
    _key, token = make_api_key(cast.wang_fang, "customers:see")
    memory, now = KeyMemory(), time.monotonic()
    assert memory.recall(token, at=now) == (False, None)
    memory.keep(token, find_key(token), at=now)
    known, key = memory.recall(token, at=now + 4.9)
    assert known
    assert key.can("customers", "see")
    assert memory.recall(token, at=now + 5.0) == (False, None)

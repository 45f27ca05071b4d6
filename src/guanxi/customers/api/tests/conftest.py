"""A small base of customers, and programs with keys of several kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.customers.actions.creating import create_customer
from guanxi.customers.actions.identities import normalise
from guanxi.customers.models import Customer
from guanxi.staff.models import Member
from guanxi.staff.tests.factories import Cast, bearer, make_api_key, make_cast

EVERYTHING = [
    f"{module}:{verb}"
    for module, verbs in {
        "customers": ("see", "edit", "export", "delete", "administer"),
        "imports": ("see", "edit", "delete"),
        "settings": ("see", "edit", "administer"),
        "staff": ("see", "edit", "administer"),
        "events": ("see", "edit", "administer"),
    }.items()
    for verb in verbs
]


@dataclass
class Program:
    """Calls the API with a key."""

    token: str

    def __post_init__(self) -> None:
        self.client = Client(headers=bearer(self.token))

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def send(self, method: str, path: str, told: Any = None, **headers: str) -> Any:
        body = b"" if told is None else orjson.dumps(told)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"/api/v1{path}", body, content_type="application/json", headers=given)

    def post(self, path: str, told: Any = None, **headers: str) -> Any:
        return self.send("POST", path, told, **headers)

    def put(self, path: str, told: Any = None, **headers: str) -> Any:
        return self.send("PUT", path, told, **headers)

    def patch(self, path: str, told: Any = None, **headers: str) -> Any:
        return self.send("PATCH", path, told, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)


def program_of(member: Member, *scopes: str) -> Program:
    return Program(make_api_key(member, *(scopes or EVERYTHING))[1])


def make_customer(
    name: str, *, owner: Member | None = None, phone: str = "", email: str = "", **values: Any
) -> Customer:
    told = {"phone": phone, "email": email}
    return create_customer(
        by=Member.objects.order_by("pk")[0].actor,
        at=clock.now(),
        values={"name": name, **values},
        identities=[normalise(kind, value) for kind, value in told.items() if value],
        owner=owner,
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def shop(cast: Cast) -> Program:
    """An administrator's key that may do everything."""
    return program_of(cast.wang_fang)


@pytest.fixture
def zhang(cast: Cast) -> Customer:
    return make_customer("张三丰", owner=cast.li_ming, phone="13800138000", email="zsf@example.com", city="上海")


@pytest.fixture
def lin(cast: Cast) -> Customer:
    return make_customer("Lin Yating", owner=cast.zhao_lei, phone="13900139000", city="Hangzhou")

"""Customers for the tests of pages: 张三丰 of the tea house is Li Ming's, Ada is nobody's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from guanxi.core.actors import Actor
from guanxi.customers.actions.creating import create_customer
from guanxi.customers.actions.identities import normalise
from guanxi.customers.models import Customer
from guanxi.staff.models import Member

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def make_customer(
    name: str, *, phone: str = "", email: str = "", owner: Member | None = None, **values: Any
) -> Customer:
    """A customer as the verb makes one."""
    refs = [normalise(kind, value) for kind, value in (("phone", phone), ("email", email)) if value]
    return create_customer(by=Actor.system(), at=NOON, values={"name": name} | values, identities=refs, owner=owner)


def make_sanfeng(owner: Member | None = None) -> Customer:
    return make_customer(
        "张三丰",
        phone="13812345678",
        email="sanfeng.zhang@wudang.cn",
        owner=owner,
        company_name="武当茶业",
        city="十堰",
    )


def make_ada(owner: Member | None = None) -> Customer:
    return make_customer(
        "Ada Lovelace", phone="+442079460018", email="ada@analytical.co.uk", owner=owner, city="London"
    )

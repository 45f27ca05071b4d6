"""A family of records that have everything a record can have, and a way to see every row about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.merging.policies import policies
from guanxi.customers.models import Customer, Identity
from guanxi.staff.models import Department, Member, Role

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
EVENING = NOON + timedelta(hours=8)


def make_member(name: str = "Lin Mei", *, scope: str = "all", verbs: tuple[str, ...] = ("see", "edit")) -> Member:
    role, _made = Role.objects.get_or_create(
        name=f"{scope} {' '.join(verbs)}", defaults={"scope": scope, "permissions": {"customers": list(verbs)}}
    )
    department, _made = Department.objects.get_or_create(name="Sales", parent=None)
    address = f"{name.lower().replace(' ', '.')}@shop.example"
    return Member.objects.create_user(email=address, name=name, role=role, department=department)


def make_customer(name: str, **values: Any) -> Customer:
    made = Customer.objects.create(**{"name": name, "created_at": NOON, "updated_at": NOON, **values})
    refresh_terms([made.pk])
    return made


def identify(customer: Customer, kind: str, value: str, *, primary: bool = False, namespace: str = "") -> Identity:
    made = Identity.objects.create(customer=customer, kind=kind, value=value, namespace=namespace, is_primary=primary)
    refresh_terms([customer.pk])
    return made


def happened(customer: Customer, name: str = "web.page_viewed", *, at: datetime = NOON, **told: Any) -> None:
    with transaction.atomic():
        events.record(name, by=Actor.system(), customer=customer.pk, at=at, **told)


def zhang() -> tuple[Customer, Customer]:
    """张三丰 twice: once by hand, once from the shop."""
    by_hand = make_customer("张三丰", city="上海", birth_date=date(1980, 4, 5))
    from_shop = make_customer("Zhang Sanfeng", title="Master", created_at=NOON - timedelta(days=9))
    identify(by_hand, "phone", "+8613812345678", primary=True)
    identify(from_shop, "phone", "+8613900000000", primary=True)
    identify(from_shop, "email", "zsf@wudang.example", primary=True)
    return by_hand, from_shop


def every_row(*, but: frozenset[str] = frozenset({"customers_merge"})) -> dict[str, list[Any]]:
    """Every row of every table that mentions customers, without the merges and the events that tell of them.

    The version of a customer only ever rises, so that an edit begun before a merge is refused after its undoing.
    """
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for table in sorted({policy.table for policy in policies()} - but):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1")
            found[table] = [orjson.loads(row) for (row,) in cursor.fetchall()]
    for row in found["customers_customer"]:
        del row["version"]
    telling = ("customers.customers_merged", "customers.merge_undone")
    found["core_event"] = [row for row in found["core_event"] if row["name"] not in telling]
    return found

"""The statements by which a batch lands: each one for all of its customers at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from guanxi.core.sql import array_literal, load
from guanxi.customers.actions.absorb import GATE, MetAtOnce
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.models import Customer, ImportedCustomer

RESOLVE = load(__package__, "resolve.sql")
MAKE = load(__package__, "make_customers.sql")
CHANGE = load(__package__, "change_customers.sql")
NAME = load(__package__, "name_customers.sql")
REMEMBER = load(__package__, "remember.sql")
_DRAW_IDS = "SELECT nextval('customers_customer_id_seq') FROM generate_series(1, %s)"

TEXT_COLUMNS = (
    "name",
    "gender",
    "title",
    "company_name",
    "language",
    "country",
    "region",
    "city",
    "address",
    "postcode",
    "description",
)
COLUMNS = ("kind", *TEXT_COLUMNS, "birth_date", "source_id", "fields")


def pass_gate() -> None:
    """Be alone among those who make new customers until the transaction ends, as a large absorbed batch is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])


def resolve(refs: Collection[IdentityRef]) -> dict[IdentityRef, int]:
    """The customers that identities name; those that name nobody are left out."""
    wanted = list(refs)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, _identity_columns(wanted))
        return {wanted[place - 1]: customer_id for place, customer_id in cursor.fetchall()}


def draw_ids(count: int) -> list[int]:
    """Ids for customers about to be made."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_DRAW_IDS, [count])
        return [row[0] for row in cursor.fetchall()]


def lock(customer_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """These customers' columns as they stand, locked in order of id until the transaction ends."""
    rows = (
        Customer.objects.filter(pk__in=list(customer_ids))
        .select_for_update(of=("self",))
        .order_by("pk")
        .values("id", "stage_id", "owner_id", *COLUMNS)
    )
    return {row["id"]: row for row in rows}


def make(made: Sequence[dict[str, Any]], *, at: datetime) -> None:
    if made:
        with connection.cursor() as cursor:
            cursor.execute(MAKE, {"made": _json(made), "at": at})


def change(changed: Sequence[dict[str, Any]], *, at: datetime) -> None:
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(CHANGE, {"changed": _json(changed), "at": at})


def name(given: Sequence[tuple[int, IdentityRef]], *, at: datetime) -> list[tuple[int, int, IdentityRef]]:
    """Give customers identities; returns (identity id, customer id, identity). Raises MetAtOnce when one was
    taken by another transaction meanwhile: the batch has to be resolved again."""
    if not given:
        return []
    columns = _identity_columns([ref for _customer, ref in given])
    customers = array_literal([customer for customer, _ref in given])
    with connection.cursor() as cursor:
        cursor.execute(NAME, {**columns, "customer": customers, "at": at})
        rows = cursor.fetchall()
    if len(rows) != len(given):
        raise MetAtOnce
    return [(row[0], row[1], IdentityRef(row[2], row[4], row[3])) for row in rows]


def remember(import_id: int, made: Collection[int], changed: dict[int, dict[str, Any]]) -> None:
    """Keep what was done to each customer (see ImportedCustomer), beside what earlier batches did."""
    known = {
        kept.customer_id: kept.before
        for kept in ImportedCustomer.objects.filter(of_import=import_id, customer__in=list(changed))
    }
    done = [{"customer_id": customer, "was_created": True, "before": {}} for customer in made]
    for customer, now in changed.items():
        if customer in known or customer not in made:
            before = _joined(known.get(customer, {}), now)
            done.append({"customer_id": customer, "was_created": False, "before": before})
    if done:
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, {"import": import_id, "done": _json(done)})


def _joined(former: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Two batches' changes to one customer as one: from what stood before the first to what stands after the last."""
    changes = dict(former.get("changes", {}))
    for column, (before, after) in now.get("changes", {}).items():
        changes[column] = [changes[column][0] if column in changes else before, after]
    return {
        "changes": changes,
        "identities": [*former.get("identities", ()), *now.get("identities", ())],
        "relationships": [*former.get("relationships", ()), *now.get("relationships", ())],
        "tags": [
            former.get("tags", now.get("tags", [[], []]))[0],
            [*former.get("tags", [[], []])[1], *now.get("tags", [[], []])[1]],
        ],
    }


def _identity_columns(refs: Sequence[IdentityRef]) -> dict[str, str]:
    return {
        "kind": array_literal([ref.kind for ref in refs]),
        "namespace": array_literal([ref.namespace for ref in refs]),
        "value": array_literal([ref.value for ref in refs]),
    }


def _json(rows: Any) -> str:
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)

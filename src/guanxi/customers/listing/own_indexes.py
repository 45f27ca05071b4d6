"""The indexes that carry filters and sorts by the company's own fields: built beside the work, dropped when archived.

A job does it, because `CREATE INDEX CONCURRENTLY` takes minutes on a big base and no transaction. A build that
was broken off leaves an invalid index behind; the next one removes it first.
"""

from __future__ import annotations

from django.db import connection

from guanxi.core.jobs import defer
from guanxi.customers.listing.expressions import LONGEST_KEY
from guanxi.customers.listing.filters.own import index_name
from guanxi.customers.models import Field


def ask_for_index(field: Field) -> None:
    """Have the field's index built, or dropped when the field is archived, after this transaction commits."""
    name = index_name(field)
    defer("customers.index_field", lock="customers.index_field", once=f"{name}:{field.archived_at}", field_id=field.pk)


def bring_index_in_line(field: Field) -> None:
    """Build the index of a field in use, drop that of an archived one. Doing it again changes nothing."""
    if connection.in_atomic_block:
        raise RuntimeError("An index is built beside the work outside of transactions only.")
    if field.archived_at is None:
        _build(field)
    else:
        _drop(field)
    Field.objects.filter(pk=field.pk).update(is_indexed=field.archived_at is None)


def index_states(fields: list[Field]) -> dict[int, str]:
    """Of each field: ready, building or none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = 'customers_customer'::regclass AND c.relname LIKE 'customers\\_own\\_%%'"
        )
        found = dict(cursor.fetchall())
    words = {True: "ready", False: "building", None: "none"}
    return {field.pk: words[found.get(index_name(field))] for field in fields}


def index_definitions(field: Field) -> dict[str, str]:
    """The SQL of the field's indexes by their names. The expressions are those of `own_key`, `own_json` and

    `own_text`, so that the planner knows them."""
    name, key = index_name(field), int(field.pk)
    if field.kind == Field.Kind.MULTI_CHOICE:
        return {name: f"USING gin ((fields -> '{key}')) WHERE (fields -> '{key}') IS NOT NULL"}
    value = f"left((fields ->> '{key}'), {LONGEST_KEY})"
    if field.kind == Field.Kind.NUMBER:
        value = f"customers_number((fields ->> '{key}'))"
    made = {name: f"({value}, id) WHERE {value} IS NOT NULL"}
    if field.kind == Field.Kind.TEXT and _has_trigrams():
        made[f"{name}_part"] = f"USING gin (upper((fields ->> '{key}')) gin_trgm_ops)"
    return made


def _has_trigrams() -> bool:
    """Whether the server has pg_trgm; without it a text is sought letter by letter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def _build(field: Field) -> None:
    if index_states([field])[field.pk] == "building":
        _drop(field)
    for name, definition in index_definitions(field).items():
        _run(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON customers_customer {definition}")
    _run("ANALYZE customers_customer")  # statistics of the new expression


def _drop(field: Field) -> None:
    for suffix in ("", "_part"):
        _run(f"DROP INDEX CONCURRENTLY IF EXISTS {index_name(field)}{suffix}")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

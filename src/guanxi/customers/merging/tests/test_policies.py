"""No table forgets what merging, erasing and exporting a customer mean to it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from guanxi.customers.merging.policies import Policy, policies, register
from guanxi.customers.models import Customer


def declared() -> set[tuple[str, str]]:
    return {(policy.table, column) for policy in policies() for column in policy.database_columns}


def test_every_foreign_key_to_customer_has_a_policy():
    pointing = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Customer
    }
    missing = sorted(pointing - declared())
    assert not missing, f"Declare in policies.py what merging, erasing and exporting do to {missing}"


@pytest.mark.django_db
def test_every_table_with_a_customer_id_has_a_policy():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE a.attname = 'customer_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND c.relnamespace = 'public'::regnamespace
        """)
        assert set(cursor.fetchall()) <= declared()


def test_a_table_has_one_policy():
    (first, *_rest) = policies()
    with pytest.raises(ValueError, match="two policies"):
        register(Policy(first.model, first.columns, first.merge, first.erase, first.export))

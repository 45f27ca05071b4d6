"""The words under which the search box finds customers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from guanxi.core.sql import load
from guanxi.customers.models import Customer, Identity
from guanxi.kit.names import search_terms
from guanxi.kit.search import email_terms

REPLACE_TERMS = load("guanxi.customers", "replace_terms.sql")
LONGEST = 64
BATCH = 5_000


def refresh_terms(customer_ids: Iterable[int]) -> None:
    """Rebuild the search terms of these customers from their names, companies and e-mails, set-wise."""
    wanted = sorted(set(customer_ids))
    for start in range(0, len(wanted), BATCH):
        _refresh_batch(wanted[start : start + BATCH])


def _refresh_batch(customer_ids: list[int]) -> None:
    terms: dict[int, set[str]] = {customer_id: set() for customer_id in customer_ids}
    named = Customer.objects.present().filter(pk__in=customer_ids).values_list("pk", "name", "company_name")
    for customer_id, name, company in named:
        terms[customer_id] |= search_terms(name) | search_terms(company)
    emails = Identity.objects.filter(customer_id__in=customer_ids, kind="email").values_list("customer_id", "value")
    for customer_id, value in emails:
        terms[customer_id] |= email_terms(value)
    rows = [(customer_id, term[:LONGEST]) for customer_id in customer_ids for term in terms[customer_id]]
    with connection.cursor() as cursor:
        cursor.execute(
            REPLACE_TERMS,
            {
                "customers": customer_ids,
                "customer": [customer_id for customer_id, _term in rows],
                "term": [term for _customer, term in rows],
            },
        )

"""A visitor known by nothing but a browser turns out to be a customer: their visits become that customer's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guanxi.core.actors import Actor
from guanxi.customers.merging.merge import UnableToMerge, merge_customers
from guanxi.customers.merging.profile_rules import has_only_cookies
from guanxi.customers.merging.standing import standing_for
from guanxi.customers.models import Customer, Merge

ABSORB_JOB = "customers.absorb_visitor"


def absorb_visitor(visitor_id: int, customer_id: int, *, at: datetime) -> Merge | None:
    """Merge an anonymous visitor into a customer; None where there is nothing to do any more.

    Either may have been merged meanwhile: then the record that stands for it counts. A visitor who is known by more
    than a browser, or has been given a name or an owner, is no longer anonymous and stays.
    """
    visitor_id, survivor_id = standing_for(visitor_id) or 0, standing_for(customer_id) or 0
    if visitor_id == survivor_id or not visitor_id or not survivor_id:
        return None
    with transaction.atomic():
        found = Customer.objects.select_for_update().filter(pk__in=[visitor_id, survivor_id]).order_by("pk")
        locked = {customer.pk: customer for customer in found}
        visitor, survivor = locked.get(visitor_id), locked.get(survivor_id)
        if visitor is None or survivor is None or not is_anonymous(visitor):
            return None
        try:
            choices = {"kind": survivor.pk}
            return merge_customers(survivor, [visitor], choices=choices, by=Actor("automation"), at=at)
        except UnableToMerge:
            return None


def is_anonymous(customer: Customer) -> bool:
    """Known by browsers alone, without a name and looked after by nobody."""
    return not customer.name and customer.owner_id is None and has_only_cookies(customer.pk)

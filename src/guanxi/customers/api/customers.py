"""Customers: listed, read, made, changed, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.creating import FIELD_PREFIX, create_customer, edit_customer
from guanxi.customers.actions.deleting import delete_customer
from guanxi.customers.actions.identities import normalise
from guanxi.customers.api.common import (
    After,
    Limit,
    colleague,
    see_customer,
    seen_version,
    write_identity,
)
from guanxi.customers.api.filters import PARAMETERS, listing
from guanxi.customers.api.shapes import CustomerIn, CustomerOut, CustomerPageOut, CustomerPatch, _Changes
from guanxi.customers.models import Customer, CustomerTag, Field, Source, Stage, Tag
from guanxi.staff.api_auth import Caller, require

router = Router(tags=["customers"])

_PROFILE = (
    "id", "kind", "name", "gender", "birth_date", "title", "company_name", "language", "country", "region", "city",
    "address", "postcode", "description", "stage_id", "owner_id", "source_id", "version", "created_at", "updated_at",
)  # fmt: skip
_FIGURES = (
    "event_count", "first_event_at", "last_event_at", "purchase_count", "purchase_total", "currency",
    "last_purchase_at",
)  # fmt: skip


@router.get("/customers", response=CustomerPageOut, summary="List customers", openapi_extra={"parameters": PARAMETERS})
def list_customers(
    request: HttpRequest, after: After = "", before: After = "", limit: Limit = 50, sort: str = ""
) -> dict[str, Any]:
    """Filtered and sorted as on screen: every parameter of the list page's address works here.

    The company's own fields are filters too: `GET /customer-filters` names them all. `sort` is one of the list's
    orders, with `-` before it from the greatest down. A filter that cannot be used is refused, never left out.
    """
    who = require(request, "customers", "see")
    asked = listing(request.GET, who, sort=sort, after=after, before=before)
    count = asked.count()
    page = asked.page(size=limit, count=count, after=after, before=before)
    return {
        "items": write_customers(_in_order(page.ids), who),
        "previous": page.before,
        "next": page.after,
        "count": count.number,
        "count_is_estimate": count.is_estimate or count.is_capped,
    }


@router.post("/customers", response={201: CustomerOut}, summary="Create a customer")
def create(request: HttpRequest, response: HttpResponse, wanted: CustomerIn) -> Status[dict[str, Any]]:
    """An identity that names another customer already is refused with 409."""
    who = require(request, "customers", "edit")
    limited = who.member.visible_member_ids() is not None
    owner = colleague(wanted.owner_id) if wanted.owner_id else (who.member if limited else None)
    made = create_customer(
        by=who.actor,
        at=clock.now(),
        values=_values(wanted),
        identities=[normalise(each.kind, each.value, namespace=each.namespace) for each in wanted.identities],
        tags=_rows(Tag, wanted.tag_ids, "tag_ids"),
        owner=owner,
        stage=_row(Stage, wanted.stage_id, "stage_id"),
        source=_row(Source, wanted.source_id, "source_id"),
    )
    response["Location"] = f"/api/v1/customers/{made.pk}"
    return Status(201, _written(response, made, who))


@router.get("/customers/{int:customer_id}", response=CustomerOut, summary="One customer")
def read(request: HttpRequest, response: HttpResponse, customer_id: int) -> dict[str, Any]:
    """The ETag is the version: send it as If-Match with a change."""
    who, customer = see_customer(request, customer_id)
    return _written(response, customer, who)


@router.patch("/customers/{int:customer_id}", response=CustomerOut, summary="Change a customer")
def change(request: HttpRequest, response: HttpResponse, customer_id: int, changes: CustomerPatch) -> dict[str, Any]:
    """With `version`, or If-Match, a change over somebody else's is refused with 409 and nothing is lost."""
    who, customer = see_customer(request, customer_id, "edit")
    version = seen_version(request, changes.version)
    customer = edit_customer(customer, by=who.actor, at=clock.now(), values=_values(changes), version=version)
    return _written(response, customer, who)


@router.delete("/customers/{int:customer_id}", response={204: None}, summary="Delete a customer")
def delete(request: HttpRequest, customer_id: int) -> Status[None]:
    """For good: with notes, identities, relationships and the records merged into it. The log keeps its events."""
    who, customer = see_customer(request, customer_id, "delete")
    delete_customer(customer, by=who.actor, at=clock.now())
    return Status(204, None)


def write_customers(customers: Sequence[Customer], who: Caller) -> list[dict[str, Any]]:
    """Customers in JSON, their identities, tags and figures read at once: three queries however many they are."""
    slugs = dict(Field.objects.filter(archived_at=None).values_list("pk", "slug"))
    return [_write(customer, slugs, masks=who.member.masks_contacts) for customer in customers]


def _write(customer: Customer, slugs: dict[int, str], *, masks: bool) -> dict[str, Any]:
    tally = getattr(customer, "tally", None)
    tags = [each.tag for each in customer.customer_tags.all()]
    return {
        **{name: getattr(customer, name) for name in _PROFILE},
        "fields": {slug: customer.fields[str(pk)] for pk, slug in slugs.items() if str(pk) in customer.fields},
        "identities": [write_identity(identity, masks=masks) for identity in customer.identities.all()],
        "tags": [{"id": tag.pk, "name": tag.name, "group_id": tag.group_id} for tag in tags],
        "figures": {name: getattr(tally, name) for name in _FIGURES} if tally else {"purchase_total": Decimal(0)},
    }


def _written(response: HttpResponse, customer: Customer, who: Caller) -> dict[str, Any]:
    response["ETag"] = f'"{customer.version}"'
    return write_customers(_in_order([customer.pk]), who)[0]


def _in_order(ids: Iterable[int]) -> list[Customer]:
    wanted = list(ids)
    found = (
        Customer.objects.filter(pk__in=wanted)
        .select_related("tally")
        .prefetch_related("identities", Prefetch("customer_tags", CustomerTag.objects.select_related("tag")))
        .in_bulk()
    )
    return [found[pk] for pk in wanted if pk in found]


def _values(wanted: _Changes) -> dict[str, Any]:
    """What was said, under the names that the verbs use."""
    said = wanted.model_dump(include=set(_Changes.model_fields) - {"fields"}, exclude_unset=True)
    if said.get("kind", "") is None:
        raise Refused(_("A customer is a person or a company."), field="kind")
    ids = dict(Field.objects.filter(archived_at=None, slug__in=wanted.fields).values_list("slug", "pk"))
    for slug, value in wanted.fields.items():
        if slug not in ids:
            raise Refused(_("There is no field %(field)s.") % {"field": slug[:60]}, field=f"fields.{slug[:60]}")
        said[f"{FIELD_PREFIX}{ids[slug]}"] = value
    return said


def _row(model: Any, pk: int | None, field: str) -> Any:
    return _rows(model, [pk], field)[0] if pk is not None else None


def _rows(model: Any, ids: Sequence[int], field: str) -> list[Any]:
    found = model.objects.in_bulk(list(ids))
    missing = [pk for pk in ids if pk not in found]
    if missing:
        raise Refused(_("There is none with the id %(id)s.") % {"id": missing[0]}, field=field, code="no_such_row")
    return [found[pk] for pk in dict.fromkeys(ids)]

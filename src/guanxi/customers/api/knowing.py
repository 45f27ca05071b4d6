"""What hangs on one customer: the names it is known by, tags, stage, owner, colleagues who work on it, its events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from guanxi.core import clock
from guanxi.core.models import Event
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.collaborating import add_collaborator, remove_collaborator
from guanxi.customers.actions.creating import add_identity, make_primary, remove_identity
from guanxi.customers.actions.identities import normalise
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag, remove_tag
from guanxi.customers.api import shapes
from guanxi.customers.api.common import (
    After,
    CountOut,
    Limit,
    Moment,
    colleague,
    cursor,
    masked,
    see_customer,
    write_identity,
)
from guanxi.customers.events import IDENTITY_ADDED, IDENTITY_REMOVED
from guanxi.customers.masks import shown_identity
from guanxi.customers.models import CustomerTag, Identity, Stage, Tag
from guanxi.kit.cursor import encode_cursor
from guanxi.staff.models import Member

router = Router(tags=["customers"])

_EVENT = (
    "id", "name", "occurred_at", "recorded_at", "actor_kind", "actor_id", "channel", "amount", "currency", "source",
)  # fmt: skip


class WhichEvents(Schema):
    """Which events of a customer, and where the page begins."""

    name: Annotated[list[str], Field(max_length=50, description="Only events of these names.")] = []
    channel: Annotated[str, Field(max_length=40)] = ""
    since: Annotated[Moment | None, Field(description="Not before this moment.")] = None
    until: Annotated[Moment | None, Field(description="Before this moment.")] = None
    after: After = ""
    limit: Limit = 50


@router.post(
    "/customers/{int:customer_id}/identities",
    response={200: shapes.IdentityOut, 201: shapes.IdentityOut},
    summary="Let a customer be known by a further identity",
)
def add_identity_to(request: HttpRequest, customer_id: int, wanted: shapes.IdentityIn) -> Status[dict[str, Any]]:
    """200 when the customer was known by it. An identity that names another customer is refused with 409."""
    who, customer = see_customer(request, customer_id, "edit")
    ref = normalise(wanted.kind, wanted.value, namespace=wanted.namespace)
    known = Identity.objects.filter(customer=customer, **ref._asdict()).exists()
    identity = add_identity(customer, ref, by=who.actor, at=clock.now())
    return Status(200 if known else 201, write_identity(identity, masks=who.member.masks_contacts))


@router.delete(
    "/customers/{int:customer_id}/identities/{int:identity_id}", response={204: None}, summary="Take an identity away"
)
def remove_identity_of(request: HttpRequest, customer_id: int, identity_id: int) -> Status[None]:
    who, customer = see_customer(request, customer_id, "edit")
    remove_identity(get_object_or_404(Identity, pk=identity_id, customer=customer), by=who.actor, at=clock.now())
    return Status(204, None)


@router.put(
    "/customers/{int:customer_id}/identities/{int:identity_id}/primary",
    response=shapes.IdentityOut,
    summary="Use this identity first",
)
def prefer_identity(request: HttpRequest, customer_id: int, identity_id: int) -> dict[str, Any]:
    """Of the identities of its kind this is the one that is shown and written to."""
    who, customer = see_customer(request, customer_id, "edit")
    identity = get_object_or_404(Identity, pk=identity_id, customer=customer)
    make_primary(identity)
    identity.refresh_from_db()
    return write_identity(identity, masks=who.member.masks_contacts)


@router.put("/customers/{int:customer_id}/tags/{int:tag_id}", response=CountOut, summary="Put a tag on a customer")
def put_tag(request: HttpRequest, customer_id: int, tag_id: int) -> dict[str, int]:
    """Of an exclusive group it takes the place of the one carried so far."""
    who, customer = see_customer(request, customer_id, "edit")
    tag = get_object_or_404(Tag.objects.select_related("group"), pk=tag_id, archived_at=None)
    return {"changed": add_tag([customer.pk], tag, by=who.actor, at=clock.now(), how=CustomerTag.How.API)}


@router.delete(
    "/customers/{int:customer_id}/tags/{int:tag_id}", response={204: None}, summary="Take a tag off a customer"
)
def take_tag(request: HttpRequest, customer_id: int, tag_id: int) -> Status[None]:
    who, customer = see_customer(request, customer_id, "edit")
    remove_tag([customer.pk], get_object_or_404(Tag, pk=tag_id), by=who.actor, at=clock.now())
    return Status(204, None)


@router.put("/customers/{int:customer_id}/stage", response=CountOut, summary="Move a customer to a stage")
def put_stage(request: HttpRequest, customer_id: int, wanted: shapes.StageChoice) -> dict[str, int]:
    who, customer = see_customer(request, customer_id, "edit")
    stage = get_object_or_404(Stage, pk=wanted.stage_id) if wanted.stage_id is not None else None
    return {"changed": move_to_stage([customer.pk], stage, by=who.actor, at=clock.now())}


@router.put("/customers/{int:customer_id}/owner", response=CountOut, summary="Give a customer to an owner")
def put_owner(request: HttpRequest, customer_id: int, wanted: shapes.OwnerChoice) -> dict[str, int]:
    """Callers who see only their own lose sight of what they give away."""
    who, customer = see_customer(request, customer_id, "edit")
    owner = colleague(wanted.owner_id) if wanted.owner_id is not None else None
    return {"changed": assign([customer.pk], owner, by=who.actor, at=clock.now(), reason=wanted.reason[:200])}


@router.get(
    "/customers/{int:customer_id}/collaborators",
    response=list[shapes.CollaboratorOut],
    summary="Who works on a customer beside its owner",
)
def list_collaborators(request: HttpRequest, customer_id: int) -> list[dict[str, Any]]:
    _who, customer = see_customer(request, customer_id)
    return [
        {
            "member_id": each.member_id,
            "name": each.member.name,
            "added_by_id": each.added_by_id,
            "created_at": each.created_at,
        }
        for each in customer.collaborators.select_related("member")
    ]


@router.put(
    "/customers/{int:customer_id}/collaborators/{int:member_id}",
    response=CountOut,
    summary="Let a colleague work on a customer",
)
def put_collaborator(request: HttpRequest, customer_id: int, member_id: int) -> dict[str, int]:
    """From now on they see it whatever their scope."""
    who, customer = see_customer(request, customer_id, "edit")
    return {"changed": int(add_collaborator(customer, colleague(member_id), by=who.actor, at=clock.now()))}


@router.delete(
    "/customers/{int:customer_id}/collaborators/{int:member_id}",
    response={204: None},
    summary="A colleague no longer works on a customer",
)
def delete_collaborator(request: HttpRequest, customer_id: int, member_id: int) -> Status[None]:
    who, customer = see_customer(request, customer_id, "edit")
    member = get_object_or_404(Member.objects.get_queryset(), pk=member_id)
    remove_collaborator(customer, member, by=who.actor, at=clock.now())
    return Status(204, None)


@router.get(
    "/customers/{int:customer_id}/events",
    response=shapes.EventPageOut,
    summary="Everything that happened, newest first",
)
def list_events(request: HttpRequest, customer_id: int, which: Query[WhichEvents]) -> dict[str, Any]:
    who, customer = see_customer(request, customer_id)
    events = Event.objects.of_customer(customer.pk)
    if which.name:
        events = events.filter(name__in=which.name)
    if which.channel:
        events = events.filter(channel=which.channel)
    if which.since is not None:
        events = events.filter(occurred_at__gte=which.since)
    if which.until is not None:
        events = events.filter(occurred_at__lt=which.until)
    if which.after:
        moment, number = _place(which.after)
        # The first condition lets PostgreSQL leave later partitions alone; the second is the exact place.
        events = events.filter(Q(occurred_at__lt=moment) | Q(id__lt=number), occurred_at__lte=moment)
    found = list(events[: which.limit + 1])
    shown = found[: which.limit]
    more = len(found) > which.limit
    masks = who.member.masks_contacts
    return {
        "items": [_write_event(event, masks=masks) for event in shown],
        "next": encode_cursor([shown[-1].occurred_at, shown[-1].id]) if more else "",
    }


def _place(after: str) -> tuple[Any, Any]:
    moment, number = cursor(after, datetime, int)
    return moment, number


def _write_event(event: Event, *, masks: bool) -> dict[str, Any]:
    payload = event.payload
    if masks:
        payload = masked(payload)
        if event.name in (IDENTITY_ADDED, IDENTITY_REMOVED):
            told = event.payload
            payload["value"] = shown_identity(str(told.get("kind", "")), str(told.get("value", "")), masks=True)
    return {**{name: getattr(event, name) for name in _EVENT}, "payload": payload}

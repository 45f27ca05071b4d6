"""Saying how two customers are related, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.events import NewEvent, record_many
from guanxi.customers import events
from guanxi.customers.models import Customer, Relationship, RelationshipKind


class UnfitRelationship(Refused):
    """A customer related to itself, or to a record that a merge took up."""

    code = "unfit_relationship"


def relate(
    customer: Customer,
    other: Customer,
    *,
    kind: RelationshipKind,
    by: Actor,
    at: datetime,
    weight: float = 1.0,
) -> Relationship | None:
    """`customer` is `kind` of `other` (referred, follows …). None when that was known.

    Of a kind that reads the same both ways one row is kept, whichever end it is told from.
    """
    if customer.pk == other.pk:
        raise UnfitRelationship(_("A customer cannot be related to itself. Choose another."), field="other")
    if customer.merged_into_id or other.merged_into_id:
        raise UnfitRelationship(_("That record was merged into another. Choose the other one."), field="other")
    ends = sorted((customer, other), key=lambda end: end.pk) if kind.is_symmetric else [customer, other]
    with transaction.atomic():
        relationship, is_new = Relationship.objects.get_or_create(
            customer=ends[0], other=ends[1], kind=kind, defaults={"weight": weight, "created_at": at}
        )
        if not is_new:
            return None
        _tell(events.RELATIONSHIP_ADDED, relationship, by=by, at=at)
    return relationship


def unrelate(relationship: Relationship, *, by: Actor, at: datetime) -> bool:
    """Take a relationship away; False when it was gone."""
    with transaction.atomic():
        count, _each = Relationship.objects.filter(pk=relationship.pk).delete()
        if not count:
            return False
        _tell(events.RELATIONSHIP_REMOVED, relationship, by=by, at=at)
    return True


def _tell(name: str, relationship: Relationship, *, by: Actor, at: datetime) -> None:
    """Both ends' timelines say it, each as it reads from there."""
    kind, one, two = relationship.kind, relationship.customer, relationship.other
    record_many(
        [
            NewEvent(name, by, end.pk, at, payload={"kind": words, "other_id": far.pk, "other": far.name})
            for end, far, words in ((one, two, kind.name), (two, one, kind.reverse_name or kind.name))
        ]
    )

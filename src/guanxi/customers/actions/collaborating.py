"""Letting colleagues work on a customer beside its owner."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.events import record
from guanxi.customers import events
from guanxi.customers.models import Collaborator, Customer
from guanxi.staff.models import Member


class UnfitCollaborator(Refused):
    """Somebody who no longer works here."""

    code = "unfit_collaborator"


def add_collaborator(customer: Customer, member: Member, *, by: Actor, at: datetime) -> bool:
    """From now on the member may see the customer whatever their scope; False when they could as collaborator."""
    if not member.is_active:
        raise UnfitCollaborator(
            _("%(name)s no longer works here. Choose somebody else.") % {"name": member.name}, field="member"
        )
    with transaction.atomic():
        _row, is_new = Collaborator.objects.get_or_create(
            customer=customer,
            member=member,
            defaults={"added_by_id": by.id if by.kind == "staff" else None},
        )
        if is_new:
            _record(events.COLLABORATOR_ADDED, customer, member, by=by, at=at)
    return is_new


def remove_collaborator(customer: Customer, member: Member, *, by: Actor, at: datetime) -> bool:
    """The member no longer works on the customer; False when they did not."""
    with transaction.atomic():
        count, _each = Collaborator.objects.filter(customer=customer, member=member).delete()
        if count:
            _record(events.COLLABORATOR_REMOVED, customer, member, by=by, at=at)
    return bool(count)


def _record(name: str, customer: Customer, member: Member, *, by: Actor, at: datetime) -> None:
    payload = {"member_id": member.pk, "member": member.name}
    record(name, by=by, customer=customer.pk, at=at, payload=payload)

"""Merging: several records of one customer become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.models import ReaderPosition
from guanxi.customers.events import CUSTOMERS_MERGED
from guanxi.customers.merging import profile
from guanxi.customers.merging.acts import Merging
from guanxi.customers.merging.choosing import CONTACTS, default_choices, fields_of
from guanxi.customers.merging.network_rules import point_references
from guanxi.customers.merging.policies import policies
from guanxi.customers.merging.profile_rules import TALLIES
from guanxi.customers.models import Customer, Merge
from guanxi.staff.models import Member

AT_MOST = 20
_KEEP_MERGE = """
INSERT INTO customers_merge (survivor_id, absorbed, before, journal, member_id, merged_at)
SELECT id, %s::jsonb, to_jsonb(c), '{}', %s, %s FROM customers_customer AS c WHERE id = %s RETURNING id
"""
_KEEP_JOURNAL = "UPDATE customers_merge SET journal = %s::jsonb WHERE id = %s"


class UnableToMerge(Refused):
    """These records can't become one as asked."""

    code = "unable_to_merge"


def merge_customers(
    survivor: Customer,
    absorbed: Sequence[Customer],
    *,
    choices: Mapping[str, int] | None = None,
    by: Actor,
    at: datetime,
) -> Merge:
    """Take `absorbed` up into `survivor`: their rows follow, their records stay behind, hidden, for undo_merge.

    `choices` {field: id of the record whose value wins} overrules `default_choices`; fields are named as in
    choosing.COLUMNS, `field:<id>` for own fields, and "phone" and "email" for the primary ones. One transaction.

    Raises UnableToMerge when there are fewer than two or too many, one is merged already or out of the sight of
    the member who asks, or a person would become one with a company without a choice of "kind".
    """
    with transaction.atomic():
        locked = _lock([survivor.pk, *(each.pk for each in absorbed)])
        _refuse_unfit(survivor, absorbed, locked, choices or {}, by)
        chosen = _chosen(locked[survivor.pk], [locked[each.pk] for each in absorbed], choices or {})
        act = Merging(
            survivor=survivor.pk,
            absorbed=sorted(each.pk for each in absorbed),
            chosen=chosen,
            owners={customer.pk: customer.owner_id for customer in locked.values()},
            by=by,
            at=at,
        )
        return _merge(act, locked)


def _merge(act: Merging, locked: dict[int, Customer]) -> Merge:
    hold_readers()
    merge_id = _keep_merge(act)
    changes = profile.unite(act, locked)
    point_references(act)
    for policy in policies():
        policy.merge.merge(policy, act)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_JOURNAL, [act.journal.dump(), merge_id])
    events.record(
        CUSTOMERS_MERGED,
        by=act.by,
        customer=act.survivor,
        at=act.at,
        payload={"merge_id": merge_id, "absorbed": act.absorbed, "changes": changes},
    )
    return Merge.objects.select_related("survivor").get(pk=merge_id)


def hold_readers() -> None:
    """Wait until the tallies' reader has finished its batch, and keep it waiting: it would count events for a
    customer whom they are leaving."""
    list(ReaderPosition.objects.select_for_update().filter(name=TALLIES))


def _lock(ids: list[int]) -> dict[int, Customer]:
    """The records, locked in the order of their ids so that two merges never wait for each other in a circle."""
    found = Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {customer.pk: customer for customer in found}


def _refuse_unfit(
    survivor: Customer,
    absorbed: Sequence[Customer],
    locked: dict[int, Customer],
    choices: Mapping[str, int],
    by: Actor,
) -> None:
    ids = {survivor.pk, *(each.pk for each in absorbed)}
    if not absorbed or len(ids) != len(absorbed) + 1:
        raise UnableToMerge(_("Choose at least two different customers to merge."), code="merge_needs_two")
    if len(ids) > AT_MOST:
        refusal = _("At most {count} customers can be merged at once. Merge them in several steps.")
        raise UnableToMerge(refusal.format(count=AT_MOST), code="merge_too_many")
    if len(locked) != len(ids) or not _sees(by, ids):
        refusal = _("One of these customers is not there, or not among those you may see.")
        raise UnableToMerge(refusal, code="merge_out_of_sight", status=404)
    for customer in locked.values():
        if customer.merged_into_id is not None:
            refusal = _("One of these customers was merged already. Reload the page to see the present records.")
            raise UnableToMerge(refusal, code="merge_already_merged", status=409)
    if len({customer.kind for customer in locked.values()}) > 1 and "kind" not in choices:
        refusal = _("A person and a company are to be merged. Choose which of the two the customer is.")
        raise UnableToMerge(refusal, code="merge_kinds_differ", field="kind")


def _sees(by: Actor, ids: set[int]) -> bool:
    """Whether all records, merged ones included, are within the data scope of the member who asks."""
    if by.kind != "staff":
        return True
    member = Member.objects.select_related("role", "department").filter(pk=by.id or 0).first()
    if member is None:
        return False
    hidden = Customer.objects.present().filter(pk__in=ids)
    return not hidden.exclude(pk__in=Customer.objects.visible_to(member).filter(pk__in=ids).values("pk")).exists()


def _chosen(survivor: Customer, absorbed: Sequence[Customer], choices: Mapping[str, int]) -> dict[str, int]:
    chosen = default_choices(survivor, absorbed)
    known = {*fields_of([survivor, *absorbed]), *CONTACTS}
    ids = {survivor.pk, *(each.pk for each in absorbed)}
    for field, of in choices.items():
        if field not in known or of not in ids:
            refusal = _("The choice for “{field}” names no record of this merge. Reload the page and choose again.")
            raise UnableToMerge(refusal.format(field=field), code="merge_choice", field=field)
    return chosen | dict(choices)


def _keep_merge(act: Merging) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_MERGE, [_json(act.absorbed), act.member_id, act.at, act.survivor])
        return int(cursor.fetchone()[0])


def _json(ids: list[int]) -> str:
    return f"[{', '.join(map(str, ids))}]"

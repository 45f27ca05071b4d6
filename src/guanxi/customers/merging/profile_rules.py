"""Merge rules of what hangs on a profile: identities, tags, collaborators, search terms, tallies."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guanxi.core.models import ReaderPosition
from guanxi.customers.actions.tallying import recount_tallies
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.merging import rows
from guanxi.customers.merging.acts import Merging, Undoing
from guanxi.customers.merging.policies import Policy
from guanxi.customers.merging.rules import Follow
from guanxi.customers.models import Collaborator, Identity

TALLIES = "customers.tallies"  # the reader in reactions.py
_DEMOTE = """
UPDATE customers_identity AS i SET is_primary = false
FROM (
    SELECT id, row_number() OVER (
        PARTITION BY kind
        ORDER BY customer_id <> CASE kind WHEN 'phone' THEN %(phone)s WHEN 'email' THEN %(email)s ELSE 0 END,
            customer_id <> %(survivor)s, id
    ) AS place
    FROM customers_identity
    WHERE customer_id = ANY (%(everybody)s) AND is_primary
) AS ranked
WHERE i.id = ranked.id AND ranked.place > 1
RETURNING i.id
"""
# Not where a colleague has chosen another one meanwhile.
_PROMOTE = """
UPDATE customers_identity AS i SET is_primary = true
WHERE id = ANY (%(demoted)s) AND customer_id = ANY (%(everybody)s)
  AND NOT EXISTS (
    SELECT FROM customers_identity AS o WHERE o.customer_id = i.customer_id AND o.kind = i.kind AND o.is_primary
  )
"""
# Of an exclusive group the survivor's own tag stays, else the one put on last.
_TAKE_EXCLUDED = """
DELETE FROM customers_customertag AS t
USING (
    SELECT ct.tag_id, ct.customer_id, row_number() OVER (
        PARTITION BY tag.group_id
        ORDER BY ct.customer_id <> %(survivor)s, ct.created_at DESC, ct.tag_id, ct.customer_id
    ) AS place
    FROM customers_customertag AS ct
    JOIN customers_tag AS tag ON tag.id = ct.tag_id
    JOIN customers_taggroup AS tag_group ON tag_group.id = tag.group_id
    WHERE ct.customer_id = ANY (%(everybody)s) AND tag_group.is_exclusive
) AS ranked
WHERE t.tag_id = ranked.tag_id AND t.customer_id = ranked.customer_id
  AND ranked.place > 1 AND t.customer_id <> %(survivor)s
RETURNING to_jsonb(t) AS gone
"""
_ADD_TALLIES = """
INSERT INTO customers_tally AS t (
    customer_id, event_count, first_event_at, last_event_at, purchase_count, purchase_total, currency,
    last_purchase_at
)
SELECT %(survivor)s, sum(event_count), min(first_event_at), max(last_event_at), sum(purchase_count),
    coalesce(sum(purchase_total) FILTER (WHERE r.currency = main.currency), 0), main.currency,
    max(last_purchase_at)
FROM jsonb_populate_recordset(NULL::customers_tally, %(taken)s::jsonb) AS r
CROSS JOIN (
    SELECT coalesce((array_agg(currency ORDER BY customer_id <> %(survivor)s, first_event_at)
        FILTER (WHERE currency <> ''))[1], '') AS currency
    FROM jsonb_populate_recordset(NULL::customers_tally, %(taken)s::jsonb)
) AS main
GROUP BY main.currency
RETURNING to_jsonb(t)::text
"""
_TAKE_TALLIES = "DELETE FROM {table} AS t WHERE customer_id = ANY (%(everybody)s) RETURNING to_jsonb(t) AS gone"
_TAKE_SUM = "DELETE FROM customers_tally AS t WHERE customer_id = %(survivor)s AND to_jsonb(t) = %(sum)s::jsonb"


@dataclass(frozen=True, slots=True)
class FollowAsIdentities(Follow):
    """Follow; of each kind one stays the primary: the chosen record's phone and e-mail, else the survivor's."""

    def merge(self, policy: Policy, act: Merging) -> None:
        demoted = rows.ask(
            _DEMOTE,
            {
                "everybody": act.everybody,
                "survivor": act.survivor,
                "phone": act.chosen.get("phone", act.survivor),
                "email": act.chosen.get("email", act.survivor),
            },
        )
        act.journal.noted["demoted"] = sorted(identity for (identity,) in demoted)
        Follow.merge(self, policy, act)

    def undo(self, policy: Policy, act: Undoing) -> None:
        Follow.undo(self, policy, act)
        rows.run(_PROMOTE, {"demoted": act.noted.get("demoted", []), "everybody": act.everybody})


@dataclass(frozen=True, slots=True)
class FollowAsTags(Follow):
    """Follow; a tag the survivor has, or one its exclusive group rules out, gives way."""

    once: str = "tag_id"

    def merge(self, policy: Policy, act: Merging) -> None:
        excluded = rows.take(_TAKE_EXCLUDED, {"survivor": act.survivor, "everybody": act.everybody})
        Follow.merge(self, policy, act)
        repeated = act.journal.taken.get(policy.table, "")
        if excluded:
            act.journal.taken[policy.table] = _joined(excluded, repeated)


@dataclass(frozen=True, slots=True)
class FollowAsCollaborators(Follow):
    """Follow; an owner whose customer went into another's goes on as a collaborator and so keeps seeing it."""

    once: str = "member_id"

    def merge(self, policy: Policy, act: Merging) -> None:
        Follow.merge(self, policy, act)
        present = set(Collaborator.objects.filter(customer_id=act.survivor).values_list("member_id", flat=True))
        remaining = act.owners.get(act.chosen.get("owner", act.survivor))
        owners = {owner for owner in act.owners.values() if owner is not None}
        made = Collaborator.objects.bulk_create(
            Collaborator(customer_id=act.survivor, member_id=member, added_by_id=act.member_id, created_at=act.at)
            for member in sorted(owners - present - {remaining})
        )
        act.journal.made[policy.table] = [row.pk for row in made]

    def undo(self, policy: Policy, act: Undoing) -> None:
        Collaborator.objects.filter(pk__in=act.made.get(policy.table, []), customer_id=act.survivor).delete()
        Follow.undo(self, policy, act)


class Reindex:
    """Search terms are made anew from names and e-mails, at the merge and when it is undone."""

    def merge(self, policy: Policy, act: Merging) -> None:
        refresh_terms(act.everybody)

    def undo(self, policy: Policy, act: Undoing) -> None:
        refresh_terms(act.everybody)


class AddUp:
    """The absorbed's figures are added to the survivor's, until the tallies' reader counts the log afresh.

    Undone, the old figures return if nobody counted meanwhile; else all are counted from the log.
    """

    def merge(self, policy: Policy, act: Merging) -> None:
        taken = rows.take(_TAKE_TALLIES, {"everybody": act.everybody}, table=policy.table)
        if taken:
            act.journal.taken[policy.table] = taken
            summed = rows.ask(_ADD_TALLIES, {"survivor": act.survivor, "taken": taken})
            act.journal.noted["tally"] = summed[0][0]

    def undo(self, policy: Policy, act: Undoing) -> None:
        summed = act.noted.get("tally")
        untouched = bool(summed and rows.run(_TAKE_SUM, {"survivor": act.survivor, "sum": summed}))
        if untouched or not _is_counted(act.survivor):
            rows.put_back(policy.model, act.merge_id)
            return
        position = ReaderPosition.objects.filter(name=TALLIES).first()
        upto = (position.log_xid, position.event_id) if position else (0, 0)
        recount_tallies(act.everybody, upto=upto)


def _is_counted(customer_id: int) -> bool:
    return bool(rows.ask("SELECT FROM customers_tally WHERE customer_id = %(id)s", {"id": customer_id}))


def _joined(first: str, second: str) -> str:
    """Two JSON lists as one, their numbers untouched."""
    if not second:
        return first
    return f"{first[:-1]}, {second[1:]}"


def has_only_cookies(customer_id: int) -> bool:
    """Whether nothing but browsers identifies this record."""
    identities = Identity.objects.filter(customer_id=customer_id)
    return not identities.filter(~Q(kind=Identity.Kind.COOKIE)).exists()

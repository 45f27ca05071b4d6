"""Rows of customers land: those who are there are found, the rest are made, and each gets what the rows say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.absorb import STRENGTH
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.imports import changing, writing
from guanxi.customers.imports.batches import Batch, Landed
from guanxi.customers.imports.rows import Problem, Refusal, Row
from guanxi.customers.models import Customer


@dataclass(slots=True, eq=False)
class Person:
    """One customer of a batch: what its rows say of them together. `id` is 0 until a new one's is drawn."""

    id: int = 0
    is_new: bool = False
    refs: dict[IdentityRef, None] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    rows: int = 0

    def take(self, row: Row, *, overwrite: bool) -> None:
        """Add what a row says. Of two rows that say different things the first counts, or the last when overwriting."""
        self.rows += 1
        if overwrite:
            self.values |= row.values
            self.own |= row.own
        else:
            self.values = row.values | self.values
            self.own = row.own | self.own
        self.tags.update(dict.fromkeys(row.tags))


def land_people(rows: Sequence[Row], batch: Batch) -> Landed:
    """Land rows of the customers shape, inside the batch's transaction.

    A row whose identities name two customers lands on the one that the strongest of them names (Identity.STRENGTH,
    as absorbing decides too); the others stay where they are, and the row is noted with both names.
    """
    landed = Landed()
    writing.pass_gate()
    persons = _persons(rows, batch, landed)
    new = [person for person in persons if person.is_new]
    for person, drawn in zip(new, writing.draw_ids(len(new)), strict=True):
        person.id = drawn
    there = [person for person in persons if not person.is_new]
    if batch.plan.existing == "skip":
        landed.skipped += sum(person.rows for person in there)
        there = []
    changing.make_new(new, batch, landed)
    changing.change_existing(there, batch, landed)
    changing.tag(new, there, batch)
    changing.keep(new, there, batch)
    return landed


def _persons(rows: Sequence[Row], batch: Batch, landed: Landed) -> list[Person]:
    """The batch's rows by the customer each of them names. The first row that names a new one makes them known."""
    known = writing.resolve({ref for row in rows for ref in row.who})
    visible = batch.visible(set(known.values()))
    by_id = {customer: Person(id=customer) for customer in set(known.values())}
    by_ref: dict[IdentityRef, Person] = {ref: by_id[customer] for ref, customer in known.items()}
    found: dict[Person, None] = {}
    overwrite = batch.plan.existing == "overwrite"
    conflicts: list[tuple[Row, Person, IdentityRef, Person]] = []
    for row in rows:
        person = _named_by(row, by_ref, conflicts) or Person(is_new=True)
        if person.id and person.id not in visible:
            landed.refusals.append(Refusal(row.number, "", _out_of_reach(), row.cells))
            continue
        for ref in row.who:
            if by_ref.setdefault(ref, person) is person and (person.is_new or ref not in known):
                person.refs[ref] = None
        if batch.plan.existing == "skip" and person.is_new and person.rows:
            landed.skipped += 1
            continue
        person.take(row, overwrite=overwrite)
        found[person] = None
    landed.refusals += _told(conflicts, visible)
    return list(found)


def _named_by(
    row: Row, by_ref: dict[IdentityRef, Person], conflicts: list[tuple[Row, Person, IdentityRef, Person]]
) -> Person | None:
    """The customer that the row's strongest known identity names."""
    chosen: Person | None = None
    for ref in sorted(row.who, key=lambda ref: STRENGTH[ref.kind]):
        person = by_ref.get(ref)
        if person is None:
            continue
        if chosen is None:
            chosen = person
        elif person is not chosen:
            conflicts.append((row, chosen, ref, person))
    return chosen


def _told(conflicts: list[tuple[Row, Person, IdentityRef, Person]], visible: set[int]) -> Iterable[Refusal]:
    """Both customers of each conflict by name; one whom the member may not see stays unnamed."""
    ids = {person.id for _row, one, _ref, two in conflicts for person in (one, two) if person.id in visible}
    names = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))

    def called(person: Person) -> str:
        name = person.values.get("name") if person.is_new else names.get(person.id)
        return str(name or _("another customer"))

    for row, chosen, ref, other in conflicts:
        sentence = _("%(value)s belongs to %(other)s; the row was put on %(chosen)s. Merge them if they are one.") % {
            "value": ref.value[:60],
            "other": called(other)[:60],
            "chosen": called(chosen)[:60],
        }
        yield Refusal(row.number, "", Problem("identity_conflict", sentence), row.cells, has_landed=True)


def _out_of_reach() -> Problem:
    return Problem("out_of_reach", _("This is a customer of a colleague, whom you may not change."))

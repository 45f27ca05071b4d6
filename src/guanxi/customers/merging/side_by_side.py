"""Records beside each other: every field with its values, where they differ, and which would win."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from guanxi.customers.actions.values import show_value
from guanxi.customers.masks import shown_identity
from guanxi.customers.merging.choosing import COLUMNS, CONTACTS, OWN, fields_of, is_filled, value_of
from guanxi.customers.models import Customer, CustomerTag, Field, FollowUp, Identity, Note, Relationship, Tally
from guanxi.design import formats
from guanxi.staff.models import Member

_FOREIGN = ("stage", "owner", "source")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one record has in a field. `alike` numbers equal values: 0 for the first seen, and so on; -1 for none."""

    customer_id: int
    text: str
    alike: int
    wins: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One field of all records."""

    field: str
    label: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether two records say different things; saying nothing is not different."""
        return len({cell.alike for cell in self.cells if cell.alike >= 0}) > 1


def rows(customers: Sequence[Customer], chosen: dict[str, int], member: Member) -> list[Row]:
    """The fields that at least one of the records has, in the order of the profile. A constant number of queries.

    `customers` come with stage, owner and source selected.
    """
    own = Field.objects.in_bulk([int(name.removeprefix(OWN)) for name in fields_of(customers) if _is_own(name)])
    labels = _labels()
    found = [_row(name, labels[name], customers, chosen, _shower(name)) for name in COLUMNS]
    contacts = _contacts(customers, member)
    places = {name: place for place, name in enumerate(("kind", "name", *CONTACTS))}
    found += [_contact_row(kind, customers, chosen, contacts) for kind in CONTACTS]
    found.sort(key=lambda row: places.get(row.field, len(places)))
    for pk, field in own.items():
        found.append(_row(f"{OWN}{pk}", field.name, customers, chosen, partial(show_value, field)))
    return [row for row in found if any(cell.alike >= 0 for cell in row.cells)]


def counts(customers: Sequence[Customer]) -> list[tuple[str, list[int]]]:
    """What follows each record into a merge: [label, one number a record]."""
    ids = [customer.pk for customer in customers]
    events = dict(Tally.objects.filter(pk__in=ids).values_list("pk", "event_count"))
    found = [(_("Events"), [events.get(pk, 0) for pk in ids])]
    for label, model in (
        (_("Identities"), Identity),
        (_("Notes"), Note),
        (_("Follow-ups"), FollowUp),
        (_("Tags"), CustomerTag),
        (_("Relationships"), Relationship),
    ):
        grouped = (
            model._default_manager.filter(customer_id__in=ids).values_list("customer_id").annotate(held=Count("*"))
        )
        by_id = dict(grouped.order_by())
        found.append((label, [by_id.get(pk, 0) for pk in ids]))
    return found


def _row(
    name: str, label: str, customers: Sequence[Customer], chosen: dict[str, int], show: Callable[[Any], str]
) -> Row:
    values = [value_of(customer, name) for customer in customers]
    texts = [
        str(getattr(customer, name) or "") if name in _FOREIGN else show(value) if is_filled(value) else ""
        for customer, value in zip(customers, values, strict=True)
    ]
    return Row(name, label, _cells(customers, texts, chosen.get(name, 0)))


def _contact_row(
    kind: str, customers: Sequence[Customer], chosen: dict[str, int], contacts: dict[tuple[int, str], str]
) -> Row:
    texts = [contacts.get((customer.pk, kind), "") for customer in customers]
    holder = next((c.pk for c, text in zip(customers, texts, strict=True) if text), 0)
    winner = chosen.get(kind, 0)
    wins = winner if (winner, kind) in contacts else holder
    label = _("Main phone") if kind == "phone" else _("Main e-mail")
    return Row(kind, label, _cells(customers, texts, wins))


def _cells(customers: Sequence[Customer], texts: list[str], winner: int) -> list[Cell]:
    seen: dict[str, int] = {}
    return [
        Cell(customer.pk, text, seen.setdefault(text, len(seen)) if text else -1, customer.pk == winner)
        for customer, text in zip(customers, texts, strict=True)
    ]


def _contacts(customers: Sequence[Customer], member: Member) -> dict[tuple[int, str], str]:
    """The primary phone and e-mail of each, as this member may read them."""
    known = Identity.objects.filter(customer__in=[c.pk for c in customers], kind__in=CONTACTS)
    found: dict[tuple[int, str], str] = {}
    for identity in known.order_by("-is_primary", "pk"):
        text = shown_identity(identity.kind, identity.value, masks=member.masks_contacts)
        found.setdefault((identity.customer_id, identity.kind), text)
    return found


def _shower(name: str) -> Callable[[Any], str]:
    if name == "birth_date":
        return formats.date
    choices = {"kind": Customer.Kind, "gender": Customer.Gender}.get(name)
    if choices is not None:
        words = dict(choices.choices)
        return lambda value: str(words.get(value, value))
    return str


def _labels() -> dict[str, str]:
    plain = {"stage": _("Stage"), "owner": _("Owner"), "source": _("Source"), "kind": _("Kind")}
    fields = {field.name: str(field.verbose_name) for field in Customer._meta.concrete_fields}
    return {name: text[:1].upper() + text[1:] for name, text in fields.items()} | plain


def _is_own(name: str) -> bool:
    return name.startswith(OWN) and name.removeprefix(OWN).isdigit()

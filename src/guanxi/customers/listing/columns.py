"""What a list can show of a customer: columns, and the rows that fill them, each kind of thing read once a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.actions.values import show_value
from guanxi.customers.listing.filters.base import Words
from guanxi.customers.listing.filters.own import PREFIX
from guanxi.customers.listing.sorts import sorts
from guanxi.customers.masks import shown_identity
from guanxi.customers.models import Customer, CustomerTag, Field, Identity, Tag
from guanxi.kit.masking import mask_text
from guanxi.kit.sheets import Cell
from guanxi.staff.models import Member

REACHED_BY = {"phone": Identity.Kind.PHONE, "email": Identity.Kind.EMAIL}
ROWS_HOLD = ("pk", "kind", "name", "version")


@dataclass
class Row:
    """A customer in a list, with what its columns need."""

    customer: Customer
    identities: dict[str, list[str]] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        return self.customer.pk

    @property
    def name(self) -> str:
        """The name, or what else names the customer."""
        return self.customer.name or next((values[0] for values in self.identities.values()), "") or str(self.customer)


@dataclass(frozen=True)
class Column:
    """One column. `look` says how its cells are drawn; `value` reads them, for the page and for exports."""

    key: str
    label: Words
    value: Callable[[Row], Any]
    look: str = "text"
    joins: str = ""
    holds: str = ""
    own: Field | None = None
    sort: str = ""

    def cell(self, row: Row) -> Cell:
        """The value for a spreadsheet."""
        value = self.value(row)
        if isinstance(value, list):
            return ", ".join(str(each) for each in value)
        if self.look == "choice" and value:
            return str(getattr(row.customer, f"get_{self.key}_display")())
        return value if isinstance(value, Cell) else str(value)


def _attribute(key: str, label: Words, attribute: str = "", look: str = "text") -> Column:
    name = attribute or key
    return Column(key, label, lambda row: getattr(row.customer, name), look, holds=name)


def _joined(key: str, label: Words, look: str = "text") -> Column:
    return Column(key, label, lambda row: getattr(row.customer, key), look, joins=key, holds=f"{key}_id")


def _tally(key: str, label: Words, attribute: str, look: str) -> Column:
    def value(row: Row) -> Any:
        return getattr(getattr(row.customer, "tally", None), attribute, None)

    return Column(key, label, value, look, joins="tally")


def _own(own: Field) -> Column:
    def value(row: Row) -> Any:
        if own.kind == Field.Kind.REFERENCE:
            return row.references.get(str(row.customer.fields.get(own.key)), "")
        return show_value(own, row.customer.fields.get(own.key))

    look = {Field.Kind.NUMBER: "figure", Field.Kind.LINK: "link"}.get(Field.Kind(own.kind), "text")
    return Column(PREFIX + own.slug, own.name, value, look, holds="fields", own=own)


def columns(fields: Iterable[Field]) -> dict[str, Column]:
    """Every column there is now, by key."""
    own = list(fields)
    found = [
        Column("name", pgettext_lazy("customer", "Name"), lambda row: row.name, "name", holds="name"),
        Column("phone", _("Phone"), lambda row: row.identities.get("phone", []), "phone", joins="identities"),
        Column("email", _("E-mail"), lambda row: row.identities.get("email", []), "list", joins="identities"),
        _attribute("company", _("Company"), "company_name"),
        _attribute("title", _("Job title")),
        _attribute("city", _("City")),
        _attribute("region", _("Province or state")),
        _attribute("country", _("Country")),
        _joined("stage", _("Stage"), "stage"),
        Column("tags", _("Tags"), lambda row: row.tags, "tags", joins="tags"),
        _joined("owner", _("Owner"), "owner"),
        _joined("source", _("Source")),
        _tally("last_event", _("Last activity"), "last_event_at", "ago"),
        _tally("events", _("Events"), "event_count", "number"),
        _tally("purchases", _("Purchases"), "purchase_count", "number"),
        _tally("purchase_total", _("Purchases total"), "purchase_total", "money"),
        _tally("last_purchase", _("Last purchase"), "last_purchase_at", "ago"),
        _attribute("birthday", _("Birthday"), "birth_date", "date"),
        _attribute("gender", _("Gender"), look="choice"),
        _attribute("kind", _("Kind"), look="choice"),
        _attribute("language", _("Language")),
        _attribute("created", _("Added"), "created_at", "date"),
        _attribute("updated", _("Edited"), "updated_at", "date"),
        *(_own(each) for each in own),
    ]
    orders = sorts(own)
    return {each.key: _sortable(each, orders) for each in found}


USUAL = ("name", "phone", "company", "city", "stage", "tags", "owner", "last_event", "purchase_total")


def _sortable(column: Column, orders: dict[str, Any]) -> Column:
    if column.key not in orders:
        return column
    return replace(column, sort=column.key)


def load_rows(ids: Sequence[int], shown: Sequence[Column], member: Member) -> list[Row]:
    """The customers of these ids in this order, with what the columns need: one query for each kind of thing."""
    joins = {column.joins for column in shown if column.joins}
    holds = {*ROWS_HOLD, "merged_into_id", *(column.holds for column in shown if column.holds)} - {"pk"}
    joined = sorted(joins & {"stage", "owner", "source", "tally"})
    customers = (
        Customer.objects.filter(pk__in=ids).select_related(*joined) if joined else Customer.objects.filter(pk__in=ids)
    )
    only = [*holds, *(f"{join}_id" for join in joined if join != "tally"), *_joined_fields(joined)]
    found = {customer.pk: Row(customer) for customer in customers.only(*only).order_by()}
    _load_identities(found, masks=member.masks_contacts)
    if "tags" in joins:
        _load_tags(found)
    references = [column.own for column in shown if column.own and column.own.kind == Field.Kind.REFERENCE]
    if references:
        _load_references(found, references, member)
    return [found[pk] for pk in ids if pk in found]


def _joined_fields(joined: list[str]) -> list[str]:
    wanted = {
        "stage": ("name", "color"),
        "owner": ("name",),
        "source": ("name",),
        "tally": ("event_count", "last_event_at", "purchase_count", "purchase_total", "currency", "last_purchase_at"),
    }
    return [f"{join}__{name}" for join in joined for name in wanted[join]]


def _load_identities(rows: dict[int, Row], *, masks: bool) -> None:
    """Phones and e-mails, the one to use first in front; they also name a customer who has no name."""
    found = Identity.objects.filter(customer__in=list(rows), kind__in=REACHED_BY.values())
    for identity in found.order_by("customer_id", "-is_primary", "id"):
        shown = shown_identity(identity.kind, identity.value, masks=masks)
        rows[identity.customer_id].identities.setdefault(identity.kind, []).append(shown)
    if masks:
        for row in rows.values():
            row.customer.name = mask_text(row.customer.name)


def _load_tags(rows: dict[int, Row]) -> None:
    carried = CustomerTag.objects.filter(customer__in=list(rows)).select_related("tag__group")
    for each in carried.order_by("tag__group__position", "tag__group_id", "tag__position", "tag_id"):
        rows[each.customer_id].tags.append(each.tag)


def _load_references(rows: dict[int, Row], fields: Sequence[Field], member: Member) -> None:
    """Names of the customers referred to, as far as this member may see them."""
    wanted = {row.customer.fields.get(each.key) for row in rows.values() for each in fields}
    ids = [int(value) for value in wanted if isinstance(value, int)]
    named = {str(each.pk): str(each) for each in Customer.objects.visible_to(member).filter(pk__in=ids)}
    for row in rows.values():
        row.references = named

"""Where a column's values may go: built-in fields, identities, own fields, tags, links, and the parts of an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Field, Identity, Import, RelationshipKind

CUSTOMERS, TRANSACTIONS = Import.Shape.CUSTOMERS.value, Import.Shape.TRANSACTIONS.value
BOTH = frozenset({CUSTOMERS, TRANSACTIONS})

IDENTITIES = frozenset(Identity.Kind.values)
NAMESPACED = frozenset({"external", "openid", "cookie", "relation"})
"""Families of targets whose ids are only unique within a system, an app or a site."""


@dataclass(frozen=True, slots=True)
class Target:
    """One choice of the mapping: `key` is what a plan keeps, `group` the heading it stands under."""

    key: str
    label: str | Promise
    group: str | Promise
    shapes: frozenset[str] = BOTH


_PERSON, _CONTACT, _PLACE = _("Person or company"), _("Contacts and ids"), _("Place")
_WORK, _EVENT = _("Working with them"), _("Purchase")
_OWN, _NEW, _LINKS = _("Own fields"), _("Make a new field"), _("Links to other customers")
_ONLY_CUSTOMERS, _ONLY_EVENTS = frozenset({CUSTOMERS}), frozenset({TRANSACTIONS})

BUILT_IN = [
    Target("name", pgettext_lazy("customer", "Name"), _PERSON),
    Target("first_name", _("Given name"), _PERSON),
    Target("last_name", _("Family name"), _PERSON),
    Target("company_name", _("Company"), _PERSON),
    Target("title", _("Job title"), _PERSON),
    Target("gender", _("Gender"), _PERSON),
    Target("birth_date", _("Birthday"), _PERSON),
    Target("language", _("Language"), _PERSON),
    Target("kind", _("Person or company"), _PERSON, _ONLY_CUSTOMERS),
    Target("description", _("Description"), _PERSON, _ONLY_CUSTOMERS),
    Target("created_at", _("Customer since"), _PERSON, _ONLY_CUSTOMERS),
    Target("phone", _("Phone"), _CONTACT),
    Target("email", _("E-mail"), _CONTACT),
    Target("external", _("Customer number or id"), _CONTACT),
    Target("unionid", _("WeChat union id"), _CONTACT),
    Target("openid", _("Open id"), _CONTACT),
    Target("cookie", _("Browser id"), _CONTACT),
    Target("country", _("Country"), _PLACE),
    Target("region", _("Province or state"), _PLACE),
    Target("city", _("City"), _PLACE),
    Target("address", _("Address"), _PLACE),
    Target("postcode", _("Postcode"), _PLACE),
    Target("tags", _("Tags"), _WORK, _ONLY_CUSTOMERS),
    Target("stage", _("Stage"), _WORK, _ONLY_CUSTOMERS),
    Target("owner", _("Owner (name or e-mail)"), _WORK, _ONLY_CUSTOMERS),
    Target("source", _("Source"), _WORK, _ONLY_CUSTOMERS),
    Target("at", _("When it happened"), _EVENT, _ONLY_EVENTS),
    Target("amount", _("Amount"), _EVENT, _ONLY_EVENTS),
    Target("quantity", _("Quantity"), _EVENT, _ONLY_EVENTS),
    Target("price", _("Price of one"), _EVENT, _ONLY_EVENTS),
    Target("currency", _("Currency"), _EVENT, _ONLY_EVENTS),
    Target("order", _("Order number"), _EVENT, _ONLY_EVENTS),
    Target("event_key", _("Unique number of the line"), _EVENT, _ONLY_EVENTS),
    Target("product", _("Product"), _EVENT, _ONLY_EVENTS),
    Target("product_id", _("Product number"), _EVENT, _ONLY_EVENTS),
    Target("category", _("Product category"), _EVENT, _ONLY_EVENTS),
    Target("property", _("Keep with the purchase"), _EVENT, _ONLY_EVENTS),
]
LABELS = {target.key: target.label for target in BUILT_IN}

WORKS_AT = "works_at"
"""The relationship of a contact to its account: made when a file first brings one."""

# Kinds that a new field can be made with; a reference needs customers to point at and is mapped as a link.
NEW_KINDS = [
    Field.Kind.TEXT,
    Field.Kind.NUMBER,
    Field.Kind.DATE,
    Field.Kind.CHOICE,
    Field.Kind.MULTI_CHOICE,
    Field.Kind.YES_NO,
    Field.Kind.LINK,
]


def targets(shape: str, *, may_make_fields: bool) -> list[Target]:
    """Every target that a column of this shape may have, in the order of the choice list."""
    found = [target for target in BUILT_IN if shape in target.shapes]
    if shape == CUSTOMERS:
        found += [Target(f"field:{own.pk}", own.name, _OWN) for own in own_fields()]
        if may_make_fields:
            found += [Target(f"new_field:{kind.value}", kind.label, _NEW) for kind in NEW_KINDS]
        kinds = {kind.slug: kind.name for kind in RelationshipKind.objects.all()}
        if may_make_fields:
            kinds.setdefault(WORKS_AT, str(_("works at")))
        found += [Target(f"relation:{slug}", name, _LINKS) for slug, name in kinds.items()]
    return found


def own_fields() -> Iterable[Field]:
    """The company's own fields that are in use; references are left to the 360° page."""
    return Field.objects.filter(archived_at=None).exclude(kind=Field.Kind.REFERENCE)


def grouped(found: Iterable[Target]) -> list[tuple[str, list[Target]]]:
    """Targets under their headings, for a select with groups."""
    groups: dict[str, list[Target]] = {}
    for target in found:
        groups.setdefault(str(target.group), []).append(target)
    return list(groups.items())

"""Making customers, editing them, and the names they are known by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.errors import Conflict, Refused
from guanxi.customers.actions.identities import IdentityRef
from guanxi.customers.actions.tagging import add_tag
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.actions.values import clean_value
from guanxi.customers.events import CUSTOMER_CREATED, CUSTOMER_EDITED, IDENTITY_ADDED, IDENTITY_REMOVED
from guanxi.customers.models import Customer, Field, Identity, OwnershipChange, Source, Stage, Tag
from guanxi.kit.dates import BadDate, parse_date
from guanxi.kit.text import clean, clean_lines
from guanxi.staff.models import Member

TEXTS = ("name", "title", "company_name", "language", "country", "region", "city", "address", "postcode")
CHOICES = {"kind": Customer.Kind, "gender": Customer.Gender}
EDITABLE = (*TEXTS, *CHOICES, "birth_date", "description")
FIELD_PREFIX = "field:"
EARLIEST_BIRTH = date(1880, 1, 1)


class IdentityTaken(Refused):
    """The phone, e-mail or id already names another customer. `customer_id` is theirs."""

    code = "identity_taken"
    status = 409

    def __init__(self, ref: IdentityRef, customer_id: int | None) -> None:
        super().__init__(
            _("%(value)s already belongs to another customer. Open that customer, or merge the two.")
            % {"value": ref.value},
            field=ref.kind,
        )
        self.customer_id = customer_id


class EditedMeanwhile(Conflict):
    """The customer has changed since the form was opened."""

    code = "edited_meanwhile"


class NothingToName(Refused):
    """A customer with neither a name nor an identity could never be found again."""

    code = "nameless"


def create_customer(
    *,
    by: Actor,
    at: datetime,
    values: Mapping[str, Any],
    identities: Sequence[IdentityRef] = (),
    tags: Iterable[Tag] = (),
    owner: Member | None = None,
    stage: Stage | None = None,
    source: Source | None = None,
) -> Customer:
    """Make a customer. `values` maps field names, or "field:<id>" for the company's own, to raw values.

    Raises Refused (bad value, IdentityTaken, NothingToName), naming the field.
    """
    cleaned, own = clean_values(values)
    if not cleaned.get("name") and not identities:
        raise NothingToName(_("Give a name, a phone or an e-mail."), field="name")
    with transaction.atomic():
        customer = Customer.objects.create(
            **cleaned,
            fields={key: value for key, value in own.items() if value is not None},
            owner=owner,
            stage=stage or Stage.objects.filter(is_default=True).first(),
            source=source,
            created_at=at,
            updated_at=at,
        )
        _name(customer, identities, at=at)
        if owner is not None:
            member_id = by.id if by.kind == "staff" else None
            OwnershipChange.objects.create(customer=customer, to_member=owner, changed_by_id=member_id, changed_at=at)
        events.record(
            CUSTOMER_CREATED,
            customer=customer.pk,
            by=by,
            at=at,
            payload={"name": customer.name, "source": source.name if source else ""},
        )
        for tag in tags:
            add_tag([customer.pk], tag, by=by, at=at)
        refresh_terms([customer.pk])
    return customer


def edit_customer(
    customer: Customer, *, by: Actor, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> Customer:
    """Change a customer's fields; returns it as it stands. Nothing changed: nothing is recorded.

    `version` is what the editor saw: when it is old and one of the same fields was changed meanwhile,
    EditedMeanwhile is raised. Raises Refused for a bad value, naming the field.
    """
    cleaned, own = clean_values(values)
    with transaction.atomic():
        current = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        if version is not None and version != current.version:
            raise EditedMeanwhile(
                _("Somebody else changed this customer meanwhile. Look at the new values, then save yours again.")
            )
        changes = _apply(current, cleaned, own)
        if changes:
            current.version += 1
            current.updated_at = at
            current.save()
            events.record(CUSTOMER_EDITED, customer=current.pk, by=by, at=at, payload={"changes": changes})
            if changes.keys() & {"name", "company_name"}:
                refresh_terms([current.pk])
    return current


def add_identity(customer: Customer, ref: IdentityRef, *, by: Actor, at: datetime) -> Identity:
    """Let a customer be known by `ref` too. Raises IdentityTaken when it names another."""
    with transaction.atomic():
        known = Identity.objects.filter(kind=ref.kind, namespace=ref.namespace, value=ref.value).first()
        if known is not None and known.customer_id == customer.pk:
            return known
        (identity,) = _name(customer, [ref], at=at)
        events.record(IDENTITY_ADDED, customer=customer.pk, by=by, at=at, payload=ref._asdict())
        refresh_terms([customer.pk])
    return identity


def remove_identity(identity: Identity, *, by: Actor, at: datetime) -> None:
    """A customer is no longer known by this identity."""
    ref = IdentityRef(identity.kind, identity.value, identity.namespace)
    with transaction.atomic():
        gone, _by_model = Identity.objects.filter(pk=identity.pk).delete()
        if gone:
            events.record(IDENTITY_REMOVED, customer=identity.customer_id, by=by, at=at, payload=ref._asdict())
            refresh_terms([identity.customer_id])


def make_primary(identity: Identity) -> None:
    """Of the identities of its kind, this is the one to use first."""
    with transaction.atomic():
        siblings = Identity.objects.filter(customer=identity.customer_id, kind=identity.kind)
        siblings.exclude(pk=identity.pk).update(is_primary=False)
        siblings.filter(pk=identity.pk).update(is_primary=True)


def clean_values(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raw values as columns of Customer and as entries of Customer.fields. Raises Refused, naming the field."""
    cleaned: dict[str, Any] = {}
    own: dict[str, Any] = {}
    wanted = [name.removeprefix(FIELD_PREFIX) for name in values if name.startswith(FIELD_PREFIX)]
    fields = {field.key: field for field in Field.objects.filter(pk__in=[key for key in wanted if key.isdigit()])}
    for name, raw in values.items():
        if name.startswith(FIELD_PREFIX):
            key = name.removeprefix(FIELD_PREFIX)
            if key not in fields:
                raise Refused(_("There is no field %(field)s any more.") % {"field": key}, field=name)
            own[key] = clean_value(fields[key], raw)
        elif name in EDITABLE:
            cleaned[name] = _clean_column(name, raw)
        else:
            raise Refused(_("Customers have no field %(field)s.") % {"field": name}, field=name)
    return cleaned, own


def _clean_column(name: str, raw: Any) -> Any:
    if name == "birth_date":
        return _clean_birth_date(raw)
    if name in CHOICES:
        if raw in CHOICES[name].values or (name == "gender" and not raw):
            return raw or ""
        raise Refused(_("%(value)s is not one of the choices.") % {"value": str(raw)[:40]}, field=name)
    text = clean_lines(str(raw or "")) if name == "description" else clean(str(raw or ""))
    most = getattr(Customer._meta.get_field(name), "max_length", None)
    if most and len(text) > most:
        raise Refused(_("This is longer than %(most)d characters.") % {"most": most}, field=name)
    return text.upper() if name == "country" else text


def _clean_birth_date(raw: Any) -> date | None:
    if not raw:
        return None
    try:
        day = raw if isinstance(raw, date) else parse_date(str(raw))
    except BadDate as error:
        raise Refused(error.message, code=error.code, field="birth_date") from None
    if day < EARLIEST_BIRTH:
        raise Refused(_("Nobody born before 1880 is alive."), code="impossible_date", field="birth_date")
    return day


def _apply(customer: Customer, cleaned: dict[str, Any], own: dict[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; returns {field: [before, after]} in JSON."""
    changes: dict[str, list[Any]] = {}
    for name, value in cleaned.items():
        former = getattr(customer, name)
        if former != value:
            changes[name] = [_plain(former), _plain(value)]
            setattr(customer, name, value)
    for key, value in own.items():
        former = customer.fields.get(key)
        if former != value:
            changes[FIELD_PREFIX + key] = [former, value]
            customer.fields = {k: v for k, v in {**customer.fields, key: value}.items() if v is not None}
    return changes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _name(customer: Customer, refs: Sequence[IdentityRef], *, at: datetime) -> list[Identity]:
    kinds = set(Identity.objects.filter(customer=customer).values_list("kind", flat=True))
    made: list[Identity] = []
    for ref in dict.fromkeys(refs):
        try:
            with transaction.atomic():
                made.append(
                    Identity.objects.create(
                        customer=customer, **ref._asdict(), is_primary=ref.kind not in kinds, created_at=at
                    )
                )
        except IntegrityError:
            taken = Identity.objects.filter(kind=ref.kind, namespace=ref.namespace, value=ref.value)
            raise IdentityTaken(ref, taken.values_list("customer_id", flat=True).first()) from None
        kinds.add(ref.kind)
    return made

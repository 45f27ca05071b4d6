"""Making the names of customers comparable: one way to write each phone, e-mail and id."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.customers.models import Identity
from guanxi.kit.email import BadEmail, normalise_email
from guanxi.kit.errors import BadInput
from guanxi.kit.phone import BadPhone, to_e164
from guanxi.kit.text import clean

KINDS = frozenset(Identity.Kind.values)
MAX_VALUE = 254
MAX_NAMESPACE = 80


class IdentityRef(NamedTuple):
    """A normalised name of a customer: (kind, namespace, value) as Identity keeps it."""

    kind: str
    value: str
    namespace: str = ""


class UnusableIdentity(Refused):
    """A phone, e-mail or id that cannot name a customer."""

    code = "unusable_identity"


def normalise(kind: str, value: str, *, namespace: str = "", region: str | None = None) -> IdentityRef:
    """The identity that `value` writes. `region` (ISO 3166) is the country of phones without a country code.

    Raises UnusableIdentity, naming the kind as the field.
    """
    try:
        if kind == "phone":
            return IdentityRef(kind, to_e164(value, region or settings.DEFAULT_COUNTRY))
        if kind == "email":
            return IdentityRef(kind, normalise_email(value))
    except (BadPhone, BadEmail) as error:
        raise _unusable(kind, error) from None
    if kind not in KINDS:
        raise UnusableIdentity(
            _("%(kind)s is not a kind of identity. Use one of: %(kinds)s.")
            % {"kind": kind, "kinds": ", ".join(sorted(KINDS))},
            code="unknown_identity_kind",
            field=kind,
        )
    text = clean(value)
    if not text:
        raise UnusableIdentity(_("The id is empty."), code="empty_identity", field=kind)
    if len(text) > MAX_VALUE or len(namespace) > MAX_NAMESPACE:
        raise UnusableIdentity(
            _("The id is longer than %(most)d characters.") % {"most": MAX_VALUE},
            code="long_identity",
            field=kind,
        )
    return IdentityRef(kind, text, namespace)


def _unusable(kind: str, error: BadInput) -> UnusableIdentity:
    return UnusableIdentity(error.message, code=error.code, field=kind)

"""The panel of phones, e-mails and other names on channels."""

from __future__ import annotations

from collections.abc import Mapping

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.creating import add_identity, make_primary, remove_identity
from guanxi.customers.actions.identities import IdentityRef, normalise
from guanxi.customers.masks import shown_identity
from guanxi.customers.models import Customer, Identity
from guanxi.customers.views.common import changed, find_customer, panel
from guanxi.design.pages import toast
from guanxi.staff.access import member, requires

TEMPLATE = "customers/profile/contact.html"
_BY_HAND = (
    Identity.Kind.PHONE,
    Identity.Kind.EMAIL,
    Identity.Kind.UNIONID,
    Identity.Kind.OPENID,
    Identity.Kind.EXTERNAL,
)

_SALT = "customers.identity_removed"


@requires("customers")
def contact(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel."""
    return _show(request, find_customer(request, customer_id))


@requires("customers", "edit")
@require_POST
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Add a phone, an e-mail or an id, cleaned."""
    customer = find_customer(request, customer_id)
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "")
    try:
        ref = normalise(
            kind, value, namespace=request.POST.get("namespace", "").strip(), region=customer.country or None
        )
        add_identity(customer, ref, by=member(request).actor, at=clock.now())
    except Refused as refused:
        return _show(request, customer, problem=refused, typed=request.POST.dict())
    return changed(request, customer, _show, at="contact")


@requires("customers", "edit")
@require_POST
def remove(request: HttpRequest, customer_id: int, identity_id: int) -> HttpResponse:
    """Take one away, with an Undo."""
    customer = find_customer(request, customer_id)
    identity = get_object_or_404(Identity, pk=identity_id, customer=customer)
    ref = IdentityRef(identity.kind, identity.value, identity.namespace)
    remove_identity(identity, by=member(request).actor, at=clock.now())
    shown = shown_identity(ref.kind, ref.value, masks=member(request).masks_contacts)
    toast(request, _("%(value)s was removed.") % {"value": shown}, undo_url=_undo(customer, ref))
    return changed(request, customer, _show, at="contact")


@requires("customers", "edit")
@require_POST
def restore(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Undo a removal: the identity comes back as it was."""
    customer = find_customer(request, customer_id)
    try:
        kind, value, namespace = signing.loads(request.GET.get("ref", ""), salt=_SALT, max_age=3600)
        add_identity(customer, IdentityRef(kind, value, namespace), by=member(request).actor, at=clock.now())
    except signing.BadSignature:
        toast(request, _("This can no longer be undone. Add it again by hand."), level="warning")
    except Refused as refused:
        toast(request, str(refused), level="danger")
    return changed(request, customer, _show, at="contact")


@requires("customers", "edit")
@require_POST
def prefer(request: HttpRequest, customer_id: int, identity_id: int) -> HttpResponse:
    """Make it the one that is used first."""
    customer = find_customer(request, customer_id)
    identity = get_object_or_404(Identity, pk=identity_id, customer=customer)
    make_primary(identity)
    return changed(request, customer, _show, at="contact")


def _show(
    request: HttpRequest,
    customer: Customer,
    *,
    problem: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    order = {kind: place for place, kind in enumerate(_BY_HAND)}
    identities = sorted(
        customer.identities.all()[:100],
        key=lambda each: (order.get(each.kind, 9), not each.is_primary, each.pk),  # type: ignore[call-overload]
    )
    masks = member(request).masks_contacts
    rows = [(each, shown_identity(each.kind, each.value, masks=masks)) for each in identities]
    kinds = [(kind.value, kind.label) for kind in _BY_HAND]
    return panel(request, TEMPLATE, customer, {"rows": rows, "kinds": kinds}, problem=problem, typed=typed)


def _undo(customer: Customer, ref: IdentityRef) -> str:
    """The address that brings it back; signed, so that it names what was here and nothing else."""
    signed = signing.dumps([ref.kind, ref.value, ref.namespace], salt=_SALT)
    return f"{reverse('customer_identity_restore', args=[customer.pk])}?ref={signed}"

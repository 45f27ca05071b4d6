"""The head of the 360° page: who it is, stage, owner and tags, each changed with one press."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.noting import may_see
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag, remove_tag
from guanxi.customers.masks import shown_identity
from guanxi.customers.models import Customer, CustomerTag, DuplicatePair, Identity, Stage, Tag
from guanxi.customers.views.common import announce, back, find_customer, number, say_refused
from guanxi.design.pages import is_htmx, page, toast
from guanxi.staff.access import member, requires
from guanxi.staff.models import Member

TEMPLATE = "customers/profile/head.html"
TAGS = "customers/profile/tags.html"
_CALLABLE = (Identity.Kind.PHONE, Identity.Kind.EMAIL)


def head_values(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What the head shows; five small queries."""
    asking = member(request)
    masks = asking.masks_contacts
    tags = (
        CustomerTag.objects.filter(customer=customer)
        .select_related("tag__group")
        .order_by("tag__group__position", "tag__position", "tag_id")[:60]
    )
    return {
        "customer": customer,
        "may_edit": asking.can("customers", "edit"),
        "masks": masks,
        "tags": [each.tag for each in tags],
        "contacts": _contacts(customer, masks=masks),
        "stages": list(Stage.objects.all()),
        "duplicates": _open_pairs(customer, asking),
    }


@requires("customers")
def head(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The head alone."""
    return page(request, TEMPLATE, head_values(request, find_customer(request, customer_id)))


@requires("customers", "edit")
@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Every tag by group, to put on and take off; posting puts one on."""
    customer = find_customer(request, customer_id)
    if request.method == "POST":
        tag = get_object_or_404(
            Tag.objects.select_related("group"), pk=number(request.POST.get("tag")), archived_at=None
        )
        add_tag([customer.pk], tag, by=member(request).actor, at=clock.now())
        return _changed(request, customer)
    carried = set(CustomerTag.objects.filter(customer=customer).values_list("tag_id", flat=True))
    groups: dict[Any, list[Tag]] = {}
    for tag in Tag.objects.filter(archived_at=None).select_related("group"):
        groups.setdefault(tag.group, []).append(tag)
    may_make = member(request).can("settings", "administer")
    values = {"customer": customer, "groups": groups, "carried": carried, "may_make": may_make}
    return page(request, TAGS, values)


@requires("customers", "edit")
@require_POST
def tag_removal(request: HttpRequest, customer_id: int, tag_id: int) -> HttpResponse:
    """Take a tag off, with an Undo."""
    customer = find_customer(request, customer_id)
    tag = get_object_or_404(Tag, pk=tag_id)
    if remove_tag([customer.pk], tag, by=member(request).actor, at=clock.now()):
        undo = reverse("customer_tag_return", args=[customer.pk, tag.pk])
        toast(request, _("The tag %(tag)s was taken off.") % {"tag": tag.name}, undo_url=undo)
    return _changed(request, customer)


@requires("customers", "edit")
@require_POST
def tag_return(request: HttpRequest, customer_id: int, tag_id: int) -> HttpResponse:
    """Undo taking a tag off."""
    customer = find_customer(request, customer_id)
    tag = get_object_or_404(Tag.objects.select_related("group"), pk=tag_id)
    add_tag([customer.pk], tag, by=member(request).actor, at=clock.now())
    return _changed(request, customer)


@requires("customers", "edit")
@require_POST
def stage(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Move along the lifecycle, with an Undo."""
    customer = find_customer(request, customer_id)
    wanted = number(request.POST.get("stage") or request.GET.get("stage"))
    chosen = get_object_or_404(Stage, pk=wanted) if wanted else None
    if move_to_stage([customer.pk], chosen, by=member(request).actor, at=clock.now()):
        words = _("Moved to %(stage)s.") % {"stage": chosen.name} if chosen else _("Moved out of every stage.")
        undo = f"{reverse('customer_stage', args=[customer.pk])}?stage={customer.stage_id or 0}"
        toast(request, words, undo_url=undo)
    return _changed(request, customer)


@requires("customers", "edit")
@require_POST
def owner(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Give the customer to somebody, or to nobody."""
    customer, asking = find_customer(request, customer_id), member(request)
    wanted = number(request.POST.get("owner") or request.GET.get("owner"))
    chosen = get_object_or_404(Member.objects.active(), pk=wanted) if wanted else None
    try:
        if chosen is not None and not chosen.can("customers", "see"):
            raise Refused(_("%(name)s may not open customers: choose somebody else.") % {"name": chosen.name})
        moved = assign(
            [customer.pk], chosen, by=asking.actor, at=clock.now(), reason=request.POST.get("reason", "")[:200]
        )
    except Refused as refused:
        say_refused(request, refused)
        return back(request, customer)
    if moved:
        words = (
            _("%(name)s is the owner now.") % {"name": chosen.name} if chosen else _("Nobody owns this customer now.")
        )
        keeps_sight = may_see(asking, customer)
        undo = (
            f"{reverse('customer_owner', args=[customer.pk])}?owner={customer.owner_id or 0}" if keeps_sight else None
        )
        toast(request, words, undo_url=undo)
        if not keeps_sight:
            return (
                HttpResponse(status=204, headers={"HX-Redirect": reverse("customers")}) if is_htmx(request) else _away()
            )
    return _changed(request, customer)


def _away() -> HttpResponse:
    """Whoever gave a customer out of their scope goes to the list."""
    from django.shortcuts import redirect

    return redirect("customers")


def _changed(request: HttpRequest, customer: Customer) -> HttpResponse:
    if is_htmx(request):
        return announce(head(request, customer.pk))
    return back(request, customer)


def _contacts(customer: Customer, *, masks: bool) -> list[dict[str, str]]:
    """The first phone and the first e-mail, to call and to write to; without links for those they are masked for."""
    found: dict[str, dict[str, str]] = {}
    for each in Identity.objects.filter(customer=customer, kind__in=_CALLABLE)[:20]:
        scheme = "tel" if each.kind == Identity.Kind.PHONE else "mailto"
        words = shown_identity(each.kind, each.value, masks=masks)
        found.setdefault(
            each.kind, {"kind": each.kind, "words": words, "url": "" if masks else f"{scheme}:{each.value}"}
        )
    return [found[kind] for kind in _CALLABLE if kind in found]


def _open_pairs(customer: Customer, asking: Member) -> list[DuplicatePair]:
    """The likely duplicates that wait for a decision and that this member may see."""
    mine = Q(customer=customer) | Q(other=customer)
    pairs = list(
        DuplicatePair.objects.filter(mine, state=DuplicatePair.State.OPEN).select_related("customer", "other")[:3]
    )
    if not pairs or asking.visible_member_ids() is None:
        return pairs
    others = [pair.other_id if pair.customer_id == customer.pk else pair.customer_id for pair in pairs]
    seen = set(Customer.objects.visible_to(asking).filter(pk__in=others).values_list("pk", flat=True))
    return [pair for pair, other in zip(pairs, others, strict=True) if other in seen]

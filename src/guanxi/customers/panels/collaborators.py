"""The panel of colleagues who work on a customer beside its owner."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.collaborating import add_collaborator, remove_collaborator
from guanxi.customers.models import Collaborator, Customer
from guanxi.customers.views.common import changed, find_customer, number, panel
from guanxi.design.pages import toast
from guanxi.staff.access import member, requires
from guanxi.staff.models import Member


@requires("customers")
def collaborators(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel."""
    return _show(request, find_customer(request, customer_id))


@requires("customers", "edit")
@require_POST
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Let a colleague work on the customer too."""
    customer = find_customer(request, customer_id)
    colleague = Member.objects.active().filter(pk=number(request.POST.get("member"))).first()
    try:
        if colleague is None:
            raise Refused(_("Choose a colleague: type part of a name."), field="member")
        add_collaborator(customer, colleague, by=member(request).actor, at=clock.now())
    except Refused as refused:
        return _show(request, customer, problem=refused)
    return changed(request, customer, _show, at="collaborators")


@requires("customers", "edit")
@require_POST
def remove(request: HttpRequest, customer_id: int, member_id: int) -> HttpResponse:
    """The colleague no longer works on it, with an Undo."""
    customer = find_customer(request, customer_id)
    colleague = get_object_or_404(Member, pk=member_id)
    if remove_collaborator(customer, colleague, by=member(request).actor, at=clock.now()):
        undo = reverse("customer_collaborator_restore", args=[customer.pk, colleague.pk])
        toast(request, _("%(name)s was removed.") % {"name": colleague.name}, undo_url=undo)
    if not Customer.objects.visible_to(member(request)).filter(pk=customer.pk).exists():
        from django.shortcuts import redirect

        return redirect("customers")  # who removed themselves may no longer see it
    return changed(request, customer, _show, at="collaborators")


@requires("customers", "edit")
@require_POST
def restore(request: HttpRequest, customer_id: int, member_id: int) -> HttpResponse:
    """Undo a removal."""
    customer = find_customer(request, customer_id)
    add_collaborator(customer, get_object_or_404(Member, pk=member_id), by=member(request).actor, at=clock.now())
    return changed(request, customer, _show, at="collaborators")


def _show(request: HttpRequest, customer: Customer, *, problem: Refused | None = None) -> HttpResponse:
    rows = Collaborator.objects.filter(customer=customer).select_related("member", "member__department")[:50]
    return panel(request, "customers/profile/collaborators.html", customer, {"rows": rows}, problem=problem)

"""The panel of things to do for a customer: set, done, put off, passed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions import following_up
from guanxi.customers.models import Customer, FollowUp
from guanxi.customers.panels.moments import quick_choices, read_moment
from guanxi.customers.views.common import changed, find_customer, number, panel
from guanxi.design.pages import toast
from guanxi.staff.access import member, requires
from guanxi.staff.models import Member

TEMPLATE = "customers/profile/follow_ups.html"
_MOST_OPEN, _MOST_DONE = 50, 5


@requires("customers")
def follow_ups(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The panel: what is open by when it is due, then the latest that are done."""
    return _show(request, find_customer(request, customer_id))


@requires("customers", "edit")
@require_POST
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Set one, for oneself unless a colleague is chosen."""
    customer = find_customer(request, customer_id)
    now = clock.now()
    try:
        due_at = read_moment(request.POST, at=now)
        if due_at is None:
            raise following_up.UnfitFollowUp(_("Choose when it is due."), field="due")
        following_up.set_follow_up(
            customer,
            text=request.POST.get("text", ""),
            due_at=due_at,
            assignee=_colleague(request) or member(request),
            by=member(request).actor,
            at=now,
        )
    except Refused as refused:
        return _show(request, customer, problem=refused, typed=request.POST.dict())
    return changed(request, customer, _show, at="follow_ups")


@requires("customers", "edit")
@require_POST
def done(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Tick it off, with an Undo."""
    follow_up = _find(request, follow_up_id)
    if following_up.finish(follow_up, by=member(request).actor, at=clock.now()):
        undo = reverse("follow_up_reopen", args=[follow_up.pk])
        toast(request, _("Done: %(text)s") % {"text": follow_up.text}, undo_url=undo)
    return changed(request, follow_up.customer, _show, at="follow_ups")


@requires("customers", "edit")
@require_POST
def reopen(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """It is not done after all."""
    follow_up = _find(request, follow_up_id)
    following_up.reopen(follow_up, by=member(request).actor, at=clock.now())
    return changed(request, follow_up.customer, _show, at="follow_ups")


@requires("customers", "edit")
@require_POST
def snooze(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Put it off."""
    follow_up, now = _find(request, follow_up_id), clock.now()
    try:
        until = read_moment(request.POST, at=now)
        if until is None:
            raise following_up.UnfitFollowUp(_("Choose when it is due."), field="due")
        following_up.snooze(follow_up, until=until, by=member(request).actor, at=now)
    except Refused as refused:
        return _show(request, follow_up.customer, problem=refused)
    return changed(request, follow_up.customer, _show, at="follow_ups")


@requires("customers", "edit")
@require_POST
def pass_on(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Somebody else does it."""
    follow_up = _find(request, follow_up_id)
    colleague = _colleague(request)
    try:
        if colleague is None:
            raise following_up.UnfitFollowUp(_("Choose a colleague: type part of a name."), field="assignee")
        following_up.pass_on(follow_up, to=colleague, by=member(request).actor, at=clock.now())
    except Refused as refused:
        return _show(request, follow_up.customer, problem=refused)
    toast(request, _("%(name)s does it now.") % {"name": colleague.name})
    return changed(request, follow_up.customer, _show, at="follow_ups")


def _show(
    request: HttpRequest,
    customer: Customer,
    *,
    problem: Refused | None = None,
    typed: Mapping[str, Any] | None = None,
) -> HttpResponse:
    of_customer = FollowUp.objects.filter(customer=customer).select_related("assignee")
    values = {
        "open": of_customer.open()[:_MOST_OPEN],
        "done": of_customer.exclude(done_at=None).order_by("-done_at", "-id")[:_MOST_DONE],
        "choices": quick_choices(clock.now()),
        "now": clock.now(),
    }
    return panel(request, TEMPLATE, customer, values, problem=problem, typed=typed)


def _find(request: HttpRequest, follow_up_id: int) -> FollowUp:
    """A follow-up of a customer this member may see."""
    found = (
        FollowUp.objects.filter(pk=follow_up_id, customer__in=Customer.objects.visible_to(member(request)))
        .select_related("customer", "assignee")
        .first()
    )
    if found is None:
        raise Http404(_("There is no such follow-up, or its customer lies outside what you may see."))
    return found


def _colleague(request: HttpRequest) -> Member | None:
    wanted = number(request.POST.get("assignee"))
    return Member.objects.active().select_related("role", "department").filter(pk=wanted).first() if wanted else None

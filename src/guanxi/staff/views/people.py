"""Settings → People: who works here, who is invited, what each may do."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires
from guanxi.staff.actions.invitations import invite, revoke_invitation
from guanxi.staff.actions.members import change_role, deactivate, move_member, reactivate, sign_out_everywhere
from guanxi.staff.authority import Authority
from guanxi.staff.forms import InvitationForm, PlaceForm, refuse
from guanxi.staff.mail import base_url
from guanxi.staff.models import Department, Invitation, Member, Role
from guanxi.staff.models.member import MemberQuerySet
from guanxi.staff.paging import page_by_name
from guanxi.staff.views.answers import as_id, carried_out


@requires("staff", "see")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The list, by name, with search and filters, and the open invitations."""
    asked = request.GET
    found = page_by_name(
        _matching(request).select_related("role", "department"),
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )
    may_edit = member(request).can("staff", "edit")
    return page(
        request,
        "staff/people.html",
        {
            "found": found,
            "query": asked.get("q", ""),
            "state": asked.get("state", ""),
            "role_id": asked.get("role", ""),
            "department_id": asked.get("department", ""),
            "roles": Role.objects.all(),
            "departments": Department.objects.order_by("path", "id"),
            "invitations": _open_invitations() if may_edit else [],
            "may_edit": may_edit,
            "now": clock.now(),
        },
    )


@requires("staff", "edit")
@require_http_methods(["GET", "POST"])
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Invite a colleague; the answer shows the link, which is also mailed, this once."""
    by = member(request).actor
    form = InvitationForm(request.POST or None, authority=Authority.of(by))
    if request.method == "POST" and form.is_valid():
        try:
            invitation, link = invite(by=by, at=clock.now(), base_url=base_url(request), **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            return page(request, "staff/invited.html", {"invitation": invitation, "link": link})
    return page(request, "staff/invitation_new.html", {"form": form}, status=422 if form.errors else 200)


@requires("staff", "edit")
@require_POST
def invitation_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    if carried_out(request, lambda: revoke_invitation(invitation, by=member(request).actor, at=clock.now())):
        toast(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("people")


@requires("staff", "see")
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: role, department, and leaving."""
    found = get_object_or_404(Member.objects.select_related("role", "department"), pk=pk)
    authority = Authority.of(member(request).actor)
    may_edit = member(request).can("staff", "edit") and _within(authority, found)
    initial = {"role": found.role_id, "department": found.department_id}
    form = PlaceForm(request.POST or None, initial=initial, authority=authority)
    if request.method == "POST" and may_edit and form.is_valid():
        by = member(request).actor
        try:
            with transaction.atomic():
                changed = change_role(found, form.cleaned_data["role"], by=by)
                changed |= move_member(found, form.cleaned_data["department"], by=by)
        except Refused as refused:
            refuse(form, refused)
        else:
            toast(request, _("Saved.") if changed else _("Nothing to change."))
            return redirect("person", pk)
    context = {
        "person": found,
        "form": form,
        "may_edit": may_edit,
        "keys": found.api_keys.filter(revoked_at=None).count(),
    }
    return page(request, "staff/person.html", context, status=422 if form.errors else 200)


@requires("staff", "edit")
@require_POST
def deactivation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=pk)
    if carried_out(request, lambda: deactivate(found, by=member(request).actor, at=clock.now())):
        toast(
            request,
            _("%(name)s is signed out everywhere and can no longer come in.") % {"name": found.name},
        )
    return redirect("person", pk)


@requires("staff", "edit")
@require_POST
def reactivation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=pk)
    if carried_out(request, lambda: reactivate(found, by=member(request).actor)):
        toast(request, _("%(name)s may sign in again.") % {"name": found.name})
    return redirect("person", pk)


@requires("staff", "edit")
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=pk)
    if carried_out(request, lambda: sign_out_everywhere(found, by=member(request).actor)):
        toast(request, _("%(name)s is signed out everywhere.") % {"name": found.name})
    return redirect("person", pk)


def _matching(request: HttpRequest) -> MemberQuerySet:
    asked = request.GET
    found = Member.objects.get_queryset()
    if words := asked.get("q", "").strip():
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(phone__icontains=words))
    if role_id := as_id(asked.get("role", "")):
        found = found.filter(role=role_id)
    if department_id := as_id(asked.get("department", "")):
        top = Department.objects.filter(pk=department_id).first()
        found = found.filter(department__in=Department.objects.within(top)) if top else found.none()
    if asked.get("state") == "all":
        return found
    return found.filter(is_active=asked.get("state") != "inactive")


def _open_invitations() -> list[Invitation]:
    return list(Invitation.objects.open().select_related("role", "invited_by")[:100])


def _within(authority: Authority, found: Member) -> bool:
    try:
        authority.must_reach(found)
    except Refused:
        return False
    return True

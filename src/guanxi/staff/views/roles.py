"""Settings → Roles: what each role may do, as a matrix of modules and verbs."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.errors import Refused
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires
from guanxi.staff.actions.roles import create_role, delete_role, edit_role
from guanxi.staff.forms import RoleForm, refuse
from guanxi.staff.models import Role
from guanxi.staff.permissions import VERBS, modules
from guanxi.staff.views.answers import carried_out


@requires("staff", "administer")
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Every role, how many have it, and what it may do."""
    found = Role.objects.annotate(member_count=Count("members", filter=Q(members__is_active=True)))
    return page(request, "staff/roles.html", {"roles": found, "modules": modules(), "verbs": VERBS})


@requires("staff", "administer")
@require_http_methods(["GET", "POST"])
def role_new(request: HttpRequest) -> HttpResponse:
    form = RoleForm(request.POST or None, initial={"scope": Role.Scope.OWN})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_role(name=form.cleaned_data["name"], grant=form.grant, by=member(request).actor)
        except Refused as refused:
            refuse(form, refused)
        else:
            toast(request, _("The role “%(name)s” can now be given to people.") % {"name": made.name})
            return redirect("roles")
    return _editor(request, form, None)


@requires("staff", "administer")
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Role, pk=pk)
    form = RoleForm(request.POST) if request.method == "POST" else RoleForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_role(found, name=form.cleaned_data["name"], grant=form.grant, by=member(request).actor)
        except Refused as refused:
            refuse(form, refused)
        else:
            toast(request, _("Saved. It holds from the next page that each of them opens."))
            return redirect("roles")
    return _editor(request, form, found)


@requires("staff", "administer")
@require_POST
def role_removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Role, pk=pk)

    def remove() -> bool:
        delete_role(found, by=member(request).actor)
        return True

    if carried_out(request, remove):
        toast(request, _("The role “%(name)s” is gone.") % {"name": found.name})
        return redirect("roles")
    return redirect("role", pk)


def _editor(request: HttpRequest, form: RoleForm, found: Role | None) -> HttpResponse:
    context = {"form": form, "role": found, "modules": modules(), "verbs": VERBS}
    return page(request, "staff/role.html", context, status=422 if form.errors else 200)

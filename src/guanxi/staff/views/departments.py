"""Settings → Departments: the company's tree."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core.errors import Refused
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, refuse_unless, requires
from guanxi.staff.actions.departments import (
    create_department,
    delete_department,
    move_department,
    rename_department,
)
from guanxi.staff.forms import DepartmentForm, refuse
from guanxi.staff.models import Department
from guanxi.staff.views.answers import as_id, carried_out


@requires("staff", "see")
@require_http_methods(["GET", "POST"])
def departments(request: HttpRequest) -> HttpResponse:
    """The tree with how many work where; a form adds to it."""
    form = DepartmentForm(request.POST or None, initial={"parent": as_id(request.GET.get("below", ""))})
    if request.method == "POST":
        refuse_unless(request, "staff", "edit")
        if form.is_valid():
            try:
                made = create_department(by=member(request).actor, **form.cleaned_data)
            except Refused as refused:
                refuse(form, refused)
            else:
                toast(request, _("“%(name)s” is part of the company now.") % {"name": made.name})
                return redirect("departments")
    working = Count("members", filter=Q(members__is_active=True))
    tree = Department.objects.order_by("path", "id").annotate(member_count=working)
    context = {"tree": _in_order(list(tree)), "form": form, "may_edit": member(request).can("staff", "edit")}
    return page(request, "staff/departments.html", context, status=422 if form.errors else 200)


@requires("staff", "edit")
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, another place, or out of the tree."""
    found = get_object_or_404(Department, pk=pk)
    form = DepartmentForm(request.POST or None, initial={"name": found.name, "parent": found.parent_id})
    if request.method == "POST" and form.is_valid():
        by = member(request).actor
        try:
            with transaction.atomic():
                rename_department(found, name=form.cleaned_data["name"], by=by)
                move_department(found, parent=form.cleaned_data["parent"], by=by)
        except Refused as refused:
            refuse(form, refused)
        else:
            toast(request, _("Saved."))
            return redirect("departments")
    context = {"department": found, "form": form}
    return page(request, "staff/department.html", context, status=422 if form.errors else 200)


@requires("staff", "edit")
@require_POST
def department_removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Department, pk=pk)

    def remove() -> bool:
        delete_department(found, by=member(request).actor)
        return True

    if carried_out(request, remove):
        toast(request, _("“%(name)s” is no longer part of the company.") % {"name": found.name})
        return redirect("departments")
    return redirect("department", pk)


def _in_order(tree: list[Department]) -> list[Department]:
    """Parents before children, siblings by name: a path holds ids, which say nothing of the alphabet."""
    below: dict[int | None, list[Department]] = {}
    for each in tree:
        below.setdefault(each.parent_id, []).append(each)

    def walk(parent: int | None) -> list[Department]:
        children = sorted(below.get(parent, []), key=lambda each: (each.name, each.pk))
        return [found for child in children for found in (child, *walk(child.pk))]

    return walk(None)

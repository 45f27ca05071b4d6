"""Settings → Fields: what the company wants to know of its customers beyond the usual."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.listing.asked import COLUMNS_KEPT
from guanxi.customers.listing.columns import USUAL
from guanxi.customers.listing.filters.own import PREFIX
from guanxi.customers.listing.own_indexes import index_states
from guanxi.customers.models import Field
from guanxi.customers.setup.fields import WITH_CHOICES, archive_field, create_field, edit_field, restore_field
from guanxi.customers.setup.forms import FieldEditForm, FieldForm
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires


@require_GET
@requires("settings", "see")
def fields(request: HttpRequest) -> HttpResponse:
    """The fields in use and the archived ones, each with the state of its index."""
    found = list(Field.objects.all())
    states = index_states(found)
    context = {
        "used": [(field, states[field.pk]) for field in found if field.archived_at is None],
        "archived": [field for field in found if field.archived_at is not None],
        "may_edit": member(request).can("settings", "edit"),
    }
    return page(request, "customers/setup/fields.html", context)


@requires("settings", "edit")
@require_http_methods(["GET", "POST"])
def field_new(request: HttpRequest) -> HttpResponse:
    """Make a field, and show it in one's list at once."""
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = create_field(
                name=asked["name"],
                kind=asked["kind"],
                choices=asked["choices"].splitlines(),
                help_text=asked["help_text"],
                is_required=asked["is_required"],
                by=member(request).actor,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            if asked["show_in_list"]:
                _show_in_list(request, made)
            toast(request, _("Field “%(name)s” made.") % {"name": made.name})
            return redirect("fields")
    context = {"form": form, "with_choices": list(WITH_CHOICES)}
    return page(request, "customers/setup/field_new.html", context, status=422 if form.errors else 200)


@requires("settings", "edit")
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int) -> HttpResponse:
    """One field: name, hint, choices; archived or brought back."""
    found = get_object_or_404(Field, pk=pk)
    by, what = member(request).actor, request.POST.get("do", "")
    if what == "archive" and archive_field(found, by=by, at=clock.now()):
        toast(request, _("“%(name)s” archived. Its values are kept.") % {"name": found.name})
        return redirect("fields")
    if what == "restore" and restore_field(found, by=by):
        toast(request, _("“%(name)s” is back.") % {"name": found.name})
        return redirect("fields")
    given = {"name": found.name, "help_text": found.help_text, "is_required": found.is_required}
    form = FieldEditForm(request.POST if request.method == "POST" and not what else None, initial=given)
    choices = [(choice, choice) for choice in found.choices]
    if request.method == "POST" and form.is_valid():
        choices = list(zip(request.POST.getlist("former"), request.POST.getlist("now"), strict=False))
        try:
            edit_field(found, choices=choices, by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            toast(request, _("Saved."))
            return redirect("fields")
    context = {
        "field": found,
        "form": form,
        "choices": choices if found.kind in WITH_CHOICES else None,
        "filter_address": f"{reverse('customers')}?{PREFIX}{found.slug}_empty=no",
    }
    return page(request, "customers/setup/field.html", context, status=422 if form.errors else 200)


def _show_in_list(request: HttpRequest, made: Field) -> None:
    kept = request.session.get(COLUMNS_KEPT)
    shown = list(kept) if isinstance(kept, list) else list(USUAL)
    request.session[COLUMNS_KEPT] = [*shown, PREFIX + made.slug]

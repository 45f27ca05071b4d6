"""Saved views: keep the list as it stands under a name, for oneself or for everybody."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.core.errors import Refused
from guanxi.customers.listing.asked import COLUMNS_KEPT, EVERYTHING, Asked, views_of
from guanxi.customers.listing.views.table import asked_again, back_to_list
from guanxi.customers.models import DefaultView, SavedView
from guanxi.design.pages import toast
from guanxi.kit.text import clean
from guanxi.staff.access import member, requires


@require_POST
@requires("customers", "see")
def view_new(request: HttpRequest) -> HttpResponse:
    """Save the list under a new name."""
    asked = asked_again(request)
    view = SavedView(member=asked.member)
    try:
        _fill(view, asked)
        _name(view, request)
    except Refused as refused:
        toast(request, str(refused), level="danger")
        return redirect(back_to_list(request))
    request.session.pop(COLUMNS_KEPT, None)  # the view keeps them now
    toast(request, _("View “%(name)s” saved.") % {"name": view.name})
    return _to(view)


@require_POST
@requires("customers", "see")
def view_change(request: HttpRequest, view_id: int) -> HttpResponse:
    """What the form's `do` says: `save` the list as it stands, `rename`, `delete`, `default` or `no_default`."""
    asked = asked_again(request)
    view = views_of(asked.member).filter(pk=view_id).first()
    if view is None:
        raise Http404(_("That view is gone."))
    what = request.POST.get("do", "")
    if what == "default":
        DefaultView.objects.update_or_create(member=asked.member, defaults={"view": view})
        toast(request, _("Customers now open with “%(name)s”.") % {"name": view.name})
        return _to(view)
    if what == "no_default":
        DefaultView.objects.filter(member=asked.member).delete()
        return _to(view)
    if view.member_id != member(request).pk and not asked.member.can("settings", "edit"):
        raise Http404(_("Only whoever saved a view may change it."))
    try:
        return _change(request, view, what, asked)
    except Refused as refused:
        toast(request, str(refused), level="danger")
        return _to(view)


def _change(request: HttpRequest, view: SavedView, what: str, asked: Asked) -> HttpResponse:
    if what == "delete":
        view.delete()
        toast(request, _("View “%(name)s” deleted.") % {"name": view.name})
        return redirect(f"{reverse('customers')}?view={EVERYTHING}")
    if what == "rename":
        _name(view, request)
    elif what == "save":
        _fill(view, asked)
        view.save()
        request.session.pop(COLUMNS_KEPT, None)
        toast(request, _("View “%(name)s” saved.") % {"name": view.name})
    return _to(view)


def _fill(view: SavedView, asked: Asked) -> None:
    asked.filters.refuse_problems()
    view.query = asked.filters.to_json()
    view.columns = [column.key for column in asked.columns]
    view.sort = asked.sort_word if asked.sort_word.removeprefix("-") in asked.sorts else ""


def _name(view: SavedView, request: HttpRequest) -> None:
    view.name = clean(request.POST.get("name", ""))[:80]
    view.is_shared = request.POST.get("is_shared") == "on"
    if not view.name:
        raise Refused(_("Give the view a name."), field="name")
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused(_("You have a view of this name already. Take another name."), field="name") from None


def _to(view: SavedView) -> HttpResponse:
    return redirect(f"{reverse('customers')}?view={view.pk}")

"""Settings → API keys: the programs that sign in."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires
from guanxi.staff.actions.api_keys import issue_key, revoke_key
from guanxi.staff.forms import ApiKeyForm, refuse
from guanxi.staff.models import ApiKey, Member
from guanxi.staff.permissions import VERBS, modules
from guanxi.staff.views.answers import carried_out

_SHOWN = 200


@requires("settings", "administer")
@require_GET
def api_keys(request: HttpRequest) -> HttpResponse:
    """An administrator sees everybody's keys, others their own."""
    context = {"keys": visible_keys(member(request))[:_SHOWN], "now": clock.now()}
    return page(request, "staff/api_keys.html", context)


@requires("settings", "administer")
@require_http_methods(["GET", "POST"])
def api_key_new(request: HttpRequest) -> HttpResponse:
    """Issue a key. The answer to the post holds its token, this once: it is kept nowhere."""
    form = ApiKeyForm(request.POST or None, member=member(request))
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, clock.now()
        try:
            key, token = issue_key(
                name=said["name"],
                member=said["member"],
                scopes=said["scopes"],
                by=member(request).actor,
                at=now,
                expires_at=now + timedelta(days=int(said["expires_in"])) if said["expires_in"] else None,
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            return page(request, "staff/api_key_issued.html", {"key": key, "token": token})
    context = {"form": form, "modules": modules(), "verbs": VERBS}
    return page(request, "staff/api_key_new.html", context, status=422 if form.errors else 200)


@requires("settings", "administer")
@require_POST
def api_key_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(visible_keys(member(request)), pk=pk)
    if carried_out(request, lambda: revoke_key(key, by=member(request).actor, at=clock.now())):
        toast(request, _("“%(name)s” can no longer call.") % {"name": key.name})
    return redirect("api_keys")


def visible_keys(who: Member) -> QuerySet[ApiKey]:
    """The keys that a member may see."""
    keys = ApiKey.objects.select_related("member").order_by("revoked_at", "-id")
    return keys if who.is_administrator else keys.filter(member=who)

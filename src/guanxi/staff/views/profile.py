"""What a member sets for themselves."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from guanxi.core.errors import Refused
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, signed_in
from guanxi.staff.actions.members import change_preferences
from guanxi.staff.client import browser_name, is_phone
from guanxi.staff.forms import ProfileForm, refuse
from guanxi.staff.models import Member


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, phone, language and time zone."""
    me = member(request)
    names = ("name", "phone", "language", "timezone")
    form = ProfileForm(request.POST or None, initial={name: getattr(me, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            change_preferences(me, by=me.actor, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            if form.cleaned_data["language"]:
                translation.activate(form.cleaned_data["language"])
            toast(request, _("Saved."))
            return redirect("profile")
    return page(request, "staff/profile.html", {"form": form, "me": me}, status=422 if form.errors else 200)


@require_POST
def keep_language(request: HttpRequest) -> HttpResponseBase:
    """The language menu: a cookie for everybody, and for a member their preference, which goes before the cookie."""
    code = request.POST.get("language", "")
    if isinstance(request.user, Member) and code in dict(settings.LANGUAGES):
        change_preferences(request.user, by=request.user.actor, language=code)
    return set_language(request)


class Sessions(ListUserSessionsView):
    """allauth's list of sessions, with browsers by name."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_name(session.user_agent)
            session.is_phone = is_phone(session.user_agent)
        return context

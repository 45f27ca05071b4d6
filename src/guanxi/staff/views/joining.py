"""How people come in: sign-in, the invitation's link, and the first administrator of all."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.design.pages import page
from guanxi.staff.actions import founding
from guanxi.staff.actions.invitations import InvitationSpent, accept_invitation, find_invitation
from guanxi.staff.forms import FirstAdministratorForm, JoinForm, refuse


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """allauth's sign-in, with the company's own provider beside it; on an empty installation, its first page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if founding.is_waiting_for_first():
            return redirect("first_administrator")
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"providers": _providers()}


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponseBase:
    """The invitation's link: a name, a password, and in."""
    try:
        invitation = find_invitation(token, at=clock.now())
    except InvitationSpent as spent:
        return page(request, "staff/invitation_spent.html", {"sentence": str(spent)}, status=spent.status)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            joined = accept_invitation(token, at=clock.now(), language=get_language() or "", **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            return _let_in(request, joined)
    context = {"form": form, "invitation": invitation}
    return page(request, "staff/invitation_accept.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "POST"])
def first_administrator(request: HttpRequest) -> HttpResponseBase:
    """The first page of an empty installation; it does not exist once somebody works here."""
    if not founding.is_waiting_for_first():
        raise Http404
    form = FirstAdministratorForm(request.POST or None, initial={"token": request.GET.get("token", "")})
    if request.method == "POST" and form.is_valid():
        try:
            first = founding.found(**form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            return _let_in(request, first)
    return page(request, "staff/first_administrator.html", {"form": form}, status=422 if form.errors else 200)


def closed(request: HttpRequest, **_address: str) -> HttpResponse:
    """In place of allauth's pages that Guanxi does not have: open sign-up, own e-mail changes, connected accounts."""
    return redirect("profile" if request.user.is_authenticated else "account_login")


def _let_in(request: HttpRequest, member: Any) -> HttpResponseBase:
    answer: HttpResponseBase = perform_login(request, member, redirect_url=settings.LOGIN_REDIRECT_URL)
    return answer


def _providers() -> list[dict[str, str]]:
    """The company's OpenID Connect providers, by name and address."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get(OpenIDConnectProvider.id, {}).get("APPS", [])
    return [
        {
            "name": app["name"],
            "url": reverse(f"{OpenIDConnectProvider.id}_login", kwargs={"provider_id": app["provider_id"]}),
        }
        for app in apps
    ]

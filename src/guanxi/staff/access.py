"""Who may open a page: `@requires("customers", "edit")` on a view, `@signed_in` where any member may come in.

A stranger is led to sign-in; a colleague without the right gets the 403 page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from guanxi.staff.models import Member

AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase] | type[View])
_Function = Callable[..., HttpResponseBase]


def member(request: HttpRequest) -> Member:
    """The member who asks. Only for views behind `requires` or `signed_in`; raises PermissionDenied for a stranger."""
    user = request.user
    if not isinstance(user, Member):
        raise PermissionDenied
    return user


def signed_in(view: AnyView) -> AnyView:
    """Any member may open this page."""
    return _guarded(view, None)


def requires(module: str, verb: str = "see") -> Callable[[AnyView], AnyView]:
    """Only members whose role allows `verb` in `module` may open this page."""

    def decorate(view: AnyView) -> AnyView:
        return _guarded(view, (module, verb))

    return decorate


def refuse_unless(request: HttpRequest, module: str, verb: str) -> None:
    """For views that need a further right for one part of what they do. Raises PermissionDenied."""
    if not member(request).can(module, verb):
        raise PermissionDenied(_("Your role does not allow this. An administrator can change that."))


def send_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Where a stranger is led: to sign-in and then back here; on an empty installation, to its first page."""
    if not Member.objects.exists():
        target = reverse("first_administrator")
    else:
        target = redirect_to_login(_way_back(request), resolve_url(settings.LOGIN_URL)).url
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _way_back(request: HttpRequest) -> str:
    """The page to return to: for a fragment, the page that it belongs to; after a lost POST, where the form was."""
    page = request.headers.get("HX-Current-URL") or (
        "" if request.method == "GET" else request.headers.get("Referer", "")
    )
    if page:
        parts = urlsplit(page)
        if parts.netloc == request.get_host():
            return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path() if request.method == "GET" else "/"


def _guarded(view: AnyView, permission: tuple[str, str] | None) -> AnyView:
    if isinstance(view, type):
        guarded: Any = method_decorator(lambda inner: _guard(inner, permission), name="dispatch")(view)
        guarded.required_permission = permission
        return cast("AnyView", guarded)
    return cast("AnyView", _guard(view, permission))


def _guard(view: _Function, permission: tuple[str, str] | None) -> _Function:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return send_to_sign_in(request)
        if permission is not None:
            refuse_unless(request, *permission)
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # what a member may see must not come back after sign-out
        return response

    guarded.required_permission = permission  # type: ignore[attr-defined]
    return guarded

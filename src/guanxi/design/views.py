"""Pages that belong to nobody else: errors in human words, and the guide to the components."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guanxi.design import guide
from guanxi.design.pages import page, standalone, toast


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _error(
        request,
        400,
        _("That request could not be read"),
        _("The address or the form was incomplete. Go back, reload the page and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed. A reason given to `PermissionDenied` is shown."""
    return _error(
        request,
        403,
        _("Your role does not allow this"),
        str(exception or "") or _("Ask an administrator if you need it for your work."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is older than the session it was made for, or cookies are off."""
    return _error(
        request,
        403,
        _("This form has gone stale"),
        _("Reload the page and send it again. If that does not help, allow cookies for this site."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or nothing this member may see."""
    return _error(
        request,
        404,
        _("There is nothing here"),
        _("The page was moved or removed, or it lies outside what you may see."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; whatever was begun has been rolled back."""
    return _error(
        request,
        500,
        _("Something broke on our side"),
        _("Nothing you sent was half saved. Try again in a moment; the error has been written to the log."),
    )


def _error(request: HttpRequest, code: int, headline: str, sentence: str) -> HttpResponse:
    """The error page. Bypasses context processors, which may read the database that has just failed."""
    values = {"code": code, "headline": headline, "sentence": sentence, "retry": code >= 500}
    return HttpResponse(standalone(request, "design/error.html", values), status=code)


def design_guide(request: HttpRequest) -> HttpResponse:
    """Every component, with what a page would pass to it."""
    if request.method == "POST":
        toast(request, _("12 customers were tagged VIP."), undo_url=request.path)
    return page(request, "design/guide.html", guide.context())


def guide_panel(request: HttpRequest, name: str) -> HttpResponse:
    """Answers the guide's panels: one loads, the other fails on purpose."""
    if name != "notes":
        return HttpResponse(status=503)
    return page(request, "design/guide.html", guide.context())

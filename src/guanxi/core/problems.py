"""Errors of the JSON API as problem details (RFC 9457), with a stable `code` and, for bad input, the fields."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from guanxi.core.errors import Refused
from guanxi.kit.errors import BadInput


def problem(status: int, code: str, title: object, **more: Any) -> HttpResponse:
    """A response of problem details. `more` holds extension members, such as `errors`."""
    body = {"type": "about:blank", "title": str(title), "status": status, "code": code, **more}
    return HttpResponse(orjson.dumps(body, default=str), status=status, content_type="application/problem+json")


def handle_problems(api: NinjaAPI) -> None:
    """Turn every expected error of an API into problem details."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        more = {"errors": [{"field": error.field, "detail": str(error)}]} if error.field else {}
        return problem(error.status, error.code, error, **more)

    @api.exception_handler(BadInput)
    def bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
        return problem(422, error.code, error)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"field": ".".join(str(part) for part in found["loc"]), "detail": found["msg"]} for found in error.errors
        ]
        return problem(422, "invalid", _("Some fields are not right."), errors=errors)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(401, "not_signed_in", _("Sign in, or send an API key: Authorization: Bearer gx_…"))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, "forbidden", str(error) or _("You may not do this."))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "not_found", _("There is nothing here, or nothing that you may see."))

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(413, "too_large", _("The request is larger than can be taken in."))

    @api.exception_handler(BadRequest)
    def unreadable(request: HttpRequest, error: BadRequest) -> HttpResponse:
        return problem(400, "unreadable", _("The request could not be read."))

    @api.exception_handler(Throttled)
    def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = problem(429, "throttled", _("Too many requests. Try again in a moment."))
        response["Retry-After"] = str(error.wait or 1)
        return response

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "refused", error.message)

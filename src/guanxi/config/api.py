"""The JSON API: one OpenAPI 3.1 document at /api/v1/docs over the verbs of every domain."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.errors import HttpError

from guanxi.core.idempotency import answer_once
from guanxi.core.json_body import StrictParser
from guanxi.core.openapi import Api
from guanxi.core.problems import handle_problems
from guanxi.staff.api_auth import authentication


def _whose(request: HttpRequest) -> str:
    """Who asks, for the memory of answers; nobody where signing in will fail."""
    for authenticate in authentication:
        try:
            found = authenticate(request)
        except HttpError:  # a forged form; told where the operation is run
            return ""
        if found is not None:
            return f"{found.actor.kind}:{found.actor.id}"
    return ""


api = Api(
    title="Guanxi",
    version="1",
    description=(
        "Everything staff do on screen, on the same verbs and under the same permissions.\n\n"
        "Sign in with an API key (`Authorization: Bearer gx_…`, made under Settings → API keys). Lists are turned "
        "page by page: pass `next` as `after`. Errors are problem details (RFC 9457) with a stable `code`. Send an "
        "`Idempotency-Key` with each POST, and a request that was sent twice is carried out once."
    ),
    about={
        "customers": "Customers and what is known of them.",
        "work": "Notes, follow-ups and relationships of customers.",
        "lists": "Saved views, work on many customers at once, export.",
        "duplicates": "Records that may be one customer: review, merge, undo.",
        "imports": "Files taken in.",
        "settings": "What the company defines: fields, tags, stages, sources, kinds of relationship, web sites.",
        "staff": "People, departments, roles, invitations and API keys.",
    },
    urls_namespace="api",
    auth=authentication,
    docs_url="/docs",
    parser=StrictParser(),
)
handle_problems(api)
api.add_decorator(answer_once(_whose), mode="view")

api.add_router("", "guanxi.staff.api.router")
api.add_router("", "guanxi.customers.api.router")

_rest = Router()
api.add_router("", _rest)  # last: addresses are tried in order


@_rest.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False)
def nowhere(request: HttpRequest, rest: str) -> None:
    """Whatever else is asked for below /api/v1/ is told in JSON that it is not there."""
    raise Http404

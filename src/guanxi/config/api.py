"""The JSON API: one OpenAPI 3.1 document at /api/v1/docs over the verbs of every domain."""

from __future__ import annotations

from guanxi.core.problems import handle_problems
from guanxi.staff.api_auth import authentication
from ninja import NinjaAPI

api = NinjaAPI(
    title="Guanxi",
    version="1",
    description="Everything staff do on screen, on the same verbs and under the same permissions.",
    urls_namespace="api",
    auth=authentication,
    docs_url="/docs",
)
handle_problems(api)

api.add_router("", "guanxi.staff.api.router")
api.add_router("", "guanxi.customers.api.router")

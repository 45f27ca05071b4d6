"""The description of the JSON API: what ninja derives from the code, completed by what holds for every endpoint.

Refusals as problem details, the Idempotency-Key of each POST, and what the parts of the API are about.
"""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "Why the request was refused (RFC 9457). `code` is stable; `title` is a sentence for people.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status"],
    "examples": [
        {
            "type": "about:blank",
            "title": "Some fields are not right.",
            "status": 422,
            "code": "invalid",
            "errors": [{"field": "body.name", "detail": "String should have at most 200 characters"}],
        }
    ],
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A word of your choosing, such as a UUID, new for each thing to be done. The same request sent again "
        "with the same key within 24 hours is answered with the first answer, and nothing is done twice."
    ),
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["8e03978e-40d5-43dd-bc93-6894a57f9324"]},
}
_REFUSALS = {
    "400": "The request could not be read",
    "401": "Nobody is signed in, or the API key is unknown, expired or revoked",
    "403": "The caller may not do this",
    "404": "There is nothing here, or nothing that the caller may see",
    "409": "It clashes with what is there: changed meanwhile, taken, or being carried out",
    "413": "The request is too large",
    "422": "Something that was sent cannot be used; `errors` names the fields",
}
_OF_EVERY = ("400", "401", "403", "422")
_OF_CHANGES = ("409", "413")
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


class Api(NinjaAPI):
    """A NinjaAPI whose description says what every endpoint shares. `about` describes its tags, in order."""

    def __init__(self, *, about: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        self._about = about

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = _PROBLEM
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                if method in _METHODS:
                    _complete(operation, path, method)
        schema["tags"] = [{"name": name, "description": words} for name, words in self._about.items()]
        return schema


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    statuses = list(_OF_EVERY)
    if "{" in path or method != "get":
        statuses.append("404")
    if method != "get":
        statuses += _OF_CHANGES
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for status in sorted(statuses):
        answers.setdefault(status, _refusal(_REFUSALS[status]))
    operation["responses"] = answers
    for parameter in operation["parameters"]:
        if isinstance(parameter.get("examples"), list):  # ninja copies them from the schema, where they are a list
            del parameter["examples"]
    if method == "post" and _KEY not in operation["parameters"]:
        operation["parameters"] = [*operation["parameters"], _KEY]


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}

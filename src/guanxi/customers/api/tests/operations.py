"""Every operation of customers' API, with the smallest request that it takes: made from the API's own description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

_OTHERS = (
    "/api/v1/me",
    "/api/v1/members",
    "/api/v1/departments",
    "/api/v1/roles",
    "/api/v1/invitations",
    "/api/v1/api-keys",
)


@dataclass(frozen=True)
class Operation:
    """An address with a method, and what its body has to hold."""

    method: str
    path: str
    description: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1')}"

    @property
    def needs_file(self) -> bool:
        return "multipart/form-data" in self.description.get("requestBody", {}).get("content", {})

    def address(self, **ids: int) -> str:
        """The address, with ids in it; those not given name nothing."""
        path = re.sub(r"{(\w+)}", lambda found: str(ids.get(found[1], 999_999)), self.path)
        return path + ("?q=x" if path.endswith("/search") else "")

    def send(self, client: Any, **ids: int) -> Any:
        """The smallest request."""
        address = self.address(**ids)
        if self.needs_file:
            return client.post(address, {"file": SimpleUploadedFile("a.csv", b"name,phone\nA,13800138000\n")})
        body = self.description.get("requestBody")
        told = _smallest(body["content"]["application/json"]["schema"]) if body else None
        return client.generic(
            self.method, address, b"" if told is None else _dump(told), content_type="application/json"
        )


@cache
def description() -> dict[str, Any]:
    """The API's own description, as anybody reads it."""
    answer: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return answer


def operations() -> list[Operation]:
    """All of them; those of staff have tests of their own."""
    return [
        Operation(method.upper(), path, told)
        for path, methods in description()["paths"].items()
        if not path.startswith(_OTHERS)
        for method, told in methods.items()
    ]


def _dump(told: Any) -> bytes:
    import orjson

    return orjson.dumps(told)


def _smallest(schema: dict[str, Any]) -> Any:
    """A value that the schema takes, as small as may be."""
    if "$ref" in schema:
        return _smallest(description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return _smallest(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _smallest(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [_smallest(schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return 1
        case "boolean":
            return False
        case "string" if schema.get("format") == "date-time":
            return "2030-01-01T10:00:00Z"
    return "x" * max(1, schema.get("minLength", 1))

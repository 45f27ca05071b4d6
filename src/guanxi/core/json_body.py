"""Reading what a program sends to the JSON API, more strictly than Python's own reader does."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser

from guanxi.core.errors import Refused


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no half surrogates. Nowhere the character NUL, which no column can hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        told = orjson.loads(request.body)
        if b"\\u0000" in request.body and _holds_nul(told):
            raise ValueError("NUL")
        return told

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, values in data.lists():
            if any(isinstance(value, str) and "\0" in value for value in values) or "\0" in name:
                raise Refused(_("Text cannot hold the character NUL."), field=name.replace("\0", ""), code="nul")
        return super().parse_querydict(data, list_fields, request)


def _holds_nul(told: Any) -> bool:
    if isinstance(told, str):
        return "\0" in told
    if isinstance(told, list):
        return any(_holds_nul(each) for each in told)
    return isinstance(told, dict) and any(_holds_nul(part) for pair in told.items() for part in pair)

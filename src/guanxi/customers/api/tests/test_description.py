"""The API's description: valid OpenAPI 3.1, complete, and true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from guanxi.customers.api.tests.operations import description, operations

_METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    operations()
    written: dict[str, Any] = json.loads(json.dumps(description(), default=str))
    return written


def test_it_is_valid_openapi(told):
    assert told["openapi"].startswith("3.1")
    validate(told)


def test_every_operation_has_a_summary_a_tag_and_its_refusals(told):
    tags = {tag["name"] for tag in told["tags"]}
    for path, methods in told["paths"].items():
        for method in _METHODS & methods.keys():
            operation = methods[method]
            assert operation["summary"], (method, path)
            assert set(operation["tags"]) <= tags, (method, path)
            assert {"401", "403", "422"} <= operation["responses"].keys(), (method, path)


def test_every_post_takes_an_idempotency_key(told):
    for path, methods in told["paths"].items():
        if "post" in methods:
            assert "Idempotency-Key" in [each["name"] for each in methods["post"]["parameters"]], path


def test_the_list_describes_its_filters(told):
    names = {each["name"] for each in told["paths"]["/api/v1/customers"]["get"]["parameters"]}
    assert {"city", "tag_none", "no_purchase_days", "sort", "after", "limit"} <= names


def test_no_two_operations_share_an_id(told):
    ids = [methods[method]["operationId"] for methods in told["paths"].values() for method in _METHODS & methods.keys()]
    assert len(ids) == len(set(ids))

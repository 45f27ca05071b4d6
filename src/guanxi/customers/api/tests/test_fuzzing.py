"""schemathesis: whatever fits the description is answered, and as described; whatever does not is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guanxi.customers.api.tests.conftest import Program
from guanxi.customers.api.tests.operations import description, operations
from guanxi.customers.api.tests.thing_of_each_kind import Things, make_one_of_each

operations()
EXAMPLES = 4
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
_app = WSGIHandler()

schema = schemathesis.openapi.from_dict(dict(description()))


@pytest.fixture
def things(shop: Program, zhang: Any, lin: Any) -> Iterator[Things]:
    """One of each kind; then the application answers in the test's own transaction."""
    made = make_one_of_each(shop, zhang, lin)
    for signal in (request_started, request_finished):  # Django's test client, used so far, connects them again
        signal.disconnect(close_old_connections)
    yield made
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@seed(20261121)
@settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_answers_as_it_says(case: Any, shop: Program, things: Things) -> None:
    case.path_parameters = things.point(case.operation.path, case.path_parameters or {})
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {shop.token}"}
    response = case.call(app=_app)
    case.validate_response(response, checks=CHECKS)

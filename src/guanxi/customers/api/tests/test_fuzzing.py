"""schemathesis: whatever fits the description is answered, and as described; whatever does not is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guanxi.customers.api.tests.conftest import Program, make_customer, program_of
from guanxi.customers.api.tests.operations import description, operations
from guanxi.customers.api.tests.thing_of_each_kind import Things, make_one_of_each
from guanxi.staff.tests.factories import make_cast

pytestmark = pytest.mark.django_db

operations()
EXAMPLES = 3
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
_app = WSGIHandler()

schema = schemathesis.openapi.from_dict(dict(description()))


@dataclass
class World:
    """A company with a customer, and one of everything else."""

    shop: Program
    things: Things


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, in a transaction that all the examples live in."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        shop = program_of(cast.wang_fang)
        zhang = make_customer("张三丰", owner=cast.li_ming, phone="13800138000", city="上海")
        things = make_one_of_each(shop, zhang, make_customer("Lin Yating", phone="13900139000"))
        for signal in (request_started, request_finished):  # Django's test client, used so far, connects them again
            signal.disconnect(close_old_connections)
        yield World(shop, things)
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        transaction.set_rollback(True)


@schema.parametrize()
@seed(20261121)
@settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_answers_as_it_says(case: Any, world: World) -> None:
    case.path_parameters = world.things.point(case.operation.path, case.path_parameters or {})
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {world.shop.token}"}
    with transaction.atomic():
        response = case.call(app=_app)
        transaction.set_rollback(True)  # what one example deletes, the next may still name
    case.validate_response(response, checks=CHECKS)

"""For every operation: strangers are unknown, programs without the scope refused, customers out of scope hidden."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.customers.api.tests.conftest import EVERYTHING, Program, program_of
from guanxi.customers.api.tests.operations import Operation, operations
from guanxi.customers.models import Customer
from guanxi.staff.tests.factories import Cast, make_member, make_role

OPERATIONS = operations()
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
of_one_customer = pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if "{customer_id}" in each.path], ids=str
)


@every_operation
def test_a_stranger_is_unknown(db: None, operation: Operation):
    answer = operation.send(Client())
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


@every_operation
def test_a_program_without_the_scope_is_refused(cast: Cast, operation: Operation):
    answer = operation.send(program_of(cast.wang_fang, "staff:see").client)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@every_operation
def test_a_scope_is_worth_no_more_than_the_member(cast: Cast, operation: Operation):
    nobody = make_member("Nobody", role=make_role("Nothing", permissions={}))
    assert operation.send(program_of(nobody).client).status_code == 403


@of_one_customer
def test_a_customer_out_of_scope_is_not_there(cast: Cast, zhang: Customer, operation: Operation):
    every = {"customers": ["see", "edit", "export", "delete", "administer"]}
    service = make_member("Gao Yuan", role=make_role("Service", permissions=every, scope="own"))
    answer = operation.send(program_of(service).client, customer_id=zhang.pk)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_no_address_is_told_in_json(shop: Program):
    answer = shop.get("/custommers")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_keys_of_these_tests_may_do_everything(shop: Program):
    assert set(shop.get("/me").json()["permissions"]) == set(EVERYTHING)

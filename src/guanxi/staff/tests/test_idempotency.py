"""Idempotency-Key, over the API of the whole product."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from guanxi.core import clock, idempotency
from guanxi.core.models import KeptAnswer
from guanxi.staff.models import ApiKey, Department
from guanxi.staff.tests.factories import bearer, make_administrator, make_api_key

SCOPES = ("staff:see", "staff:edit", "staff:administer")
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture
def client(db) -> Client:
    return Client(headers=bearer(make_api_key(make_administrator(), *SCOPES)[1]))


def post(client: Client, name: str, key: str = KEY, **more: Any):
    return client.post(
        "/api/v1/departments", {"name": name}, content_type="application/json", headers={"Idempotency-Key": key}, **more
    )


def test_the_same_request_again_gets_the_first_answer_and_does_nothing(client):
    first, second = post(client, "Sales"), post(client, "Sales")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert second["Content-Type"] == first["Content-Type"]
    assert Department.objects.filter(name="Sales").count() == 1


def test_a_key_may_be_quoted_as_the_draft_has_it(client):
    post(client, "Sales")
    assert post(client, "Sales", f'"{KEY}"')["Idempotency-Replayed"] == "true"


def test_the_key_with_another_request_is_refused(client):
    post(client, "Sales")
    answer = post(client, "Service")
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert not Department.objects.filter(name="Service").exists()


def test_keys_of_others_mean_nothing(client):
    post(client, "Sales")
    other = Client(headers=bearer(make_api_key(make_administrator("Chen Jie"), *SCOPES)[1]))
    assert "Idempotency-Replayed" not in post(other, "Service")


def test_a_refusal_is_not_kept(client):
    assert post(client, "").status_code == 422
    assert not KeptAnswer.objects.exists()
    assert post(client, "Sales").status_code == 201


def test_a_stranger_is_refused_and_nothing_is_kept(client):
    assert post(Client(), "Sales").status_code == 401
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel"])
def test_an_unusable_key_is_refused(client, key):
    assert post(client, "Sales", key).status_code in (400, 422)
    assert not Department.objects.exists()


def test_an_answer_is_forgotten_after_a_day(client):
    post(client, "Sales")
    KeptAnswer.objects.update(kept_at=clock.now() - timedelta(hours=25))
    assert "Idempotency-Replayed" not in post(client, "Sales")
    KeptAnswer.objects.update(kept_at=clock.now() - timedelta(hours=25))
    assert idempotency.sweep(at=clock.now()) == 1
    assert idempotency.sweep(at=clock.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_carried_out_the_second_is_told_to_ask_again():
    client = Client(headers=bearer(make_api_key(make_administrator(), *SCOPES)[1]))
    held, done = threading.Event(), threading.Event()
    owner = f"api_key:{ApiKey.objects.get().pk}"

    def hold() -> None:
        with transaction.atomic():
            assert idempotency._claim(owner, KEY)
            held.set()
            done.wait(10)
        connection.close()

    first = threading.Thread(target=hold)
    first.start()
    held.wait(10)
    answer = post(client, "Sales")
    done.set()
    first.join()
    assert answer.status_code == 409
    assert answer.json()["code"] == "idempotency_key_in_use"
    assert post(client, "Sales").status_code == 201


def test_a_form_with_a_file_is_the_same_whatever_its_boundary(rf):
    def sent(content: bytes):
        return rf.post("/x", {"a": "1", "file": SimpleUploadedFile("a.csv", content)})

    assert idempotency._fingerprint(sent(b"one")) == idempotency._fingerprint(sent(b"one"))
    assert idempotency._fingerprint(sent(b"one")) != idempotency._fingerprint(sent(b"two"))

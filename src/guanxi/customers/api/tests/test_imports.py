"""Files taken in over JSON."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.customers.api.tests.conftest import Program, program_of
from guanxi.customers.imports.jobs import run_import, undo_import
from guanxi.customers.models import Customer, Import

PEOPLE = "姓名,手机,城市\n赵敏,13800001111,大理\n周芷若,不是号码,峨眉\n小昭,13800003333,\n".encode("gb18030")


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(shop: Program, content: bytes = PEOPLE, name: str = "people.csv") -> Any:
    return shop.client.post("/api/v1/imports", {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_uploaded_tried_out_landed_and_taken_back(shop, cast):
    made = upload(shop)
    assert made.status_code == 201
    told = made.json()
    assert [column["target"] for column in told["columns"]] == ["name", "phone", "city"]
    path = f"/imports/{told['id']}"
    tried = shop.post(f"{path}/dry-run").json()
    assert (tried["rows"], tried["created"], tried["refused"]) == (3, 2, 1)
    assert not Customer.objects.exists()
    assert shop.post(f"{path}/start").status_code == 202
    run_import(told["id"])
    done = shop.get(path).json()
    assert (done["state"], done["created_count"]) == ("finished", 2)
    refused = shop.get(f"{path}/refusals").json()["items"]
    assert [(each["row_number"], each["column"], each["has_landed"]) for each in refused] == [(3, "手机", False)]
    assert Customer.objects.count() == 2
    assert shop.post(f"{path}/start").status_code == 202
    assert shop.post(f"{path}/undo").status_code == 202
    undo_import(told["id"])
    assert shop.get(path).json()["state"] == "undone"
    assert not Customer.objects.exists()
    assert shop.post(f"{path}/undo").json()["code"] == "nothing_to_undo"


def test_the_mapping_can_be_changed_before_the_start_only(shop):
    path = f"/imports/{upload(shop).json()['id']}"
    columns = [{"target": "name"}, {"target": "phone"}, {"target": ""}]
    changed = shop.patch(path, {"columns": columns, "existing": "overwrite", "country": "CN"}).json()
    assert [column["target"] for column in changed["columns"]] == ["name", "phone", ""]
    assert shop.patch(path, {"columns": [{"target": "name"}]}).status_code == 422
    assert shop.patch(path, {"columns": [{"target": "shoe"}, *columns[1:]]}).json()["code"] == "unfit_plan"
    assert shop.patch(path, {"tag_ids": [999_999]}).status_code == 422
    shop.post(f"{path}/start")
    assert shop.patch(path, {"existing": "skip"}).status_code == 409


def test_a_file_that_cannot_be_read_is_not_kept(shop):
    answer = upload(shop, b"", "empty.csv")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Import.objects.exists()


def test_a_draft_is_nobody_elses_business(shop, cast):
    number = upload(shop).json()["id"]
    other = program_of(cast.chen_jie)
    assert other.get(f"/imports/{number}").status_code == 404
    assert other.get("/imports").json()["items"] == []
    assert [each["id"] for each in shop.get("/imports").json()["items"]] == [number]


def test_targets_are_told(shop):
    assert "name" in [each["key"] for each in shop.get("/import-targets").json()]
    assert "amount" in [each["key"] for each in shop.get("/import-targets", shape="transactions").json()]
    assert shop.get("/import-targets", shape="circle").status_code == 422


def test_the_same_upload_again_is_the_same_import(shop):
    def sent() -> Any:
        file = SimpleUploadedFile("people.csv", PEOPLE)
        return shop.client.post("/api/v1/imports", {"file": file}, headers={"Idempotency-Key": "people-1"})

    first, second = sent(), sent()
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Import.objects.count() == 1

"""Notes, follow-ups and relationships over JSON."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.core import clock
from guanxi.customers.api.tests.conftest import program_of
from guanxi.customers.models import Note, Relationship, RelationshipKind


def test_a_note_is_written_rewritten_deleted_and_brought_back(shop, zhang):
    path = f"/customers/{zhang.pk}/notes"
    made = shop.post(path, {"text": "Likes oolong"}).json()
    assert shop.patch(f"{path}/{made['id']}", {"text": "Likes pu'er", "is_pinned": True}).json()["is_pinned"] is True
    assert shop.delete(f"{path}/{made['id']}").status_code == 204
    assert shop.get(path).json()["items"] == []
    assert shop.post(f"{path}/{made['id']}/return").json()["text"] == "Likes pu'er"


def test_only_its_author_rewrites_a_note(shop, cast, zhang):
    made = shop.post(f"/customers/{zhang.pk}/notes", {"text": "Likes oolong"}).json()
    seller = program_of(cast.li_ming)
    assert seller.patch(f"/customers/{zhang.pk}/notes/{made['id']}", {"text": "No"}).status_code == 403
    assert seller.delete(f"/customers/{zhang.pk}/notes/{made['id']}").status_code == 403
    assert Note.objects.get().text == "Likes oolong"


def test_a_file_is_kept_with_a_note_and_fetched(shop, cast, zhang, lin, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = shop.post(f"/customers/{zhang.pk}/notes", {"text": "Contract"}).json()
    path = f"/api/v1/customers/{zhang.pk}/notes/{made['id']}/attachments"
    kept = shop.client.post(path, {"file": SimpleUploadedFile("contract.pdf", b"%PDF-1.7")})
    assert kept.status_code == 201
    number = kept.json()["attachments"][0]["id"]
    fetched = shop.client.get(f"/api/v1/attachments/{number}")
    assert b"".join(fetched.streaming_content).startswith(b"%PDF")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert program_of(cast.zhao_lei).get(f"/attachments/{number}").status_code == 404
    refused = shop.client.post(path, {"file": SimpleUploadedFile("tool.exe", b"MZ")})
    assert refused.json()["code"] == "unkeepable_file"


def test_a_follow_up_is_set_put_off_passed_on_and_finished(shop, cast, zhang):
    due = clock.now() + timedelta(days=2)
    told = {"text": "Send samples", "due_at": due.isoformat(), "assignee_id": cast.li_ming.pk}
    made = shop.post(f"/customers/{zhang.pk}/follow-ups", told).json()
    later = (due + timedelta(days=1)).isoformat()
    changed = shop.patch(f"/follow-ups/{made['id']}", {"due_at": later, "assignee_id": cast.wang_fang.pk}).json()
    assert changed["assignee_id"] == cast.wang_fang.pk
    assert shop.patch(f"/follow-ups/{made['id']}", {"is_done": True}).json()["done_at"] is not None
    assert shop.get("/follow-ups", is_done="false").json()["items"] == []
    assert [each["id"] for each in shop.get("/follow-ups", customer_id=zhang.pk).json()["items"]] == [made["id"]]
    assert shop.patch(f"/follow-ups/{made['id']}", {"is_done": False}).json()["done_at"] is None


def test_a_time_without_a_zone_and_one_long_past_are_refused(shop, zhang):
    for due in ("2030-01-01T10:00:00", "2001-01-01T10:00:00Z", "9999-01-01T10:00:00Z"):
        answer = shop.post(f"/customers/{zhang.pk}/follow-ups", {"text": "X", "due_at": due})
        assert answer.status_code == 422, due


def test_follow_ups_out_of_scope_are_not_there(shop, cast, zhang):
    due = (clock.now() + timedelta(days=2)).isoformat()
    made = shop.post(f"/customers/{zhang.pk}/follow-ups", {"text": "X", "due_at": due}).json()
    stranger = program_of(cast.zhao_lei)
    assert stranger.get("/follow-ups").json()["items"] == []
    assert stranger.patch(f"/follow-ups/{made['id']}", {"is_done": True}).status_code == 404


def test_a_relationship_reads_from_both_ends(shop, zhang, lin):
    kind = RelationshipKind.objects.create(slug="refers", name="referred", reverse_name="referred by")
    told = {"other_id": lin.pk, "kind_id": kind.pk}
    made = shop.post(f"/customers/{zhang.pk}/relationships", told)
    assert made.status_code == 201
    assert shop.post(f"/customers/{zhang.pk}/relationships", told).status_code == 200
    (seen,) = shop.get(f"/customers/{lin.pk}/relationships").json()
    assert (seen["words"], seen["other_id"], seen["is_outgoing"]) == ("referred by", zhang.pk, False)
    assert shop.post(f"/customers/{zhang.pk}/relationships", {**told, "other_id": zhang.pk}).status_code == 422
    assert shop.delete(f"/customers/{lin.pk}/relationships/{seen['id']}").status_code == 204
    assert not Relationship.objects.exists()


def test_a_customer_out_of_scope_cannot_be_related(cast, zhang, lin):
    kind = RelationshipKind.objects.create(slug="refers", name="referred")
    told = {"other_id": lin.pk, "kind_id": kind.pk}
    assert program_of(cast.li_ming).post(f"/customers/{zhang.pk}/relationships", told).status_code == 404

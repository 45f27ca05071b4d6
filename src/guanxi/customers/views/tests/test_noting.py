"""Notes and calls: what is kept, who is told, what comes back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.actions import attaching, noting
from guanxi.customers.actions.collaborating import add_collaborator, remove_collaborator
from guanxi.customers.models import Attachment, Note, NoteMention
from guanxi.customers.views.tests.cast import NOON, make_sanfeng
from guanxi.staff.tests.factories import Cast, make_cast, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def names_of(customer) -> list[str]:
    return list(Event.objects.filter(customer_id=customer.pk).order_by("id").values_list("name", flat=True))


def test_a_call_is_kept_as_a_note_and_told_as_a_call(cast):
    customer = make_sanfeng(cast.li_ming)

    note = noting.write_note(
        customer, text=" 秋茶 20 斤 ", by=cast.li_ming.actor, at=NOON, author=cast.li_ming, is_call=True
    )

    told = Event.objects.get(customer_id=customer.pk, name=events.CALL_LOGGED)
    assert note.text == "秋茶 20 斤"
    assert told.payload == {"note_id": note.pk, "text": "秋茶 20 斤"}
    assert told.actor_id == cast.li_ming.pk


def test_a_note_without_words_and_files_is_refused(cast):
    customer = make_sanfeng(cast.li_ming)

    with pytest.raises(noting.EmptyNote):
        noting.write_note(customer, text=" \n ", by=cast.li_ming.actor, at=NOON)

    assert not Note.objects.exists()


def test_who_is_named_is_told_if_they_may_see_the_customer(cast):
    customer = make_sanfeng(cast.li_ming)

    note = noting.write_note(
        customer,
        text="@Wang Fang @Zhao Lei please look",
        by=cast.li_ming.actor,
        at=NOON,
        author=cast.li_ming,
    )

    assert [mention.member for mention in note.mentions.all()] == [cast.wang_fang]
    assert noting.left_out(note) == [cast.zhao_lei]
    assert "Zhao Lei" in noting.left_out_words([cast.zhao_lei])


def test_the_longer_name_is_meant_and_nobody_mentions_themselves(cast):
    lei = make_member("李雷", permissions={"customers": ["see"]})
    leilei = make_member("李雷雷", permissions={"customers": ["see"]})

    assert noting.named_in("@李雷雷 请看") == [leilei]
    assert noting.named_in("@李雷雷 @李雷") == [leilei, lei]

    note = noting.write_note(make_sanfeng(), text="@李雷 自己", by=lei.actor, at=NOON, author=lei)
    assert not note.mentions.exists()


def test_rewriting_tells_only_colleagues_named_anew_and_the_same_words_change_nothing(cast):
    customer = make_sanfeng(cast.li_ming)
    note = noting.write_note(customer, text="@Wang Fang", by=cast.li_ming.actor, at=NOON, author=cast.li_ming)

    noting.rewrite_note(note, text="@Wang Fang", by=cast.li_ming.actor, at=NOON)
    assert events.NOTE_EDITED not in names_of(customer)

    noting.rewrite_note(note, text="@Wang Fang @Sun Yue", by=cast.li_ming.actor, at=NOON)
    assert note.edited_at == NOON
    assert NoteMention.objects.filter(note=note).count() == 2
    assert names_of(customer)[-1] == events.NOTE_EDITED


def test_a_deleted_note_is_out_of_sight_and_comes_back_whole(cast):
    customer = make_sanfeng(cast.li_ming)
    note = noting.write_note(customer, text="红色包装", by=cast.li_ming.actor, at=NOON)

    assert noting.delete_note(note, by=cast.li_ming.actor, at=NOON)
    assert not noting.delete_note(note, by=cast.li_ming.actor, at=NOON)
    assert not customer.notes.exists()

    assert noting.restore_note(note, by=cast.li_ming.actor, at=NOON)
    assert not noting.restore_note(note, by=cast.li_ming.actor, at=NOON)
    assert customer.notes.get().text == "红色包装"
    assert names_of(customer)[-2:] == [events.NOTE_DELETED, events.NOTE_RESTORED]


def test_a_file_is_kept_under_a_safe_name_with_the_type_of_its_ending(cast):
    file = SimpleUploadedFile("../报价\u202e单.PDF", b"%PDF-1.7", content_type="text/html")

    note = noting.write_note(make_sanfeng(), text="", by=cast.li_ming.actor, at=NOON, files=[file])

    kept = note.attachments.get()
    assert (kept.name, kept.content_type, kept.size) == ("报价单.PDF", "application/pdf", 8)
    assert kept.file.read() == b"%PDF-1.7"


@pytest.mark.parametrize("name", ["run.exe", "page.html", "picture.svg", "noending"])
def test_what_a_machine_would_run_is_refused_and_nothing_is_kept(cast, name):
    files = [SimpleUploadedFile("fine.txt", b"fine"), SimpleUploadedFile(name, b"<script>")]

    with pytest.raises(attaching.UnkeepableFile, match=name):
        noting.write_note(make_sanfeng(), text="two files", by=cast.li_ming.actor, at=NOON, files=files)

    assert not Note.objects.exists()
    assert not Attachment.objects.exists()


def test_files_too_large_too_many_or_empty_are_refused(cast, monkeypatch):
    monkeypatch.setattr(attaching, "MAX_BYTES", 10)
    customer = make_sanfeng()
    for files in (
        [SimpleUploadedFile("large.txt", b"x" * 11)],
        [SimpleUploadedFile("empty.txt", b"")],
        [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)],
    ):
        with pytest.raises(attaching.UnkeepableFile):
            noting.write_note(customer, text="", by=cast.li_ming.actor, at=NOON, files=files)


def test_a_collaborator_may_see_the_customer_until_removed(cast):
    customer = make_sanfeng(cast.li_ming)

    assert not noting.may_see(cast.zhao_lei, customer)
    assert add_collaborator(customer, cast.zhao_lei, by=cast.li_ming.actor, at=NOON)
    assert not add_collaborator(customer, cast.zhao_lei, by=cast.li_ming.actor, at=NOON)
    assert noting.may_see(cast.zhao_lei, customer)

    assert remove_collaborator(customer, cast.zhao_lei, by=cast.li_ming.actor, at=NOON)
    assert not remove_collaborator(customer, cast.zhao_lei, by=cast.li_ming.actor, at=NOON)
    assert names_of(customer)[-2:] == [events.COLLABORATOR_ADDED, events.COLLABORATOR_REMOVED]

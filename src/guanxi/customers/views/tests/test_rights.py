"""Every address around one customer: strangers, colleagues out of scope, those who may look and not touch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guanxi.customers.actions import noting
from guanxi.customers.actions.following_up import set_follow_up
from guanxi.customers.actions.relating import relate
from guanxi.customers.models import Attachment, Identity, RelationshipKind, Tag, TagGroup
from guanxi.customers.views.tests.cast import NOON, make_ada, make_sanfeng
from guanxi.staff.tests.factories import client_of, make_cast, make_member

pytestmark = pytest.mark.django_db

TO_SEE = [
    "customer", "customer_head", "customer_timeline", "customer_contact", "customer_details", "customer_figures",
    "customer_follow_ups", "customer_relationships", "customer_collaborators", "customer_ownership",
    "customer_merges", "attachment",
]  # fmt: skip
TO_EDIT = [
    "customer_tags", "customer_tag_removal", "customer_tag_return", "customer_stage", "customer_owner",
    "customer_notes", "customer_note", "customer_note_removal", "customer_note_return", "customer_note_pin",
    "customer_identities", "customer_identity_restore", "customer_identity_removal", "customer_identity_primary",
    "customer_field", "customer_follow_up_new", "follow_up_done", "follow_up_reopen", "follow_up_snooze",
    "follow_up_pass_on", "customer_relationship_new", "customer_relationship_removal",
    "customer_relationship_restore", "customer_collaborator_new", "customer_collaborator_removal",
    "customer_collaborator_restore",
]  # fmt: skip


@pytest.fixture
def company(settings, tmp_path):
    """Li Ming's 张三丰 with one of everything; the addresses of all of it by name."""
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    customer, ada = make_sanfeng(cast.li_ming), make_ada(cast.li_ming)
    li = cast.li_ming
    note = noting.write_note(
        customer, text="x", by=li.actor, at=NOON, author=li, files=[SimpleUploadedFile("a.txt", b"a")]
    )
    follow_up = set_follow_up(customer, text="y", due_at=NOON + timedelta(days=1), assignee=li, by=li.actor, at=NOON)
    kind = RelationshipKind.objects.create(slug="meets", name="meets")
    tie = relate(customer, ada, kind=kind, by=li.actor, at=NOON)
    tag = Tag.objects.create(group=TagGroup.objects.create(name="Worth"), name="VIP")
    identity = Identity.objects.filter(customer=customer).first()
    one = [customer.pk]
    arguments = {
        "attachment": [Attachment.objects.get().pk],
        "customer_tag_removal": [*one, tag.pk],
        "customer_tag_return": [*one, tag.pk],
        "customer_note": [*one, note.pk],
        "customer_note_removal": [*one, note.pk],
        "customer_note_return": [*one, note.pk],
        "customer_note_pin": [*one, note.pk],
        "customer_identity_removal": [*one, identity.pk],
        "customer_identity_primary": [*one, identity.pk],
        "customer_field": [*one, "city"],
        "follow_up_done": [follow_up.pk],
        "follow_up_reopen": [follow_up.pk],
        "follow_up_snooze": [follow_up.pk],
        "follow_up_pass_on": [follow_up.pk],
        "customer_relationship_removal": [*one, tie.pk],
        "customer_relationship_restore": [*one, ada.pk, str(kind.pk)],
        "customer_collaborator_removal": [*one, li.pk],
        "customer_collaborator_restore": [*one, li.pk],
    }
    addresses = {name: reverse(name, args=arguments.get(name, one)) for name in TO_SEE + TO_EDIT}
    return cast, addresses


def test_a_stranger_is_led_to_sign_in(client, company):
    _cast, addresses = company
    for name, address in addresses.items():
        answer = client.get(address) if name in TO_SEE else client.post(address)
        assert answer.status_code == 302, name
        assert "/accounts/login/" in answer["Location"], name


def test_a_colleague_out_of_scope_finds_nothing(company):
    cast, addresses = company
    browser = client_of(cast.zhao_lei)
    for name, address in addresses.items():
        answer = browser.get(address) if name in TO_SEE else browser.post(address)
        assert answer.status_code == 404, name


def test_who_may_look_opens_every_panel_and_changes_nothing(company):
    cast, addresses = company
    browser = client_of(cast.sun_yue)
    for name, address in addresses.items():
        if name in TO_SEE:
            assert browser.get(address).status_code == 200, name
        else:
            assert browser.post(address).status_code == 403, name


def test_a_role_without_customers_opens_nothing(company):
    _cast, addresses = company
    browser = client_of(make_member(permissions={}))
    for name, address in addresses.items():
        assert browser.get(address).status_code == 403, name
    for name in ("customer_new", "customer_suggestions", "colleague_suggestions"):
        assert browser.get(reverse(name)).status_code == 403, name


def test_contacts_are_masked_on_every_panel(company):
    cast, addresses = company
    browser = client_of(cast.sun_yue)
    for name in TO_SEE:
        if name == "attachment":
            continue
        words = browser.get(addresses[name]).content.decode()
        assert "13812345678" not in words, name
        assert "138 1234 5678" not in words, name
        assert "sanfeng.zhang@" not in words, name
    assert "138****5678" in browser.get(addresses["customer_contact"]).content.decode()


def test_only_its_author_edits_a_note(company):
    cast, addresses = company
    browser = client_of(cast.chen_jie)

    assert browser.post(addresses["customer_note"], {"text": "z"}).status_code == 403
    assert browser.post(addresses["customer_note_removal"]).status_code == 302  # may delete customers


def test_a_file_comes_back_as_a_download_that_no_browser_runs(company):
    cast, addresses = company

    answer = client_of(cast.li_ming).get(addresses["attachment"])

    assert b"".join(answer.streaming_content) == b"a"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]

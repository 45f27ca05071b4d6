"""The wizard's pages, and who may open which."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from guanxi.customers.imports import landing, undoing
from guanxi.customers.imports.tests.conftest import NOW
from guanxi.customers.models import Customer, Import

pytestmark = pytest.mark.django_db

EIGHT = (
    "姓名,手机,邮箱,性别,生日,城市,标签,来源\n"
    "张三丰,13800138000,zsf@example.com,男,1990-01-02,上海,VIP,抖音\n"
    "李四,12,,女,1990-02-30,北京,,门店\n"
)


def upload(client, content=EIGHT, name="customers.csv"):
    return client.post(reverse("import_new"), {"file": SimpleUploadedFile(name, content.encode())})


@pytest.fixture
def at_wizard(client, wang):
    """Wang Fang, who has uploaded eight well-named columns."""
    client.force_login(wang)
    upload(client)
    return client


def chosen(page: str) -> list[str]:
    """The targets that the mapping page has selected."""
    return re.findall(r'<option value="([^"]*)" selected>', page.split('id="discard"')[0].split("import-decisions")[0])


def test_a_file_of_well_named_columns_takes_three_pages(at_wizard):
    imported = Import.objects.get()
    mapping = at_wizard.get(reverse("import_mapping", args=[imported.pk])).content.decode()
    assert chosen(mapping) == ["name", "phone", "email", "gender", "birth_date", "city", "tags", "source"]

    columns = {f"target-{at}": target for at, target in enumerate(chosen(mapping))}
    answer = at_wizard.post(
        reverse("import_mapping", args=[imported.pk]),
        {**columns, "kind": "person", "existing": "fill", "country": "CN", "time_zone": "Asia/Shanghai",
         "encoding": "utf-8", "delimiter": ",", "has_header": "on"},
    )  # fmt: skip
    assert answer.url == reverse("import_preview", args=[imported.pk])

    preview = at_wizard.get(answer.url).content.decode()
    assert "138 0013 8000" in preview
    assert "1990-02-30" in preview, "what is wrong is marked"
    assert "Row 3 will not land" in preview

    trial = at_wizard.get(
        reverse("import_dry_run", args=[imported.pk]), headers={"HX-Request": "true", "HX-Target": "dry_run"}
    )
    assert "Tried with all 2 rows" in trial.content.decode()
    assert Customer.objects.count() == 0

    started = at_wizard.post(answer.url)
    assert started.url == reverse("import_status", args=[imported.pk])
    running = at_wizard.get(started.url).content.decode()
    assert "progress-block" in running
    landing.run(imported.pk, clock=lambda: NOW)
    done = at_wizard.get(started.url).content.decode()
    assert "Finished" in done
    assert reverse("import_refusals", args=[imported.pk]) in done
    assert Customer.objects.get().name == "张三丰"


@pytest.mark.parametrize("preferred", ["", "en"])
def test_the_worker_tells_refusals_in_the_language_the_starter_reads(at_wizard, wang, monkeypatch, preferred):
    monkeypatch.setattr("guanxi.customers.imports.cleaning._", lambda text: f"[{translation.get_language()}] {text}")
    wang.language = preferred
    wang.save()
    upload(at_wizard, "姓名,手机,城市\n,,北京\n李四,13800138001,上海\n")
    imported = Import.objects.order_by("-pk")[0]
    at_wizard.post(reverse("import_preview", args=[imported.pk]), headers={"Accept-Language": "zh-CN"})
    landing.run(imported.pk, clock=lambda: NOW)
    assert imported.refusals.get().reason.startswith(f"[{preferred or 'zh-hans'}]")


def test_refusals_come_as_a_file_that_can_be_mended(at_wizard, bring):
    imported = bring(EIGHT)
    answer = at_wizard.get(reverse("import_refusals", args=[imported.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert answer["Content-Disposition"].startswith("attachment")
    lines = text.splitlines()
    assert lines[0].startswith("姓名,手机,邮箱")
    assert "12" in lines[1]
    assert "too few digits" in text


def test_undoing_is_a_button_that_works_in_the_background(at_wizard, bring):
    imported = bring(EIGHT)
    answer = at_wizard.post(reverse("import_undo", args=[imported.pk]))
    assert answer.url == reverse("import_status", args=[imported.pk])
    undoing.run(imported.pk, clock=lambda: NOW)

    assert "Taken back" in at_wizard.get(answer.url).content.decode()
    assert Customer.objects.count() == 0


def test_the_shape_can_be_switched_and_the_file_read_again(at_wizard):
    imported = Import.objects.get()
    form = {
        "kind": "person",
        "existing": "fill",
        "country": "CN",
        "time_zone": "Asia/Shanghai",
        "encoding": "utf-8",
        "delimiter": ",",
    }
    at_wizard.post(reverse("import_mapping", args=[imported.pk]), {**form, "shape": "transactions"})
    imported.refresh_from_db()
    assert imported.shape == "transactions"

    at_wizard.post(reverse("import_mapping", args=[imported.pk]), {**form, "currency": "CNY", "read_again": "1"})
    imported.refresh_from_db()
    assert imported.options["reading"]["has_header"] is False
    assert [column["name"] for column in imported.mapping["columns"]][:2] == ["A", "B"]


def test_a_mapping_that_lands_nobody_is_refused_in_words(at_wizard):
    imported = Import.objects.get()
    columns = {f"target-{at}": "" for at in range(8)}
    answer = at_wizard.post(
        reverse("import_mapping", args=[imported.pk]),
        {
            **columns,
            "kind": "person",
            "existing": "fill",
            "country": "CN",
            "time_zone": "Asia/Shanghai",
            "encoding": "utf-8",
            "delimiter": ",",
        },
    )

    assert answer.status_code == 422
    assert "Choose a column that names the customer" in answer.content.decode()


def test_a_file_that_cannot_be_read_is_refused_on_its_own_page(client, wang):
    client.force_login(wang)
    answer = upload(client, "", "empty.csv")

    assert answer.status_code == 422
    assert "The file is empty." in answer.content.decode()
    assert Import.objects.count() == 0


def test_markup_in_a_file_is_shown_as_text(client, wang):
    client.force_login(wang)
    upload(client, "Name,Phone\n<script>alert(1)</script>,13800138000\n", "<img src=x>.csv")
    imported = Import.objects.get()
    for page in ("import_mapping", "import_preview"):
        assert "<script>alert" not in client.get(reverse(page, args=[imported.pk])).content.decode()
    assert "<img src=x>" not in client.get(reverse("imports")).content.decode()


def test_a_draft_is_discarded_with_its_file(at_wizard, settings):
    at_wizard.post(reverse("import_discard", args=[Import.objects.get().pk]))

    assert Import.objects.count() == 0
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


PAGES = [
    ("get", "imports"),
    ("get", "import_new"),
    ("get", "import_status"),
    ("get", "import_mapping"),
    ("get", "import_preview"),
    ("get", "import_dry_run"),
    ("get", "import_refusals"),
    ("post", "import_discard"),
    ("post", "import_cancel"),
    ("post", "import_undo"),
    ("post", "import_preview"),
    ("post", "import_mapping"),
]
ONE = [(method, name) for method, name in PAGES if name not in ("imports", "import_new")]


def address(name: str, imported: Import) -> str:
    return reverse(name, args=[] if name in ("imports", "import_new") else [imported.pk])


@pytest.fixture
def draft(wang):
    return Import.objects.create(member=wang, file_name="customers.csv", file="imports/none.csv")


@pytest.mark.parametrize(("method", "name"), PAGES)
def test_a_stranger_is_led_to_sign_in(client, draft, method, name):
    answer = getattr(client, method)(address(name, draft))

    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize(("method", "name"), PAGES)
def test_who_has_no_business_with_imports_is_refused(client, draft, han, method, name):
    client.force_login(han)

    assert getattr(client, method)(address(name, draft)).status_code == 403


@pytest.mark.parametrize(("method", "name"), ONE)
@pytest.mark.parametrize("state", ["mapping", "finished"])
def test_a_colleague_out_of_scope_finds_nothing(client, draft, li, method, name, state):
    Import.objects.update(state=state)
    client.force_login(li)

    assert getattr(client, method)(address(name, draft)).status_code == 404
    assert "customers.csv" not in client.get(reverse("imports")).content.decode()


def test_a_colleagues_draft_is_nobody_elses_even_for_who_sees_everybody(client, draft, li, wang):
    Import.objects.update(member=li)
    client.force_login(wang)

    assert client.get(reverse("import_mapping", args=[draft.pk])).status_code == 404
    assert client.get(reverse("import_status", args=[draft.pk])).status_code == 404


def test_who_sees_masked_contacts_gets_only_their_own_files(client, bring, li):
    imported = bring(EIGHT)
    li.role.scope = "all"
    li.role.masks_contacts = True
    li.role.save()
    client.force_login(li)

    assert client.get(reverse("import_refusals", args=[imported.pk])).status_code == 404


def test_a_colleagues_import_is_undone_by_the_right_to_delete_only(client, bring, li):
    imported = bring(EIGHT)
    li.role.scope = "all"
    li.role.save()
    client.force_login(li)

    assert client.post(reverse("import_undo", args=[imported.pk])).status_code == 403
    assert Import.objects.get(pk=imported.pk).state == "finished"


def test_the_list_asks_few_questions_however_long_it_is(client, bring, wang, django_assert_max_num_queries):
    for number in range(4):
        bring(f"姓名,手机\n张三,1380013800{number}\n")
    client.force_login(wang)
    client.get(reverse("imports"))
    with django_assert_max_num_queries(12):
        client.get(reverse("imports"))

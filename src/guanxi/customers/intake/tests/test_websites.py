"""Settings → Web sites, and the script that pages load."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.intake.signing import secret_of
from guanxi.customers.intake.websites.verbs import UnfitWebsite, add_website, change_website, clean_origins
from guanxi.customers.models import Website
from guanxi.staff.tests.factories import client_of, make_administrator, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return client_of(make_administrator())


@pytest.fixture
def site() -> Website:
    return add_website(
        name="Tea",
        origins=["https://tea.example.com"],
        needs_consent=True,
        trusts_pages=False,
        by=make_administrator("Chen Jie").actor,
    )


def test_a_site_is_added_and_its_snippet_shown(browser):
    form = {"name": "茶店", "origins": "https://tea.example.com\nhttp://localhost:8080", "needs_consent": "on"}
    answer = browser.post("/settings/websites/", form)
    made = Website.objects.get()
    assert answer.url == f"/settings/websites/{made.pk}/"
    assert made.origins == ["https://tea.example.com", "http://localhost:8080"]
    page = browser.get(answer.url).content.decode()
    assert f"data-site=&#34;{made.key}&#34; data-consent" in page
    assert secret_of(made.key) in page
    assert Event.objects.get(name=events.WEBSITE_ADDED).payload["name"] == "茶店"


@pytest.mark.parametrize("origins", ["", "not an address", "ftp://tea.example.com", "https://user:x@tea.example.com"])
def test_a_site_without_a_usable_address_is_refused(browser, origins):
    answer = browser.post("/settings/websites/", {"name": "Tea", "origins": origins})
    assert answer.status_code == 422
    assert not Website.objects.exists()


def test_two_sites_of_one_name_are_refused(browser, site):
    answer = browser.post("/settings/websites/", {"name": "Tea", "origins": "https://other.example.com"})
    assert answer.status_code == 422
    assert "There is a site called “Tea” already." in answer.content.decode()


def test_a_change_is_recorded_once(browser, site):
    form = {"name": "Tea", "origins": "https://tea.example.com", "trusts_pages": "on"}
    for _time in range(2):
        assert browser.post(f"/settings/websites/{site.pk}/", form).status_code == 302
    told = Event.objects.get(name=events.WEBSITE_CHANGED)
    assert told.payload["changes"] == {"needs_consent": [True, False], "trusts_pages": [False, True]}


def test_an_archived_site_comes_back(browser, site):
    browser.post(f"/settings/websites/{site.pk}/archival/")
    site.refresh_from_db()
    assert site.archived_at is not None
    browser.post(f"/settings/websites/{site.pk}/return/")
    site.refresh_from_db()
    assert site.archived_at is None
    assert Event.objects.filter(name__in=[events.WEBSITE_ARCHIVED, events.WEBSITE_RETURNED]).count() == 2


def test_whoever_only_sees_settings_sees_no_secret_and_changes_nothing(site):
    client = client_of(make_member(permissions={"settings": ["see"]}))
    page = client.get(f"/settings/websites/{site.pk}/").content.decode()
    assert site.key in page
    assert secret_of(site.key) not in page
    form = {"name": "Mine", "origins": "https://evil.example"}
    assert client.post(f"/settings/websites/{site.pk}/", form).status_code == 403
    assert client.post("/settings/websites/", form).status_code == 403
    assert client.post(f"/settings/websites/{site.pk}/archival/").status_code == 403
    assert Website.objects.get().name == "Tea"


@pytest.mark.parametrize("path", ["", "{pk}/", "{pk}/archival/", "{pk}/return/"])
def test_strangers_and_colleagues_without_the_right_are_kept_out(site, path):
    address = f"/settings/websites/{path.format(pk=site.pk)}"
    assert Client().post(address).url.startswith("/accounts/login/")
    assert client_of(make_member(permissions={"customers": ["see"]})).post(address).status_code == 403


def test_the_last_event_is_told_by_itself(browser, site):
    fragment = browser.get(
        f"/settings/websites/{site.pk}/", headers={"HX-Request": "true", "HX-Target": "website_traffic"}
    ).content.decode()
    assert fragment.strip().startswith('<div id="website_traffic"')
    assert "Nothing yet" in fragment


def test_the_script_is_small_and_served_to_any_page():
    answer = Client().get("/track.js")
    assert len(answer.content) < 5 * 1024
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=86400" in answer["Cache-Control"]
    assert Client().get("/track.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_addresses_are_kept_as_browsers_write_an_origin():
    assert clean_origins(["Tea.Example.com/shop?x=1", "https://tea.example.com:443", "https://*.茶.cn", " "]) == [
        "https://tea.example.com",
        "https://*.xn--lxa.cn".replace("xn--lxa", "茶".encode("idna").decode()),
    ]
    with pytest.raises(UnfitWebsite):
        clean_origins(["https://"])


def test_nothing_changed_is_nothing_recorded(site):
    change_website(site, by=make_administrator("Sun Yue").actor, name="Tea", needs_consent=True)
    assert not Event.objects.filter(name=events.WEBSITE_CHANGED).exists()

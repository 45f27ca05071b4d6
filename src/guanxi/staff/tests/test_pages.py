"""Settings of people, as they are clicked."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.core.models import Event
from guanxi.staff import events
from guanxi.staff.models import ApiKey, Department, Invitation, Member, Role
from guanxi.staff.tests.factories import client_of, make_api_key, make_cast, make_department, make_member, make_role

pytestmark = pytest.mark.django_db

PEOPLE_QUERIES = 8  # the bell of the frame asks one of them


def told(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name))


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def browser(cast) -> Client:
    return client_of(cast.wang_fang)


def test_people_are_found_by_part_of_a_name(browser):
    page = browser.get("/settings/people/", {"q": "li mi"}).content.decode()
    assert "Li Ming" in page
    assert "Zhao Lei" not in page


def test_people_of_a_department_are_those_below_it_too(browser, cast):
    page = browser.get("/settings/people/", {"department": cast.sales.pk}).content.decode()
    assert "Li Ming" in page
    assert "Chen Jie" in page
    assert "Zhao Lei" not in page


@pytest.mark.parametrize("nonsense", ["²", "x", "9" * 30, "-1", "%00"])
def test_nonsense_in_the_address_finds_without_it(browser, nonsense):
    asked = {"role": nonsense, "department": nonsense, "after": nonsense, "before": nonsense, "state": nonsense}
    assert browser.get("/settings/people/", asked).status_code == 200


def test_the_list_of_people_costs_the_same_however_many_there_are(browser, django_assert_max_num_queries):
    role, department = make_role(), make_department()
    Member.objects.bulk_create(
        Member(email=f"m{n}@example.com", name=f"Somebody {n:03}", role=role, department=department) for n in range(120)
    )
    with django_assert_max_num_queries(PEOPLE_QUERIES):
        first = browser.get("/settings/people/")
    assert first.context is None
    assert 'rel="next"' in first.content.decode()


def test_pages_of_people_meet_without_gap_or_overlap(browser):
    role = make_role()
    Member.objects.bulk_create(
        Member(email=f"m{n}@example.com", name=f"Same name {n // 3}", role=role) for n in range(130)
    )
    from guanxi.staff.paging import page_by_name

    everybody = Member.objects.get_queryset()
    seen, after = [], ""
    while True:
        found = page_by_name(everybody, after=after)
        seen += [member.pk for member in found.members]
        if not found.next:
            break
        after = found.next
    assert seen == list(everybody.order_by("name", "id").values_list("pk", flat=True))
    back = page_by_name(everybody, before=found.previous)
    assert [member.pk for member in back.members] == seen[-len(found.members) - 50 : -len(found.members)]


def test_an_invited_colleague_joins_and_is_signed_in(browser, cast):
    form = {"email": "Gao@Example.com ", "role": cast.li_ming.role_id, "department": cast.shanghai.pk}
    page = browser.post("/settings/people/invitations/new/", form).content.decode()
    path = page.split('id="invitation-link" value="')[1].split('"')[0].partition("testserver")[2]
    stranger = Client()
    assert "gao@example.com" in stranger.get(path).content.decode()
    weak = stranger.post(path, {"name": "Gao Yuan", "password": "1234567890"})
    assert weak.status_code == 422
    done = stranger.post(path, {"name": "Gao Yuan", "password": "a quiet river bend"})
    assert done.status_code == 302
    gao = Member.objects.get(email="gao@example.com")
    assert (gao.name, gao.role, gao.department) == ("Gao Yuan", cast.li_ming.role, cast.shanghai)
    assert stranger.get("/profile/").status_code == 200
    assert told(events.MEMBER_INVITED)[0].payload["email"] == "gao@example.com"
    assert told(events.MEMBER_JOINED)[0].actor_id == gao.pk
    assert told(events.SIGNED_IN)[0].actor_id == gao.pk
    assert Client().get(path).status_code == 410


def test_inviting_again_ends_the_link_before(browser, cast):
    form = {"email": "gao@example.com", "role": cast.li_ming.role_id}
    links = []
    for _time in range(2):
        page = browser.post("/settings/people/invitations/new/", form).content.decode()
        links.append(page.split('id="invitation-link" value="')[1].split('"')[0].partition("testserver")[2])
    assert Client().get(links[0]).status_code == 410
    assert Client().get(links[1]).status_code == 200
    assert len(told(events.INVITATION_REVOKED)) == 1


def test_a_withdrawn_invitation_no_longer_opens(browser, cast):
    form = {"email": "gao@example.com", "role": cast.li_ming.role_id}
    page = browser.post("/settings/people/invitations/new/", form).content.decode()
    path = page.split('id="invitation-link" value="')[1].split('"')[0].partition("testserver")[2]
    invitation = Invitation.objects.get()
    browser.post(f"/settings/people/invitations/{invitation.pk}/revocation/")
    browser.post(f"/settings/people/invitations/{invitation.pk}/revocation/")
    assert Client().get(path).status_code == 410
    assert len(told(events.INVITATION_REVOKED)) == 1


def test_somebody_who_works_here_is_not_invited_again(browser, cast):
    answer = browser.post(
        "/settings/people/invitations/new/", {"email": cast.li_ming.email.upper(), "role": cast.li_ming.role_id}
    )
    assert answer.status_code == 422
    assert "already works here" in answer.content.decode()


def test_the_stored_invitation_holds_no_link(browser, cast):
    page = browser.post(
        "/settings/people/invitations/new/", {"email": "gao@example.com", "role": cast.li_ming.role_id}
    ).content.decode()
    token = page.split("/invitations/")[-1].split("/")[0]
    assert token not in str(list(Invitation.objects.values()))


def test_role_and_department_change_together_or_not_at_all(browser, cast):
    analyst = cast.sun_yue.role
    browser.post(f"/settings/people/{cast.li_ming.pk}/", {"role": analyst.pk, "department": cast.service.pk})
    ming = Member.objects.get(pk=cast.li_ming.pk)
    assert (ming.role, ming.department) == (analyst, cast.service)
    change = told(events.ROLE_CHANGED)[0]
    assert change.payload["before"]["name"] == "Salesperson"
    assert change.payload["after"]["name"] == "Analyst"
    manager = client_of(cast.chen_jie)
    refused = manager.post(
        f"/settings/people/{cast.li_ming.pk}/", {"role": cast.zhao_lei.role_id, "department": cast.sales.pk}
    )
    assert refused.status_code == 200  # Li Ming left the manager's department: shown, not changed
    assert Member.objects.get(pk=cast.li_ming.pk).role == analyst


def test_deactivating_ends_sessions_and_keys_and_can_be_undone(browser, cast):
    make_api_key(cast.li_ming, "customers:see")
    theirs = client_of(cast.li_ming)
    assert theirs.get("/profile/").status_code == 200
    browser.post(f"/settings/people/{cast.li_ming.pk}/deactivation/")
    assert theirs.get("/profile/").status_code == 302
    assert ApiKey.objects.usable(at=cast.li_ming.created_at).count() == 0
    assert [event.payload["member"] for event in told(events.MEMBER_DEACTIVATED)] == [cast.li_ming.pk]
    assert len(told(events.API_KEY_REVOKED)) == 1
    browser.post(f"/settings/people/{cast.li_ming.pk}/reactivation/")
    assert Member.objects.get(pk=cast.li_ming.pk).is_active
    assert ApiKey.objects.usable(at=cast.li_ming.created_at).count() == 0


def test_a_refusal_is_told_on_the_page(browser, cast):
    answer = browser.post(f"/settings/people/{cast.wang_fang.pk}/deactivation/", follow=True)
    assert "Make somebody else an administrator first" in answer.content.decode()


def test_departments_grow_move_and_go(browser, cast):
    browser.post("/settings/departments/", {"name": "Beijing", "parent": cast.sales.pk})
    beijing = Department.objects.get(name="Beijing")
    assert beijing.path == f"{cast.sales.path}{beijing.pk}/"
    browser.post(f"/settings/departments/{cast.sales.pk}/", {"name": "Sales", "parent": cast.service.pk})
    beijing.refresh_from_db()
    assert beijing.path == f"{cast.service.path}{cast.sales.pk}/{beijing.pk}/"
    circle = browser.post(f"/settings/departments/{cast.sales.pk}/", {"name": "Sales", "parent": beijing.pk})
    assert circle.status_code == 422
    browser.post(f"/settings/departments/{beijing.pk}/removal/")
    assert not Department.objects.filter(name="Beijing").exists()
    browser.post(f"/settings/departments/{cast.sales.pk}/removal/")
    assert Department.objects.filter(pk=cast.sales.pk).exists()
    assert len(told(events.DEPARTMENT_MOVED)) == 1


def test_two_departments_of_one_name_stand_apart_but_not_side_by_side(browser, cast):
    again = browser.post("/settings/departments/", {"name": "Shanghai", "parent": cast.sales.pk})
    assert again.status_code == 422
    elsewhere = browser.post("/settings/departments/", {"name": "Shanghai", "parent": cast.service.pk})
    assert elsewhere.status_code == 302


def test_a_role_is_made_changed_and_dropped(browser):
    form = {"name": "Support", "scope": "department", "permissions": ["customers:see", "customers:edit"]}
    assert browser.post("/settings/roles/new/", form).status_code == 302
    role = Role.objects.get(name="Support")
    assert role.permissions == {"customers": ["edit", "see"]}
    changed = form | {"permissions": ["customers:see"], "masks_contacts": "on"}
    browser.post(f"/settings/roles/{role.pk}/", changed)
    browser.post(f"/settings/roles/{role.pk}/", changed)
    change = told(events.PERMISSIONS_CHANGED)
    assert len(change) == 1
    assert change[0].payload["before"]["permissions"] == {"customers": ["edit", "see"]}
    assert change[0].payload["after"]["masks_contacts"] is True
    browser.post(f"/settings/roles/{role.pk}/removal/")
    assert not Role.objects.filter(name="Support").exists()


def test_a_role_takes_no_permission_that_does_not_exist(browser):
    answer = browser.post("/settings/roles/new/", {"name": "X", "scope": "own", "permissions": ["customers:fly"]})
    assert answer.status_code == 422


def test_a_key_is_shown_once_and_revoked(browser, cast):
    form = {"name": "Shop", "member": cast.wang_fang.pk, "scopes": ["customers:see"], "expires_in": "30"}
    page = browser.post("/settings/api-keys/new/", form).content.decode()
    token = page.split('id="api-key-token" value="')[1].split('"')[0]
    assert token.startswith("gx_")
    assert token not in browser.get("/settings/api-keys/").content.decode()
    key = ApiKey.objects.get()
    browser.post(f"/settings/api-keys/{key.pk}/revocation/")
    browser.post(f"/settings/api-keys/{key.pk}/revocation/")
    assert len(told(events.API_KEY_REVOKED)) == 1
    assert token not in str([event.payload for event in told(events.API_KEY_ISSUED)])


def test_others_see_their_own_keys_only(cast):
    developer = make_member("Ada", permissions={"settings": ["administer"]})
    key, _token = make_api_key(cast.wang_fang, "customers:see", name="Secret plan")
    browser = client_of(developer)
    assert "Secret plan" not in browser.get("/settings/api-keys/").content.decode()
    assert browser.post(f"/settings/api-keys/{key.pk}/revocation/").status_code == 404


def test_the_profile_changes_language_at_once_and_for_good(cast):
    browser = client_of(cast.li_ming)
    form = {"name": "李明", "phone": "", "language": "zh-hans", "timezone": "Europe/Berlin"}
    browser.post("/profile/", form)
    ming = Member.objects.get(pk=cast.li_ming.pk)
    assert (ming.name, ming.language, ming.timezone) == ("李明", "zh-hans", "Europe/Berlin")
    assert browser.get("/profile/").headers["Content-Language"] == "zh-hans"
    browser.post("/i18n/setlang/", {"language": "en"})
    assert Member.objects.get(pk=cast.li_ming.pk).language == "en"
    assert browser.get("/profile/").headers["Content-Language"] == "en"


def test_a_stranger_reads_in_the_language_of_the_browser(cast):
    answer = Client().get("/accounts/login/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert answer.headers["Content-Language"] == "zh-hans"


def test_hostile_names_are_shown_as_words(browser, cast):
    Member.objects.filter(pk=cast.li_ming.pk).update(name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.get("/settings/people/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/settings/people/invitations/new/",
        "/settings/departments/",
        "/settings/roles/",
        "/settings/roles/new/",
        "/settings/api-keys/",
        "/settings/api-keys/new/",
    ],
)
def test_every_page_opens(browser, address):
    assert browser.get(address).status_code == 200

"""Nobody grants more than they have."""

from __future__ import annotations

import pytest

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.staff.actions.api_keys import issue_key
from guanxi.staff.actions.invitations import invite
from guanxi.staff.actions.members import change_role, deactivate, move_member
from guanxi.staff.actions.roles import create_role, edit_role
from guanxi.staff.authority import Authority, BeyondAuthority, Grant
from guanxi.staff.tests.factories import make_api_key, make_cast, make_member, make_role

pytestmark = pytest.mark.django_db


def test_the_system_may_grant_everything():
    assert Authority.of(Actor.system()).covers(Grant(is_administrator=True))


def test_somebody_who_has_left_may_grant_nothing():
    leaver = make_member(is_administrator=True, is_active=False)
    assert not Authority.of(leaver.actor).covers(Grant({"customers": ["see"]}))


@pytest.mark.parametrize(
    "grant",
    [
        Grant({"customers": ["see"], "staff": ["administer"]}, "department"),
        Grant({"imports": ["see", "edit", "delete"]}, "all"),
        Grant({"settings": ["see"]}, "own"),
        Grant({}, "own", is_administrator=True),
    ],
)
def test_a_manager_grants_no_verb_and_no_reach_they_lack(grant):
    assert not Authority.of(make_cast().chen_jie.actor).covers(grant)


def test_a_manager_grants_what_they_have():
    assert Authority.of(make_cast().chen_jie.actor).covers(Grant({"customers": ["see", "edit"]}, "department"))


def test_whoever_sees_masked_contacts_grants_no_sight_of_them():
    masked = make_member(permissions={"customers": ["see"]}, masks_contacts=True)
    authority = Authority.of(masked.actor)
    assert not authority.covers(Grant({"customers": ["see"]}, "own"))
    assert authority.covers(Grant({"customers": ["see"]}, "own", masks_contacts=True))


def test_a_manager_can_neither_promote_nor_touch_an_administrator():
    cast = make_cast()
    for act in (
        lambda: change_role(cast.li_ming, cast.wang_fang.role, by=cast.chen_jie.actor),
        lambda: change_role(cast.wang_fang, cast.li_ming.role, by=cast.chen_jie.actor),
        lambda: change_role(cast.chen_jie, cast.wang_fang.role, by=cast.chen_jie.actor),
        lambda: deactivate(cast.wang_fang, by=cast.chen_jie.actor, at=clock.now()),
    ):
        with pytest.raises(BeyondAuthority):
            act()


def test_a_manager_manages_their_own_part_of_the_company_only():
    cast = make_cast()
    assert move_member(cast.li_ming, cast.sales, by=cast.chen_jie.actor)
    with pytest.raises(BeyondAuthority):
        move_member(cast.zhao_lei, cast.sales, by=cast.chen_jie.actor)
    with pytest.raises(BeyondAuthority):
        move_member(cast.li_ming, cast.service, by=cast.chen_jie.actor)
    with pytest.raises(BeyondAuthority):
        move_member(cast.chen_jie, None, by=cast.chen_jie.actor)


def test_an_invitation_gives_no_more_than_the_inviter_has():
    cast = make_cast()
    asked = {"email": "new@example.com", "by": cast.chen_jie.actor, "at": clock.now(), "base_url": "https://crm"}
    with pytest.raises(BeyondAuthority):
        invite(role=cast.wang_fang.role, department=cast.sales, **asked)
    with pytest.raises(BeyondAuthority):
        invite(role=cast.li_ming.role, department=cast.service, **asked)
    invitation, _link = invite(role=cast.li_ming.role, department=cast.shanghai, **asked)
    assert invitation.invited_by == cast.chen_jie


def test_a_role_can_not_be_widened_beyond_its_editor():
    half = make_member(permissions={"staff": ["see", "administer"], "customers": ["see"]}, scope="own")
    role = make_role(permissions={"customers": ["see"]}, scope="own")
    with pytest.raises(BeyondAuthority):
        edit_role(role, name=role.name, grant=Grant({"customers": ["see", "delete"]}), by=half.actor)
    with pytest.raises(BeyondAuthority):
        create_role(name="Everything", grant=Grant(is_administrator=True), by=half.actor)
    assert edit_role(role, name="Reader", grant=Grant({"customers": ["see"]}), by=half.actor)


def test_a_key_does_no_more_than_its_member_and_its_issuer():
    cast = make_cast()
    asked = {"name": "Shop", "at": clock.now()}
    with pytest.raises(BeyondAuthority):
        issue_key(member=cast.li_ming, scopes=["customers:delete"], by=cast.li_ming.actor, **asked)
    with pytest.raises(BeyondAuthority):
        issue_key(member=cast.chen_jie, scopes=["customers:see"], by=cast.li_ming.actor, **asked)
    with pytest.raises(BeyondAuthority):
        issue_key(member=cast.li_ming, scopes=["customers:delete"], by=cast.wang_fang.actor, **asked)
    key, _token = issue_key(member=cast.li_ming, scopes=["customers:see"], by=cast.wang_fang.actor, **asked)
    assert key.can("customers", "see")
    assert not key.can("customers", "edit")


def test_a_scope_that_means_nothing_is_refused():
    cast = make_cast()
    with pytest.raises(Refused, match="customers:fly"):
        issue_key(name="Shop", member=cast.wang_fang, scopes=["customers:fly"], by=cast.wang_fang.actor, at=clock.now())


def test_the_key_of_an_administrator_is_no_administrator():
    cast = make_cast()
    key, _token = make_api_key(cast.wang_fang, "staff:administer", "customers:see")
    authority = Authority.of(key.actor)
    assert not authority.covers(Grant(is_administrator=True))
    assert not authority.covers(Grant({"customers": ["delete"]}))
    assert authority.covers(Grant({"customers": ["see"]}, "all"))

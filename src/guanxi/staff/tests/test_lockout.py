"""The last administrator can't lock everybody out."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from guanxi.core import clock
from guanxi.staff.actions.lockout import LastAdministrator
from guanxi.staff.actions.members import change_role, deactivate
from guanxi.staff.actions.roles import delete_role, edit_role
from guanxi.staff.authority import Grant
from guanxi.staff.models import Member
from guanxi.staff.tests.factories import make_administrator, make_member, make_role


@pytest.mark.django_db
def test_the_last_administrator_can_not_be_deactivated():
    wang = make_administrator()
    with pytest.raises(LastAdministrator):
        deactivate(wang, by=wang.actor, at=clock.now())
    wang.refresh_from_db()
    assert wang.is_active


@pytest.mark.django_db
def test_the_last_administrator_can_not_be_demoted():
    wang = make_administrator()
    with pytest.raises(LastAdministrator):
        change_role(wang, make_role(), by=wang.actor)
    assert Member.objects.get(pk=wang.pk).is_administrator


@pytest.mark.django_db
def test_the_last_role_of_administrators_can_not_lose_its_power():
    wang = make_administrator()
    with pytest.raises(LastAdministrator):
        edit_role(wang.role, name="Boss", grant=Grant({"customers": ["see"]}, "all"), by=wang.actor)
    assert Member.objects.get(pk=wang.pk).is_administrator


@pytest.mark.django_db
def test_a_role_that_somebody_has_can_not_be_deleted():
    wang = make_administrator()
    with pytest.raises(Exception, match="have the role"):
        delete_role(wang.role, by=wang.actor)


@pytest.mark.django_db
def test_an_administrator_may_go_while_another_stays():
    wang, zhou = make_administrator(), make_administrator("Zhou Wen")
    assert deactivate(wang, by=zhou.actor, at=clock.now())
    assert not deactivate(wang, by=zhou.actor, at=clock.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["deactivate", "demote"])
def test_two_administrators_who_remove_each_other_at_once_do_not_both_succeed(way):
    wang, zhou = make_administrator(), make_administrator("Zhou Wen")
    plain = make_role()
    outcomes = []
    both_ready = threading.Barrier(2)

    def remove(whom, by):
        try:
            with transaction.atomic():
                Member.objects.get(pk=whom.pk)  # the transaction has begun, with both still in place
                both_ready.wait(timeout=20)
                if way == "deactivate":
                    deactivate(whom, by=by.actor, at=clock.now())
                else:
                    change_role(whom, plain, by=by.actor)
            outcomes.append("done")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((wang, zhou), (zhou, wang))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) in (["LastAdministrator", "done"], ["BeyondAuthority", "done"])
    assert Member.objects.get_queryset().administrators().count() == 1


@pytest.mark.django_db
def test_where_nobody_administers_yet_other_acts_are_free():
    ming = make_member(permissions={"staff": ["edit"]})
    lei = make_member(permissions={})
    assert deactivate(lei, by=ming.actor, at=clock.now())

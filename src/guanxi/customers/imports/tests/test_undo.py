"""Taking an import back: what it made goes, what it changed returns, what people did since stays."""

from __future__ import annotations

import pytest

from guanxi.core.events import readers
from guanxi.core.models import Event
from guanxi.customers.actions.creating import edit_customer
from guanxi.customers.actions.tagging import add_tag
from guanxi.customers.imports import undoing
from guanxi.customers.imports.tests.conftest import NOW
from guanxi.customers.imports.tests.test_transactions import RETAIL
from guanxi.customers.models import (
    Customer,
    CustomerTag,
    Identity,
    ImportedCustomer,
    Relationship,
    Stage,
    Tag,
    TagGroup,
    Tally,
)

pytestmark = pytest.mark.django_db


def undo(imported, by=None):
    undoing.begin_undo(imported, by=by, at=NOW)
    return undoing.run(imported.pk, clock=lambda: NOW)


def test_customers_it_made_are_gone_with_everything_of_theirs(bring, wang):
    imported = undo(bring("姓名,手机,标签\n张三,13800138000,VIP\n李四,13900139000,\n"), by=wang)

    assert imported.state == "undone"
    assert imported.figures["undone"] == {"events": 0, "removed": 2, "restored": 0, "kept": 0}
    assert Customer.objects.count() == Identity.objects.count() == ImportedCustomer.objects.count() == 0
    assert not Event.objects.exclude(customer_id=0).exists()
    told = Event.objects.get(name="customers.import_undone")
    assert told.payload["file"] == "customers.csv"


def test_a_customer_somebody_worked_on_since_is_kept_and_listed(bring, wang):
    imported = bring("姓名,手机\n张三,13800138000\n李四,13900139000\n")
    zhang = Customer.objects.get(name="张三")
    edit_customer(zhang, by=wang.actor, at=NOW, values={"city": "上海"})
    undone = undo(imported)

    assert list(Customer.objects.all()) == [zhang]
    assert undone.figures["undone"]["kept"] == 1
    assert list(ImportedCustomer.objects.values_list("customer_id", "before__kept")) == [(zhang.pk, True)]


def test_values_it_changed_return_unless_changed_again(bring, wang):
    bring("Name,Phone,City,Region\n张三,13800138000,,\n")
    Stage.objects.create(name="Lead", position=0)
    imported = bring("Phone,City,Region,Email,Stage\n13800138000,上海,华东,zs@example.com,Lead\n")
    zhang = Customer.objects.get()
    assert zhang.stage.name == "Lead"
    edit_customer(zhang, by=wang.actor, at=NOW, values={"region": "江苏"})
    undo(imported)

    zhang.refresh_from_db()
    assert (zhang.city, zhang.region, zhang.stage) == ("", "江苏", None)
    assert list(zhang.identities.values_list("value", flat=True)) == ["+8613800138000"]


def test_tags_come_off_and_those_they_replaced_come_back(bring, wang):
    group = TagGroup.objects.create(name="Level", is_exclusive=True)
    silver, gold = (Tag.objects.create(group=group, name=name) for name in ("Silver", "Gold"))
    bring("Name,Phone\n张三,13800138000\n")
    add_tag([Customer.objects.get().pk], silver, by=wang.actor, at=NOW)
    imported = bring("Phone,Tags\n13800138000,Gold;新品\n")
    assert set(CustomerTag.objects.values_list("tag__name", flat=True)) == {"Gold", "新品"}
    undo(imported)

    assert list(CustomerTag.objects.values_list("tag_id", flat=True)) == [silver.pk]
    assert gold.pk != silver.pk


@pytest.mark.django_db(transaction=True)
def test_purchases_leave_the_log_and_can_be_imported_again(bring):
    bring("Customer ID,Name\n17850,Old Friend\n", name="customers.csv")
    imported = bring(RETAIL, currency="GBP")
    tallies = readers()["customers.tallies"]
    tallies.catch_up()
    assert Tally.objects.get(customer__name="Old Friend").purchase_count == 3
    undone = undo(imported)

    assert undone.figures["undone"] == {"events": 7, "removed": 1, "restored": 1, "kept": 0}
    assert not Event.objects.filter(name__startswith="shop.").exists()
    friend = Customer.objects.get()
    assert friend.country == ""
    assert not Tally.objects.filter(customer=friend, purchase_count__gt=0).exists()

    again = bring(RETAIL, currency="GBP")
    assert (again.event_count, again.repeated_count) == (7, 0)


def test_links_it_made_go(bring):
    bring("ACCOUNTID,Account Name\n1,Laura Ashley\n", name="Accounts.csv")
    bring("CONTACTID,Last Name,Email\n7,Tucker,tucker@example.com\n", name="Contacts.csv")
    imported = bring("CONTACTID,Last Name,Account Id\n7,Tucker,1\n", name="Contacts.csv")
    assert Relationship.objects.count() == 1
    undo(imported)

    assert Relationship.objects.count() == 0
    assert Customer.objects.count() == 2


def test_an_undo_that_was_interrupted_goes_on(bring, monkeypatch):
    imported = bring("姓名,手机\n张三,13800138000\n李四,13900139000\n王五,13700137000\n")
    undoing.begin_undo(imported, by=None, at=NOW)
    monkeypatch.setattr(undoing, "BATCH_CUSTOMERS", 1)
    times = iter([NOW, NOW])
    with pytest.raises(StopIteration):
        undoing.run(imported.pk, clock=lambda: next(times))
    assert Customer.objects.count() == 2

    assert undoing.run(imported.pk, clock=lambda: NOW).figures["undone"]["removed"] == 3
    assert Customer.objects.count() == 0


def test_what_is_undone_cannot_be_undone_again(bring):
    imported = undo(bring("姓名,手机\n张三,13800138000\n"))

    with pytest.raises(undoing.NothingToUndo):
        undoing.begin_undo(imported, by=None, at=NOW)

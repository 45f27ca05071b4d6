"""Rows of customers land: found or made, filled or overwritten, named, tagged, linked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guanxi.core.models import Event
from guanxi.customers.imports.tests.conftest import NOW, reasons
from guanxi.customers.models import (
    Customer,
    CustomerTag,
    Field,
    Identity,
    ImportedCustomer,
    Relationship,
    SearchTerm,
    Source,
    Stage,
    Tag,
    TagGroup,
)

pytestmark = pytest.mark.django_db

CHINESE = """姓名,手机,邮箱,性别,生日,城市,标签,来源
张三丰,138 0013 8000,ZSF@Example.com,男,1990-01-02,上海,"VIP,老客户",抖音
李四,+86 139-0013-9000,,女,1988年3月4日,北京,老客户;新品,抖音
欧阳修,０１３７００１３７０００,ou@example.com,,,杭州,,门店
"""


def test_a_chinese_file_lands_with_every_column_where_its_name_says(bring):
    imported = bring(CHINESE)

    assert (imported.state, imported.created_count, imported.refused_count) == ("finished", 3, 0)
    zhang = Customer.objects.get(name="张三丰")
    assert (zhang.gender, zhang.birth_date, zhang.city) == ("male", date(1990, 1, 2), "上海")
    assert zhang.source.name == "抖音"
    assert set(zhang.identities.values_list("kind", "value", "is_primary")) == {
        ("phone", "+8613800138000", True),
        ("email", "zsf@example.com", True),
    }
    assert set(zhang.customer_tags.values_list("tag__name", "how")) == {("VIP", "import"), ("老客户", "import")}
    assert Source.objects.count() == 2
    assert Tag.objects.filter(name="老客户").count() == 1
    assert SearchTerm.objects.filter(customer=zhang, term="zsf").exists()
    assert Identity.objects.filter(value="+8613700137000").exists()


def test_each_customer_made_is_told_of_once(bring):
    imported = bring(CHINESE)

    told = Event.objects.filter(name="customers.customer_created")
    assert told.count() == 3
    assert {event.payload["import"] for event in told} == {imported.pk}


def test_the_same_file_again_finds_everybody_and_changes_nothing(bring):
    bring(CHINESE)
    again = bring(CHINESE)

    assert (again.created_count, again.updated_count) == (0, 0)
    assert Customer.objects.count() == 3
    assert Event.objects.filter(name="customers.customer_edited").count() == 0


def test_blanks_are_filled_and_values_kept(bring):
    bring("Name,Phone,City\nZhang San,13800138000,\n")
    bring("Name,Phone,City\nZhang Sanfeng,13800138000,上海\n")

    zhang = Customer.objects.get()
    assert (zhang.name, zhang.city, zhang.version) == ("Zhang San", "上海", 2)
    edited = Event.objects.get(name="customers.customer_edited")
    assert edited.payload["changes"] == {"city": ["", "上海"]}


def test_overwriting_takes_the_values_of_the_file(bring):
    bring("Name,Phone,City\nZhang San,13800138000,北京\n")
    bring("Name,Phone,City\nZhang Sanfeng,13800138000,\n", existing="overwrite")

    zhang = Customer.objects.get()
    assert (zhang.name, zhang.city) == ("Zhang Sanfeng", "北京"), "a blank cell is no value"


def test_leaving_existing_customers_alone_counts_them(bring):
    bring("Name,Phone,City\nZhang San,13800138000,\n")
    again = bring("Name,Phone,City\nZhang San,13800138000,上海\nLi Si,13900139000,北京\n", existing="skip")

    assert (again.created_count, again.updated_count, again.figures["skipped"]) == (1, 0, 1)
    assert Customer.objects.get(name="Zhang San").city == ""


@pytest.mark.parametrize("batch_rows", [1, 2, 10])
def test_rows_that_name_the_same_person_become_one(bring, batch_rows):
    imported = bring(
        "Name,Phone,Email,City\n张三,13800138000,,\n,13800138000,zs@example.com,\n,,zs@example.com,上海\n",
        batch_rows=batch_rows,
    )

    zhang = Customer.objects.get()
    assert (zhang.name, zhang.city, zhang.identities.count()) == ("张三", "上海", 2)
    assert imported.created_count == 1


def test_a_row_that_names_two_customers_lands_on_the_stronger_and_says_both(bring):
    bring("Name,Phone,Email\n张三,13800138000,\n李四,,li@example.com\n")
    imported = bring("Phone,Email,City\n13800138000,li@example.com,上海\n")

    assert Customer.objects.get(name="张三").city == "上海"
    assert Customer.objects.get(name="李四").city == ""
    assert Identity.objects.get(value="li@example.com").customer.name == "李四"
    assert reasons(imported) == [(2, "", "identity_conflict")]
    sentence = imported.refusals.get().reason
    assert "张三" in sentence
    assert "李四" in sentence
    assert imported.refused_count == 0


def test_own_fields_are_made_with_the_kind_their_values_show(bring):
    rows = "".join(f"{n},{'Yes' if n % 2 else 'No'},{('Monthly', 'Yearly')[n % 2]},{n}.50,{n}\n" for n in range(1, 13))
    imported = bring(f"customerID,Paperless,Contract,Charges,Tenure\n{rows}".replace("12.50", " "))

    kinds = dict(Field.objects.values_list("name", "kind"))
    assert kinds == {"Paperless": "yes_no", "Contract": "choice", "Charges": "number", "Tenure": "number"}
    assert Field.objects.get(name="Contract").choices == ["Yearly", "Monthly"]
    fields = {field.name: field.key for field in Field.objects.all()}
    first = Identity.objects.get(kind="external", value="1").customer
    assert first.fields == {
        fields["Paperless"]: True,
        fields["Contract"]: "Yearly",
        fields["Charges"]: "1.5",
        fields["Tenure"]: "1",
    }
    last = Identity.objects.get(value="12").customer
    assert fields["Charges"] not in last.fields, "a blank cell is no value"
    assert imported.refused_count == 0


def test_owner_and_stage_are_found_by_name_or_left_out_with_the_reason(bring, wang, li):
    Stage.objects.create(name="Lead", position=0, is_default=True)
    Stage.objects.create(name="Customer", position=1)
    imported = bring(
        "Name,Phone,Owner,Stage\n"
        "张三,13800138000,li@example.com,Customer\n"
        "李四,13900139000,王芳,\n"
        "王五,13700137000,Nobody,Nowhere\n"
    )

    assert list(Customer.objects.order_by("id").values_list("owner__name", "stage__name")) == [
        ("李雷", "Customer"),
        ("王芳", "Lead"),
        (None, "Lead"),
    ]
    assert reasons(imported) == [(4, "Owner", "owner_unknown"), (4, "Stage", "stage_unknown")]
    assert imported.refused_count == 0
    assert Customer.objects.get(name="张三").ownership_changes.count() == 1


def test_names_in_two_columns_are_joined_as_their_language_does(bring):
    bring("First Name,Last Name,Email\nJane,Smith,jane@example.com\n三丰,张,zsf@example.com\n")

    assert set(Customer.objects.values_list("name", flat=True)) == {"Jane Smith", "张三丰"}


def test_contacts_are_linked_to_accounts_by_their_ids(bring):
    bring("ACCOUNTID,Account Name\n1,Laura Ashley\n2,Gas Depot\n", name="Accounts.csv")
    imported = bring(
        "CONTACTID,Last Name,Account Id,Email\n7,Tucker,2,tucker@example.com\n8,Glass,99,glass@example.com\n",
        name="Contacts.csv",
    )

    assert Customer.objects.filter(kind="company").count() == 2
    link = Relationship.objects.get()
    assert (link.customer.name, link.other.name, link.kind.slug) == ("Tucker", "Gas Depot", "works_at")
    assert imported.figures["linked"] == 1
    assert reasons(imported) == [(3, "Account Id", "link_unknown")]
    assert Event.objects.filter(name="customers.relationship_added").count() == 2


def test_tags_of_an_exclusive_group_take_each_others_place(bring):
    group = TagGroup.objects.create(name="Level", is_exclusive=True)
    silver, gold = (Tag.objects.create(group=group, name=name) for name in ("Silver", "Gold"))
    bring("Phone,Tags\n13800138000,Silver\n")
    bring("Phone,Tags\n13800138000,gold\n")

    assert list(CustomerTag.objects.values_list("tag_id", flat=True)) == [gold.pk]
    assert silver.name == "Silver"


def test_since_when_they_are_customers_comes_from_the_file(bring):
    bring('Email,Created Time\na@example.com,"15 Apr, 2021 00:03:00"\n', time_zone="UTC")

    assert Customer.objects.get().created_at == datetime(2021, 4, 15, 0, 3, tzinfo=UTC)


def test_who_sees_only_own_customers_owns_what_they_bring_and_touches_nobody_elses(bring, li):
    bring("Name,Phone\n张三,13800138000\n")
    imported = bring("Name,Phone,City\n张三,13800138000,上海\n李四,13900139000,北京\n", member=li)

    assert Customer.objects.get(name="李四").owner == li
    assert Customer.objects.get(name="张三").city == ""
    assert reasons(imported) == [(2, "", "out_of_reach")]
    assert imported.refused_count == 1


def test_what_was_done_to_whom_is_remembered(bring):
    bring("Name,Phone\n张三,13800138000\n")
    imported = bring("Phone,City,Email\n13800138000,上海,zs@example.com\n13900139000,北京,\n")

    made, changed = ImportedCustomer.objects.filter(of_import=imported).order_by("-was_created")
    assert (made.was_created, changed.was_created) == (True, False)
    assert changed.before["changes"] == {"city": ["", "上海"]}
    assert len(changed.before["identities"]) == 1
    assert imported.started_at == NOW

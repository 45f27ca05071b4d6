"""Lines of shops land as purchases and refunds, each once, with totals to the last cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from guanxi.core.models import Event
from guanxi.customers.imports.tests.conftest import reasons
from guanxi.customers.models import Customer, Identity, ImportedCustomer

pytestmark = pytest.mark.django_db

RETAIL = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,EIRE
536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom
536415,22140,TEA,3,2010-12-01 11:53:00,0.001,,Unspecified
536416,22141,DAMAGED,-5,2010-12-01 11:54:00,0.0,14527.0,EIRE
"""


def test_lines_are_purchases_and_negative_ones_refunds(bring):
    imported = bring(RETAIL, currency="GBP", time_zone="Europe/London")

    assert imported.shape == "transactions"
    assert (imported.event_count, imported.created_count, imported.refused_count) == (7, 2, 0)
    assert imported.amount_total == Decimal("28.483")
    assert imported.figures["totals"] == {"GBP": "28.483"}
    assert imported.figures["without_customer"] == 2
    events = Event.objects.filter(name__startswith="shop.")
    assert events.aggregate(total=Sum("amount"))["total"] == Decimal("28.483")
    assert dict(events.values_list("name").annotate(Count("id"))) == {"shop.purchase_made": 5, "shop.refund_made": 2}
    first = events.get(payload__product_id="85123A")
    assert (first.amount, first.currency) == (Decimal("15.30"), "GBP")
    assert first.payload == {
        "order": "536365",
        "product": "WHITE HEART",
        "product_id": "85123A",
        "quantity": 6,
        "price": "2.55",
        "import": imported.pk,
    }


def test_who_bought_is_known_by_number_and_country(bring):
    bring(RETAIL, currency="GBP")

    buyer = Identity.objects.get(kind="external", value="17850", namespace="").customer
    assert buyer.country == "GB"
    assert Identity.objects.get(value="14527").customer.country == "IE"
    assert Event.objects.filter(customer_id=0, name="shop.purchase_made").count() == 2


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_equal_lines_of_one_file_all_count_and_the_file_counts_once(bring, batch_rows):
    first = bring(RETAIL, batch_rows=batch_rows)
    again = bring(RETAIL, batch_rows=3)

    assert first.event_count == 7
    assert (again.event_count, again.repeated_count, again.created_count) == (0, 7, 0)
    assert again.amount_total == 0
    assert Event.objects.filter(name__startswith="shop.").count() == 7


def test_a_later_file_that_overlaps_adds_only_what_is_new(bring):
    bring(RETAIL)
    longer = bring(RETAIL + "536417,22142,MUG,2,2010-12-02 08:00:00,4.00,17850.0,United Kingdom\n")

    assert (longer.event_count, longer.repeated_count, longer.amount_total) == (1, 7, 8)


def test_lines_of_another_shop_are_other_lines(bring):
    bring(RETAIL, origin="London")
    other = bring(RETAIL, origin="Leeds")

    assert (other.event_count, other.repeated_count) == (7, 0)


def test_a_purchase_log_without_header_is_understood(bring):
    imported = bring(
        b" 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n 00021 0002 19970101  3   63.34\r\n"
        b" 00050 0003 19970101  1    6.79\r\n",
        name="CDNOW.txt",
        currency="USD",
    )

    assert (imported.shape, imported.event_count, imported.created_count) == ("transactions", 4, 3)
    assert imported.amount_total == Decimal("129.19")
    assert Event.objects.filter(name="shop.purchase_made").earliest("id").payload["quantity"] == 2


def test_money_with_signs_and_chinese_headers(bring):
    imported = bring(
        '订单号,下单时间,手机号,实付金额,商品名称\nA1,2024年3月5日 下午3:04,13800138000,"¥1,234.50",龙井\n'
        "A2,2024/3/6,13800138000,(12.50),龙井\n",
        name="订单.csv",
    )

    assert imported.figures["totals"] == {"CNY": "1222.00"}
    assert [event.name for event in Event.objects.filter(name__startswith="shop.").order_by("occurred_at")] == [
        "shop.purchase_made",
        "shop.refund_made",
    ]


def test_totals_are_kept_by_currency(bring):
    imported = bring("Email,Date,Amount,Currency\na@example.com,2024-01-01,10.10,EUR\na@example.com,2024-01-02,5,USD\n")

    assert imported.figures["totals"] == {"EUR": "10.10", "USD": "5"}


def test_a_number_of_its_own_makes_a_line_count_once(bring):
    text = "Transaction ID,Date,Email,Amount\nT1,2024-01-01,a@example.com,5\nT2,2024-01-01,a@example.com,6\n"
    first = bring(text)
    again = bring(text.replace(",6\n", ",7\n"))
    twice = bring(
        "Transaction ID,Date,Email,Amount\nT3,2024-01-01,a@example.com,5\nT3,2024-01-01,a@example.com,5\n",
        map={"Transaction ID": "event_key"},
    )

    assert first.event_count == 2
    assert (again.event_count, again.repeated_count) == (0, 2)
    assert (twice.event_count, reasons(twice)) == (1, [(3, "Transaction ID", "key_repeated")])


def test_lines_without_moment_or_amount_are_refused_and_the_rest_lands(bring):
    imported = bring(
        "Email,Date,Amount\na@example.com,2024-01-01,5\na@example.com,,5\na@example.com,2024-01-01,\n"
        "a@example.com,2024-02-30,5\na@example.com,2999-01-01,5\na@example.com,2024-01-01,much\nnobody,2024-01-01,5\n"
    )

    assert imported.event_count == 1
    assert reasons(imported) == [
        (3, "Date", "date_missing"),
        (4, "Amount", "amount_missing"),
        (5, "Date", "date_impossible"),
        (6, "Date", "date_future"),
        (7, "Amount", "amount_shape"),
        (8, "Email", "email_shape"),
    ]


def test_lines_of_a_known_customer_fill_what_is_blank(bring):
    bring("Name,Email,City\n张三,a@example.com,\n")
    bring("Email,Date,Amount,City\na@example.com,2024-01-01,5,上海\n")

    zhang = Customer.objects.get()
    assert (zhang.name, zhang.city) == ("张三", "上海")
    assert ImportedCustomer.objects.filter(was_created=False).count() == 1

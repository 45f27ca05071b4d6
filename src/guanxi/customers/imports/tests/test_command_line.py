"""`guanxi import`: what it prints, and what it answers to the shell."""

from __future__ import annotations

import pytest

from guanxi.customers.imports.cli import run
from guanxi.customers.imports.tests.test_transactions import RETAIL
from guanxi.customers.models import Customer, Import

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(RETAIL + "536418,22150,CUP,1,never,1.00,17850.0,France\n")
    return path


def test_it_lands_the_file_and_says_what_came_of_it(orders, capsys):
    status = run([str(orders), "--currency", "GBP"])

    said = capsys.readouterr().out
    assert status == 3, "some rows were refused"
    assert "InvoiceDate → at" in said
    assert "7 events" in said
    assert "total 28.483 GBP" in said
    refused = orders.with_name("orders.csv.refused.csv").read_text("utf-8-sig").splitlines()
    assert len(refused) == 2
    assert "never" in refused[1]
    assert Customer.objects.count() == 2


def test_a_dry_run_keeps_nothing(orders, capsys):
    assert run([str(orders), "--dry-run"]) == 0

    assert "7 events, 1 rows refused. Nothing was kept." in capsys.readouterr().out
    assert Customer.objects.count() == Import.objects.count() == 0


def test_columns_are_mapped_by_hand(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Who,Code,Where\nZhang San,Z1,Shanghai\n")
    assert run([str(path), "--map", "Who=name", "--map", "Code=external@till", "--map", "Where="]) == 0

    identity = Customer.objects.get(name="Zhang San").identities.get()
    assert (identity.namespace, identity.value) == ("till", "Z1")


def test_as_a_member_their_rights_hold(orders, li, han, capsys):
    assert run([str(orders), "--as", "han@example.com"]) == 1
    assert "may not import" in capsys.readouterr().err
    assert run([str(orders), "--as", "nobody@example.com"]) == 1

    run([str(orders), "--as", "LI@example.com"])
    assert Import.objects.get().member == li


def test_mistakes_are_a_sentence(tmp_path, orders, capsys):
    assert run([str(tmp_path / "none.csv")]) == 1
    assert run([str(orders), "--map", "Nothing=name"]) == 1

    said = capsys.readouterr().err
    assert "There is no file" in said
    assert "names no column" in said
    assert Import.objects.count() == 0

"""The public files that the house is measured by, where they are at hand (`GUANXI_DATA`)."""

import csv
import gzip
import os
from pathlib import Path

import pytest

from guanxi.kit.phone import BadPhone, to_e164
from guanxi.kit.tables import open_table
from guanxi.kit.vcard import read_cards

DATA = Path(os.environ.get("GUANXI_DATA", "../shared/data"))

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public files are not at hand")


def test_every_example_of_libphonenumber_comes_out_equal():
    with gzip.open(DATA / "phones/libphonenumber_examples.csv.gz", "rt") as file:
        examples = list(csv.DictReader(file))
    assert len(examples) > 1000
    for example in examples:
        for raw in filter(None, (example["national"], example["international"], example["e164"])):
            try:
                found = to_e164(raw, example["region"])
            except BadPhone:
                found = ""
            assert found == (example["e164"] if example["is_valid"] == "1" else ""), (raw, example["region"])


@pytest.mark.parametrize("path", sorted(DATA.glob("contacts/vcards/*.vcf")), ids=lambda path: path.name)
def test_every_card_is_read(path):
    for card in read_cards(path.read_bytes()):
        assert card.name or card.emails or card.phones


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("transactions/CDNOW_sample.txt.gz", 6919, 5),
        ("churn/Telco-Customer-Churn.csv.gz", 7043, 21),
        ("crm/zoho/Leads.csv.gz", 3900, 13),
        ("crm/zoho/Sales_Orders.csv.gz", 2061, 15),
        ("people/febrl_1.csv.gz", 1000, 11),
        ("text/zh_hotel.csv.gz", 7766, 2),
    ],
)
def test_tables_have_every_row(name, rows, columns):
    table = open_table(DATA / name)
    widths = {len(row) for row in table.rows()}
    assert len(list(table.rows())) == rows
    assert widths == {columns}

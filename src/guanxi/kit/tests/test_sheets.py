from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.kit.sheets import csv_pieces, neutralise, restore, write_xlsx, xlsx_pieces
from guanxi.kit.tables import open_table

ROW = [
    "张三",
    "+8613800138000",
    Decimal("-12.50"),
    3,
    True,
    date(2024, 3, 5),
    datetime(2024, 3, 5, 15, 4, tzinfo=UTC),
    None,
]
HEADER = ["name", "phone", "amount", "count", "valid", "day", "at", "note"]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "\r=1", " =1", "＝1", "\n@x"]
)
def test_formulas_are_made_text(text):
    assert neutralise(text) == f"'{text}"
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["+8613800138000", "-12.50", "-1,234.5", "张三", "a=b", "'quoted", "", "1-2", "-5%"])
def test_numbers_phones_and_words_stay(text):
    assert neutralise(text) == text
    assert restore(text) == text


@given(st.text())
def test_what_was_neutralised_can_be_restored(text):
    assert restore(neutralise(text)) == text or text.startswith("'")


def test_csv_opens_in_excel_and_reads_back(tmp_path):
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(csv_pieces(HEADER, [ROW, ["=1+1", "", None, 0, False, None, None, "a\nb"]])))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = open_table(path)
    assert table.columns == HEADER
    first, second = table.rows()
    assert first == ["张三", "+8613800138000", "-12.50", "3", "True", "2024-03-05", "2024-03-05 15:04:00+00:00", ""]
    assert second[0] == "'=1+1"


def test_csv_is_sent_while_rows_still_come():
    taken = []

    def rows():
        for number in range(100_000):
            taken.append(number)
            yield [number, "x" * 20]

    pieces = csv_pieces(["n", "x"], rows())
    assert len(next(pieces)) >= 1 << 16
    assert len(taken) < 10_000


def test_workbooks_hold_text_as_text(tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(
        b"".join(xlsx_pieces(HEADER, [ROW, ["=1+1", "+86", "", "", "", "", "", "a\x01b"]], title="客户[1]"))
    )
    table = open_table(path)
    assert table.columns == HEADER
    first, second = table.rows()
    assert first == ["张三", "+8613800138000", "-12.5", "3", "TRUE", "2024-03-05", "2024-03-05 15:04:00", ""]
    assert second[0] == "=1+1"
    assert second[-1] == "ab"


def test_an_empty_workbook_still_has_its_header(tmp_path):
    path = tmp_path / "out.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, ["a", "b"], [], title="")
    assert open_table(path).columns == ["a", "b"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.text() | st.integers() | st.floats() | st.dates() | st.booleans() | st.none(), max_size=3),
        max_size=4,
    )
)
def test_any_cells_can_be_written(rows):
    assert b"".join(csv_pieces(["a"], rows))
    assert b"".join(xlsx_pieces(["a"], rows)).startswith(b"PK")

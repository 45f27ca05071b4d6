import csv
import gzip
import io
import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.kit.tables import BadFile, kind_of, open_table

CHINESE = "姓名,手机,城市\n张三丰,13800138000,上海\n李四,13900139000,北京市朝阳区\n"
TRADITIONAL = "姓名,電話,城市\n張三豐,13800138000,臺北市\n李四,13900139000,高雄市鳳山區\n"
ACCENTED = "name,city\nJosé Müller,Köln\nFrançois Lefèvre,Orléans\nÅsa Öberg,Malmö\n"


@pytest.fixture
def write(tmp_path):
    def write(content, name="upload"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def workbook(path, *sheets):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (ACCENTED, "utf-8", "utf-8"),
        (ACCENTED, "cp1252", "cp1252"),
        (ACCENTED, "utf-16-le", "utf-16-le"),
        (ACCENTED, "utf-16-be", "utf-16-be"),
    ],
)
def test_every_usual_encoding_is_found_out(write, text, encoding, found):
    table = open_table(write(text.encode(encoding)))
    assert table.encoding == found
    expected = [row.split(",") for row in text.splitlines()]
    if encoding != "gb18030" or text is CHINESE:
        assert table.columns == expected[0]
        assert list(table.rows()) == expected[1:]


def test_chinese_far_down_an_english_file_is_still_found(write):
    text = "name,note\n" + "Smith,ordinary line\n" * 100_000 + "张三丰,上海客户很好\n"
    table = open_table(write(text.encode("gb18030")))
    assert table.encoding == "gb18030"
    assert list(table.rows())[-1] == ["张三丰", "上海客户很好"]


def test_a_few_broken_bytes_do_not_hide_utf_8(write):
    content = ("名字,备注\n" + "张三,很好的老客户\n" * 50).encode() + b"\xff\xfe,bad\n"
    assert open_table(write(content)).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_found_out(write, delimiter):
    rows = [["name", "amount", "note"], ["Zhang, San", "1,5", "a;b"], ['He said "hi"', "2,5", "line\nbreak"]]
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows(rows)
    table = open_table(write(content.getvalue()))
    assert table.delimiter == delimiter
    assert [table.columns, *table.rows()] == rows


def test_blanks_between_cells_and_no_header(write):
    lines = [" 00004 0001 19970101  2   29.33", " 00004 0001 19970118  2   29.73", " 00021 0002 19970101  3   63.34"]
    table = open_table(write(gzip.compress("\r\n".join(lines).encode())))
    assert not table.has_header
    assert table.columns == ["A", "B", "C", "D", "E"]
    assert next(table.numbered_rows()) == (1, ["00004", "0001", "19970101", "2", "29.33"])
    assert table.row_count == 3


def test_the_hint_of_spreadsheets_is_honoured(write):
    table = open_table(write("sep=;\nname;city\nZhang;Shanghai\n"))
    assert table.columns == ["name", "city"]
    assert list(table.numbered_rows()) == [(3, ["Zhang", "Shanghai"])]


def test_a_file_without_header_keeps_its_first_row(write):
    table = open_table(write("张三,13800138000\n李四,13900139000\n"))
    assert not table.has_header
    assert len(list(table.rows())) == 2
    assert open_table(write("张三,13800138000\n李四,1\n"), has_header=True).columns == ["张三", "13800138000"]


def test_ragged_rows_are_filled_and_overlong_ones_shown(write):
    table = open_table(write("a,b,c\nx\n1,2,3\n\n,,\nx,y,z,,\n" + "1,2,3\n" * 300 + "1,2,3,4\n"))
    rows = list(table.numbered_rows())
    assert rows[0] == (2, ["x", "", ""])
    assert rows[1] == (3, ["1", "2", "3"])
    assert rows[2] == (6, ["x", "y", "z"])
    assert rows[-1][1] == ["1", "2", "3", "4"]


def test_columns_without_or_of_the_same_name_are_told_apart(write):
    assert open_table(write("a,,a\nx,y,z\n")).columns == ["a", "B", "a (2)"]


def test_nulls_are_dropped(write):
    assert list(open_table(write("a,b\nx\0,y\n")).rows()) == [["x", "y"]]


def test_old_line_ends_count_as_lines(write):
    table = open_table(write("a,b\rx,y\rz,w\r"))
    assert list(table.rows()) == [["x", "y"], ["z", "w"]]
    assert table.row_count == 2


def test_titles_above_the_table_are_passed_over(write):
    table = open_table(write("Customers of 2024,,\n\nname,city,note\nZhang,Shanghai,x\n"))
    assert table.columns == ["name", "city", "note"]
    assert list(table.numbered_rows()) == [(4, ["Zhang", "Shanghai", "x"])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n \n", "file_empty"),
        (gzip.compress(CHINESE.encode(), mtime=0)[:-20], "file_gzip"),
        (b"\x1f\x8b\x08garbage", "file_gzip"),
        (bytes(range(256)) * 40, "file_not_text"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "file_vcard"),
        (b"PK\x03\x04garbage", "workbook_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1garbage", "workbook_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook_locked"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(write, content, code):
    with pytest.raises(BadFile) as refused:
        open_table(write(content))
    assert refused.value.code == code


def test_a_quotation_mark_never_closed_is_told(write):
    table = open_table(write("a,b\n1,2\n" * 200 + 'x,"y\n' + "1,2\n" * 300))
    with pytest.raises(BadFile) as refused:
        list(table.rows())
    assert refused.value.code == "file_quote"


def test_a_gzip_that_swells_is_refused(write):
    with pytest.raises(BadFile) as refused:
        open_table(write(gzip.compress(b"a,b\n" * 1_000_000)), most_bytes=1 << 20)
    assert refused.value.code == "file_too_large"


def test_a_workbook_gives_text_as_it_is_shown(tmp_path):
    rows = [
        ["姓名", "手机", "金额", "日期", "时间", "有效"],
        ["张三", 13800138000, 12.5, date(2024, 3, 5), datetime(2024, 3, 5, 15, 4, 5), True],  # noqa: DTZ001 - cells have no zone
        ["李四", "013", "", "", "", False],
    ]
    path = workbook(tmp_path / "book.xlsx", ("空", []), ("客户", rows))
    table = open_table(path)
    assert kind_of(path) == "workbook"
    assert (table.sheet, table.sheets, table.row_count) == ("客户", ("空", "客户"), 2)
    assert table.columns == rows[0]
    first, second = table.numbered_rows()
    assert first[0] == 2
    assert first[1][:4] == ["张三", "13800138000", "12.5", "2024-03-05"]
    assert first[1][5] == "TRUE"
    assert second == (3, ["李四", "013", "", "", "", "FALSE"])
    assert list(table.rows()) == [first[1], second[1]]


def test_a_sheet_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadFile) as refused:
        open_table(workbook(tmp_path / "book.xlsx", ("A", [["x"]])), sheet="B")
    assert refused.value.code == "workbook_sheet"


def bomb(path, size, claimed=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<c/>" * (size // 4))
    if claimed is not None:
        content = bytearray(path.read_bytes())
        place = content.rindex(b"PK\x01\x02") + 24
        content[place : place + 4] = struct.pack("<I", claimed)
        path.write_bytes(content)
    return path


@pytest.mark.parametrize("claimed", [None, 100])
def test_a_workbook_that_swells_is_refused_even_when_its_directory_lies(tmp_path, claimed):
    with pytest.raises(BadFile) as refused:
        open_table(bomb(tmp_path / "bomb.xlsx", 40_000_000, claimed))
    assert refused.value.code == "workbook_too_large"


def test_a_workbook_with_a_cell_at_the_end_of_the_world_is_refused(tmp_path):
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "near")
        sheet.write("XFD1048576", "far")
    with pytest.raises(BadFile) as refused:
        open_table(path)
    assert refused.value.code == "workbook_spread"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet='a,;"\t|\n\r 张1\0', max_size=200).map(str.encode))
def test_any_bytes_give_rows_or_a_refusal(write, content):
    try:
        table = open_table(write(content))
        for row in table.rows():
            assert len(row) >= len(table.columns)
    except BadFile:
        return


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8).map(lambda t: f"x{t}x")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8))
def test_what_was_written_is_read_again(write, rows):
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    table = open_table(write(content.getvalue()), has_header=False, delimiter=",", encoding="utf-8")
    assert list(table.rows()) == rows

"""Files as they should not be: each fault is told by its row or of the file, and the rest lands."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile

import pytest
import xlsxwriter

from guanxi.core.models import Event
from guanxi.customers.imports import refusals
from guanxi.customers.imports.plan import Reading
from guanxi.customers.imports.starting import UnfitPlan, UnreadableFile
from guanxi.customers.imports.tests.conftest import reasons
from guanxi.customers.models import Customer, Field, Import

pytestmark = pytest.mark.django_db

TWO = "姓名,手机,城市\n张三,13800138000,上海\n李四,13900139000,北京\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_are_found_out(bring, encoding):
    bring(TWO.encode(encoding))

    assert set(Customer.objects.values_list("name", "city")) == {("张三", "上海"), ("李四", "北京")}


def test_a_wrong_encoding_can_be_put_right(bring):
    bring(TWO.encode("big5hkscs", "ignore"), reading=Reading(encoding="big5hkscs"))

    assert Customer.objects.filter(city="上海").exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(bring, delimiter):
    bring(TWO.replace(",", delimiter))

    assert Customer.objects.count() == 2


def test_gzip_is_unpacked(bring):
    bring(gzip.compress(TWO.encode()), name="customers.csv.gz")

    assert Customer.objects.count() == 2


def _workbook(rows: list[list[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("客户")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def test_a_workbook_with_numbers_for_phones_lands(bring):
    bring(_workbook([["姓名", "手机"], ["张三", 13800138000], ["李四", "13900139000"]]), name="客户.xlsx")

    assert Customer.objects.get(name="张三").identities.get().value == "+8613800138000"


def test_formula_cells_land_as_their_results(bring):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Phone"])
        sheet.write_formula(1, 0, '=CONCAT("Zhang"," San")', value="Zhang San")
        sheet.write_string(1, 1, "13800138000")
    bring(file.getvalue(), name="formula.xlsx")

    assert Customer.objects.get().name == "Zhang San"


def test_a_zip_bomb_is_refused(bring):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    with pytest.raises(UnreadableFile, match=r"larger|damaged"):
        bring(file.getvalue(), name="bomb.xlsx")

    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"Name,Phone\n", "file_without_rows"),
        (b"\x00\x01\x02\x03\xff\xfe\xfd" * 400, "file_not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "file_not_text"),
        (b"PK\x03\x04broken", "workbook_broken"),
        (gzip.compress(TWO.encode(), mtime=0)[:-12], "file_gzip"),
        (b"BEGIN:VCARD\nFN:Zhang San\n", "card_cut_off"),
    ],
)
def test_a_file_that_holds_no_table_is_refused_in_a_sentence_and_not_kept(bring, content, code, settings):
    with pytest.raises(UnreadableFile) as refused:
        bring(content)

    assert refused.value.code == code
    assert str(refused.value).endswith((".", "。"))
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_one_column_of_phones_is_enough(bring):
    bring("13800138000\n13900139000\nnothing\n", name="phones.txt")

    assert Customer.objects.count() == 2


def test_a_file_that_names_nobody_is_refused_before_it_starts(bring):
    with pytest.raises(UnfitPlan):
        bring("Colour,Size\nred,1\nblue,2\n")


def test_ragged_rows_are_refused_or_filled_and_the_rest_lands(bring):
    imported = bring("Name,Phone,City\n张三,13800138000\n李四,13900139000,北京,更多,还有\n王五,13700137000,上海\n")

    assert set(Customer.objects.values_list("name", "city")) == {("张三", ""), ("王五", "上海")}
    assert reasons(imported) == [(3, "", "row_too_wide")]


def test_nul_and_control_characters_are_dropped(bring):
    bring("Name,Phone\nZhang\x00 \x07San,13800138000\n")

    assert Customer.objects.get().name == "Zhang San"


def test_a_megabyte_in_a_cell_is_left_out(bring):
    imported = bring(f"Name,Phone,City\n张三,13800138000,{'x' * 1_000_000}\n李四,13900139000,北京\n")

    assert set(Customer.objects.values_list("name", "city")) == {("张三", ""), ("李四", "北京")}
    assert reasons(imported) == [(2, "City", "text_too_long")]
    assert len(imported.refusals.get().row[2]) == 500


def test_markup_and_formulas_in_names_are_only_text_and_leave_harmless(bring):
    imported = bring('Name,Phone\n<script>alert(1)</script>,13800138000\n"=HYPERLINK(""http://x"")",no phone\n')

    assert Customer.objects.get().name == "<script>alert(1)</script>"
    header, line = refusals.table(imported)
    assert header[:2] == ["Name", "Phone"]
    assert line[0] == '\'=HYPERLINK("http://x")'
    assert line[2:4] == ["3", "Phone"]


def test_impossible_and_future_birthdays_are_left_out(bring):
    imported = bring(
        "Name,Phone,Birthday\n张三,13800138000,1990-02-30\n李四,13900139000,2999-01-01\n王五,13700137000,1990/3/4\n"
    )

    assert Customer.objects.exclude(birth_date=None).count() == 1
    assert [code for _row, _column, code in reasons(imported)] == ["date_impossible", "birthday_impossible"]
    assert imported.refused_count == 0


def test_phones_of_no_country_are_refused_unless_something_else_names_them(bring):
    imported = bring("Name,Phone,Email\n张三,+999 123456,\n李四,12,li@example.com\n,,\n王五,,\n")

    assert set(Customer.objects.values_list("name", flat=True)) == {"李四", "王五"}
    assert [(row, column) for row, column, _code in reasons(imported)] == [(2, "Phone"), (3, "Phone")]
    assert imported.refused_count == 1


def test_who_wants_them_takes_named_customers_with_bad_phones(bring):
    imported = bring("Name,Phone\n张三,12\n,13\n", takes_unreachable=True)

    assert Customer.objects.get().name == "张三"
    assert imported.refused_count == 1


def test_cards_of_phones_land_with_every_number(bring):
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:张三\r\nTEL;TYPE=CELL:13800138000\r\nTEL;TYPE=WORK:010-62770000\r\n"
        "TEL;TYPE=FAX:010-62770001\r\nEMAIL:zs@example.com\r\nORG:茶庄;门店\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Smith;Jane\r\nTEL;CELL:12\r\nEND:VCARD\r\n"
    )
    imported = bring(card, name="contacts.vcf")

    zhang = Customer.objects.get(name="张三")
    assert set(zhang.identities.values_list("value", flat=True)) == {
        "+8613800138000",
        "+861062770000",
        "zs@example.com",
    }
    assert zhang.company_name == "茶庄"
    assert Customer.objects.filter(name="Jane Smith").exists()
    assert imported.refused_count == 0


def test_phones_are_read_by_the_country_of_their_row(bring):
    imported = bring(
        "Name,Phone,Country\nJane,020 7946 0018,UK\nJean,01 99 00 12 34,France\nJuan,020 7946 0018,Nowhere\n"
    )

    assert set(Customer.objects.values_list("identities__value", "country")) >= {("+33199001234", "FR")}
    assert "country_unknown" in {code for _row, _column, code in reasons(imported)}


def test_a_file_broken_in_the_middle_keeps_what_landed_and_says_where(bring, tmp_path):
    good = "".join(f"客户{n},138{n:08d},上海\n" for n in range(1_200))
    broken = f'姓名,手机,城市\n{good}"没有结尾,13900139000,北京\n' + "x" * 1_100_000
    imported = bring(broken, batch_rows=500)

    assert imported.state == "failed"
    assert "row 120" in imported.failure
    assert imported.created_count == Customer.objects.count() == 1_000


def test_nothing_is_told_of_a_file_that_was_refused(bring):
    with pytest.raises(UnreadableFile):
        bring(b"")

    assert not Event.objects.exists()


def test_mended_refusals_are_uploaded_as_they_were_downloaded(bring):
    imported = bring("Name,Phone\n张三,13800138000\n李四,12\n")
    with io.StringIO() as file:
        csv.writer(file).writerows(refusals.table(imported))
        mended = file.getvalue().replace("李四,12,", "李四,13900139000,")
    again = bring(mended, name="mended.csv")

    assert (again.created_count, again.refused_count) == (1, 0)
    assert set(Customer.objects.values_list("name", flat=True)) == {"张三", "李四"}
    assert not Field.objects.exists()

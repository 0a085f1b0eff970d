"""A spreadsheet is read whatever program wrote it; what is none, or hides a bomb, is a sentence."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from imports.cells import CellRefused, day_of, line_of, name_of, number_of
from imports.reading import SheetRefused, read_sheet
from tests.imports.sheets import repacked, workbook


def test_a_workbook_is_read_with_the_numbers_of_its_rows() -> None:
    sheet = read_sheet(workbook(("卡号", "日期"), (), ("C1", date(2026, 3, 2)), (12.0, 46083)))
    assert sheet.name == "一"
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (1, ["卡号", "日期"]),
        (3, ["C1", date(2026, 3, 2)]),
        (4, [12.0, 46083.0]),
    ]
    assert sheet.notes == []


def test_a_table_that_begins_further_down_and_right_keeps_its_places() -> None:
    sheet = read_sheet(workbook((), (), ("", "", "卡号"), ("", "", "C1")))
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (3, ["", "", "卡号"]),
        (4, ["", "", "C1"]),
    ]


def test_formulas_give_what_was_reckoned_last_and_are_noted() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["甲", "乙"])
        sheet.write_formula(1, 0, '="C"&1', None, "C1")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    read = read_sheet(written.getvalue())
    assert read.rows[1].cells == ["C1"]
    assert "公式" in read.notes[0]


def test_hidden_and_further_sheets_are_left_out_and_named() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        for name, is_hidden in (("说明", False), ("藏", True), ("卡", False), ("旧", False)):
            sheet = book.add_worksheet(name)
            if name != "说明":
                sheet.write(0, 0, name)
            if is_hidden:
                sheet.hide()
    read = read_sheet(written.getvalue())
    assert (read.name, read.rows[0].cells) == ("卡", ["卡"])
    assert read.notes == [
        "只读了第一张有内容的工作表，另有1张没有读。",
        "有1张隐藏的工作表没有读。",
    ]


def test_a_million_blank_rows_cost_nothing() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        look = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["卡号", "日期"])
        sheet.write_row(1, 0, ["C1", "2026-03-02"])
        sheet.write_blank(1_048_575, 16_383, None, look)
    assert [row.line for row in read_sheet(written.getvalue()).rows] == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_commas_are_read_in_each_usual_encoding(encoding: str, mark: str) -> None:
    text = f"卡号{mark}姓名\r\nC1{mark}䶮样例\r\n\r\n"
    sheet = read_sheet(text.encode(encoding))
    assert [row.cells for row in sheet.rows] == [["卡号", "姓名"], ["C1", "䶮样例"]]


def test_lines_without_marks_are_one_column() -> None:
    sheet = read_sheet("单位名称\r\n甲公司\r\n\r\n乙公司\r\n".encode())
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (1, ["单位名称"]),
        (2, ["甲公司"]),
        (4, ["乙公司"]),
    ]
    assert sheet.is_plain_text


def corners() -> bytes:
    """Two cells at opposite corners: read as a block they would fill seventeen milliard."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "卡号")
        sheet.write(1_048_575, 16_383, "远")
    return written.getvalue()


def bomb() -> bytes:
    """Some kilobytes that unpack to 200 MB."""
    return repacked(workbook(("卡号",)), more={"xl/media/zeros.bin": b"\0" * 200 * 1024**2})


def locked_zip() -> bytes:
    data = bytearray(workbook(("卡号",)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
        start = packed.infolist()[0].header_offset
        central = packed.start_dir
    data[start + 6] |= 1
    data[central + 8] |= 1
    return bytes(data)


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: b"", "没有内容"),
        (lambda: workbook(), "没有内容"),
        (lambda: b"  \r\n \t", "没有内容"),
        (lambda: COMPOUND, "旧的xls格式"),
        (lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (locked_zip, "打开密码"),
        (lambda: repacked(workbook(("甲",)), more={"xl/vbaProject.bin": b"x"}), "带有宏"),
        (lambda: b"PK\x03\x04" + b"x" * 300, "有损坏"),
        (lambda: workbook(("甲", "乙"))[:-200], "有损坏"),
        (lambda: b"%PDF-1.7 \x00\x01\xff" * 20, "看不出是表格"),
        (lambda: bytes(range(256)) * 40, "看不出是表格"),
        (bomb, "展开后超过"),
        (corners, "太大或太散"),
        (lambda: workbook(tuple("甲" for _ in range(300))), "最多200列"),
        (lambda: b"a,b\r\n" * 30_000, "最多20000行"),
        (lambda: b"x" * (11 * 1024**2), "最多"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, words: str) -> None:
    with pytest.raises(SheetRefused, match=words):
        read_sheet(data())


@pytest.mark.parametrize(
    "written",
    [
        date(2026, 3, 2),
        46083,
        46083.0,
        "46083",
        "2026-03-02",
        "2026-3-2",
        "2026/3/2",
        "2026.03.02",
        "20260302",
        "2026年3月2日",
        "２０２６年３月２日",
        " 2026 - 03 - 02 ",
        "2026-03-02 00:00:00",
        "'2026-03-02",
    ],
)
def test_a_day_is_read_in_each_usual_form(written) -> None:
    assert day_of(written) == date(2026, 3, 2)


@pytest.mark.parametrize("written", ["2026-02-30", "9999-01-01", "长期", True, "3月2日", -1, 1e300])
def test_what_is_no_day_is_refused(written) -> None:
    with pytest.raises(CellRefused):
        day_of(written)


def test_a_blank_cell_is_no_day() -> None:
    assert day_of("　") is None


def test_a_number_that_lost_its_last_digits_is_refused() -> None:
    assert number_of(123456789.0) == "123456789"
    assert number_of("ｅａ 123-4567") == "EA1234567"
    with pytest.raises(CellRefused, match="末尾已经变成0"):
        number_of(500101198005120016.0)


@pytest.mark.parametrize(
    ("length", "words"),
    [(101, "这一格有101个字，这一列最多写100个字。请缩短"), (10_000, "这一格超过2000个字")],
)
def test_a_cell_that_is_too_long_is_refused_in_a_sentence(length: int, words: str) -> None:
    with pytest.raises(CellRefused, match=words) as refused:
        line_of("字" * length, most=100)
    assert "字字" not in str(refused.value)


@pytest.mark.parametrize(
    "written", ["样例贸易 www.example.com", "请点http://example.cn", "张样例 a@example.com"]
)
def test_a_name_with_a_website_in_it_is_refused(written: str) -> None:
    with pytest.raises(CellRefused, match="名称里不能有网址或邮箱"):
        name_of(written)
    assert name_of("Example Co., Ltd.") == "Example Co., Ltd."

"""Tables for spreadsheet programs: nothing in them is run."""

import csv
import io

import pytest
from django.http import HttpResponse
from openpyxl import Workbook

from core.spreadsheets import csv_response, csv_stream, write_text

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "－1",
    "＋1",
    "＠A",
]


def rows_of(response: HttpResponse) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_marked_as_text(formula: str) -> None:
    response = csv_response("a.csv", [("栏",), (formula,)])
    assert rows_of(response) == [["栏"], [f"'{formula}"]]


def test_numbers_and_other_texts_stay_as_they_are() -> None:
    response = csv_response("a.csv", [("材料1=公函", -5, 2.5, None, "a,b", "“甲”\n乙")])
    assert rows_of(response) == [["材料1=公函", "-5", "2.5", "", "a,b", "“甲”\n乙"]]


def test_a_table_bears_one_mark_its_type_and_its_name() -> None:
    response = csv_response("部门用时2026年.csv", [("甲",), ("乙",)])
    assert response.content == "\ufeff甲\r\n乙\r\n".encode()
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="abtc-2026.csv"; '
        "filename*=utf-8''%E9%83%A8%E9%97%A8%E7%94%A8%E6%97%B62026%E5%B9%B4.csv"
    )


def test_a_long_table_is_streamed_with_the_same_content() -> None:
    rows = [("甲",), ("=1",)]
    assert csv_stream("a.csv", rows).getvalue() == csv_response("a.csv", rows).content


@pytest.mark.parametrize("text", [*FORMULAS, "50010119800101001X", "007"])
def test_a_cell_of_a_sheet_holds_text_and_no_formula(text: str) -> None:
    cell = Workbook().worksheets[0].cell(1, 1)
    write_text(cell, text)
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")

"""A report as xlsx: all figures on one sheet, each further table on one of its own."""

import io
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter

from core.spreadsheets import as_text
from reports.models import StageReport
from reports.stage.content import ReportContent, ReportSection, Table
from reports.stage.narrative import closing
from reports.stage.periods import Period

OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
HEADS: Final = ("部分", "代码", "指标", "本期", "上期", "比上期", "单位")
WIDTHS: Final = (16, 26, 24, 12, 12, 18, 12)
# Excel's own limit.
LONGEST_NAME: Final = 31
NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def draw(report: StageReport, period: Period, content: ReportContent) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#E4ECF4", "text_wrap": True})
        _figures(book, head, period, content)
        for place, (section, table) in enumerate(_tables(content), start=1):
            _table(book, head, f"{place} {section.title} {table.title}", table)
        _words(book, head, report, content)
    return written.getvalue()


def _figures(book: Any, head: Any, period: Period, content: ReportContent) -> None:
    sheet = book.add_worksheet("指标")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    _row(sheet, 0, (f"{period.words}工作报告", f"上期：{period.before.words}"))
    _row(sheet, 1, HEADS, head)
    sheet.freeze_panes(2, 0)
    place = 2
    for section in content.sections:
        for one in section.figures:
            cells = (
                section.title, one.code, one.label, one.value, one.earlier, one.change, one.unit,
            )  # fmt: skip
            _row(sheet, place, cells)
            place += 1


def _tables(content: ReportContent) -> list[tuple[ReportSection, Table]]:
    return [(section, table) for section in content.sections for table in section.tables]


def _table(book: Any, head: Any, name: str, table: Table) -> None:
    sheet = book.add_worksheet(name.translate(NOT_IN_NAMES)[:LONGEST_NAME])
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(table.head), 16)
    _row(sheet, 0, table.head, head)
    for place, row in enumerate(table.rows, start=1):
        _row(sheet, place, [cell.value for cell in row])


def _words(book: Any, head: Any, report: StageReport, content: ReportContent) -> None:
    """What is said in words: the report's own sentences, and what the officer wrote."""
    sheet = book.add_worksheet("文字")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    _row(sheet, 0, ("部分", "文字"), head)
    texts = [("概述", content.words)]
    for section in content.sections:
        texts.append((section.title, section.words))
        if remark := report.words.get(section.code):
            texts.append((f"{section.title}：补充说明", remark))
    for place, text in enumerate([*texts, *closing(report.words)], start=1):
        _row(sheet, place, text)


def _row(sheet: Any, place: int, values: Sequence[Any], look: Any = None) -> None:
    """Texts as texts, whatever they begin with; numbers as numbers, for sums."""
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(place, column, as_text(value), look)
        elif value is not None:
            sheet.write_number(place, column, value, look)

"""The yearly form as one A4 page: PDF and xlsx."""

import io
from typing import Any, Final

import xlsxwriter
from django.conf import settings
from django.utils import timezone

from core.dates import day_words
from core.typesetting import lay_out, rendering, write
from reports.stage.content import Table
from reports.stage.yearly import YearlyForm

OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
A4: Final = 9


def title_of(form: YearlyForm) -> str:
    return f"APEC商务旅行卡协办工作{form.year}年度情况表"


def draw_pdf(form: YearlyForm) -> bytes:
    """Raises RenderingFailed where a character has no glyph in this machine's fonts."""
    context = {
        "title": title_of(form),
        "form": form,
        "station_name": settings.STATION_NAME,
        "today": timezone.localdate(),
    }
    with rendering:
        document = lay_out(
            "reports/stage/pdf/yearly.html", context, "letter.css", "report.css", "yearly.css"
        )
        return write(document, tagged=True)


def draw_xlsx(form: YearlyForm) -> bytes:
    """Set up to be printed on one page."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        sheet = book.add_worksheet(f"{form.year}年度情况表")
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 1)
        sheet.set_column(0, 7, 14)
        title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        sheet.merge_range(0, 0, 0, 7, title_of(form), title)
        sheet.write_string(1, 0, f"填报单位：{settings.STATION_NAME}")
        sheet.write_string(1, 5, f"填报日期：{day_words(timezone.localdate())}")
        place = 3
        for table in form.tables:
            place = _table(book, sheet, place, table)
        sheet.write_string(place, 0, "填报人：")
        sheet.write_string(place, 5, "负责人：")
    return written.getvalue()


def _table(book: Any, sheet: Any, place: int, table: Table) -> int:
    """The next free row, one left blank."""
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E4ECF4"})
    body = book.add_format({"border": 1})
    sheet.write_string(place, 0, table.title, bold)
    for column, text in enumerate(table.head):
        sheet.write_string(place + 1, column, text, head)
    for line, row in enumerate(table.rows, start=place + 2):
        for column, cell in enumerate(row):
            if isinstance(cell.value, str) or cell.value is None:
                sheet.write_string(line, column, cell.shown, body)
            else:
                sheet.write_number(line, column, cell.value, body)
    return place + 3 + len(table.rows)

"""A report as docx, which the officer goes on editing: headings, paragraphs, tables and charts."""

import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.dates import day_words
from core.text import printable
from core.typesetting import RenderingFailed
from reports.models import StageReport
from reports.stage.content import ReportContent, ReportSection, Table
from reports.stage.drawing.pictures import WIDTH_MM, pictures
from reports.stage.narrative import closing
from reports.stage.periods import Period

BODY, HEAD = "FangSong", "SimHei"
HEADS: Final = ("指标", "本期", "上期", "比上期")
SMALL: Final = Pt(9)
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
Charts = Mapping[str, Sequence[bytes]]

logger = logging.getLogger(__name__)


def draw(report: StageReport, period: Period, content: ReportContent) -> bytes:
    paper = Document()
    set_up(paper, report.counted_at)
    add_centred(paper, settings.STATION_NAME, Pt(14))
    add_centred(paper, f"{period.words}工作报告", Pt(20), is_bold=True)
    add_paragraph(paper, content.words)
    charts = _charts(content)
    for section in content.sections:
        _section(paper, section, report.words.get(section.code, ""), charts)
    for title, text in closing(report.words):
        paper.add_heading(printable(title), level=1)
        _paragraphs(paper, text)
    for line in (settings.STATION_NAME, day_words(report.counted_at)):
        paper.add_paragraph(printable(line)).alignment = RIGHT
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _charts(content: ReportContent) -> Charts:
    """By the table's title its pictures; none where the portal's fonts cannot print them.

    The tables below say the same, and Word has other fonts.
    """
    drawn = [table for one in content.sections for table in one.tables if table.chart]
    try:
        return {table.title: found for table, found in zip(drawn, pictures(drawn), strict=True)}
    except RenderingFailed as error:
        logger.warning("工作报告的图没有画进Word：%s", error)
        return {}


def _section(paper: Paper, section: ReportSection, remark: str, charts: Charts) -> None:
    paper.add_heading(section.title, level=1)
    add_paragraph(paper, section.words)
    _paragraphs(paper, remark)
    figures = [
        (one.label, one.shown, one.earlier_shown, one.change or "—") for one in section.figures
    ]
    add_table(paper, HEADS, figures, [False, True, True, True])
    for table in section.tables:
        _shown(paper, table, charts.get(table.title, ()))


def _shown(paper: Paper, table: Table, charts: Sequence[bytes]) -> None:
    """A chart repeats its table, which stands below for who edits or cannot see it."""
    paper.add_heading(table.title, level=2)
    if table.words:
        add_paragraph(paper, table.words)
    for chart in charts:
        shape = paper.add_picture(io.BytesIO(chart), width=Mm(WIDTH_MM))
        described = shape._inline.docPr
        described.set("descr", printable(_described(table)))
        described.set("title", printable(table.title))
        paper.paragraphs[-1].paragraph_format.first_line_indent = Pt(0)
    numbers = [cell.is_number for cell in table.rows[0]] if table.rows else []
    add_table(paper, table.head, ([cell.shown for cell in row] for row in table.rows), numbers)


def _described(table: Table) -> str:
    kind = "折线图" if table.chart == "line" else "条形图"
    return f"{kind}：{table.title}。{table.words}数字见图下面的表。"


def add_table(
    paper: Paper, head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[bool]
) -> None:
    """The head is said again on every page; columns of numbers stand to the right."""
    made = paper.add_table(rows=1, cols=len(head), style="Table Grid")
    _fill(made.rows[0], head, numbers)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        _fill(made.add_row(), row, numbers)
    paper.add_paragraph().paragraph_format.space_after = Pt(0)


def _fill(row: Any, texts: Sequence[str], numbers: Sequence[bool]) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.first_line_indent = Pt(0)
        run = paragraph.add_run(printable(text))
        run.font.size = SMALL
        if place < len(numbers) and numbers[place]:
            paragraph.alignment = RIGHT


def _paragraphs(paper: Paper, text: str) -> None:
    for line in filter(None, text.splitlines()):
        add_paragraph(paper, line)


def add_paragraph(paper: Paper, text: str) -> None:
    paper.add_paragraph(printable(text)).paragraph_format.first_line_indent = Pt(24)


def add_centred(paper: Paper, text: str, size: Any, *, is_bold: bool = False) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = size, is_bold


def set_up(paper: Paper, day: datetime | None) -> None:
    """A4, the faces that offices write in, station, day and page numbers at the foot."""
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(26)
    page.top_margin = page.bottom_margin = Mm(24)
    for name, face, size in (
        ("Normal", BODY, Pt(12)), ("Heading 1", HEAD, Pt(15)), ("Heading 2", HEAD, Pt(12)),
    ):  # fmt: skip
        style: Any = paper.styles[name]
        style.font.name, style.font.size = face, size
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run(f"{settings.STATION_NAME}　{day_words(day)}　第")
    _field(foot, "PAGE")
    foot.add_run("页，共")
    _field(foot, "NUMPAGES")
    foot.add_run("页")


def _field(paragraph: Any, code: str) -> None:
    """A number that Word works out when it shows the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)

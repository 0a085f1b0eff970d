"""The portal's own templates, drawn by python-docx: A4, 仿宋三号, margins of official papers."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGNED
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

BODY_FONT, TITLE_FONT = "仿宋", "宋体"
# 三号 and 二号, and 28 points from line to line (GB/T 9704-2012).
BODY_SIZE, TITLE_SIZE, NOTE_SIZE = Pt(16), Pt(22), Pt(9)
LEADING = Pt(28)


def draw_template(*, name: str, has_addressee: bool, letterhead: str) -> bytes:
    """Letterhead, title, addressee, text, signature; `letterhead` is the field at the head."""
    document = Document()
    _set_page(document)
    _set_font(document.styles["Normal"], BODY_FONT, BODY_SIZE)
    _paragraph(document, f"{{{{ {letterhead} }}}}", size=Pt(18), centred=True, underline=True)
    _paragraph(document, "{{ 标题 }}", size=TITLE_SIZE, font=TITLE_FONT, centred=True, bold=True)
    if has_addressee:
        _paragraph(document, "{{ 抬头 }}")
    body = _paragraph(document, "{{ 正文 }}")
    body.paragraph_format.first_line_indent = BODY_SIZE * 2
    sign = _paragraph(document, "{{ 落款 }}")
    sign.alignment = ALIGNED.RIGHT
    sign.paragraph_format.space_before = Pt(14)
    _draw_foot(document)
    return _written(document, name)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _set_font(holder: Any, name: str, size: Pt) -> None:
    holder.font.name, holder.font.size = name, size
    element = getattr(holder, "_r", None)
    element = holder.element if element is None else element
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _paragraph(
    document: Any,
    text: str,
    *,
    size: Pt = BODY_SIZE,
    font: str = BODY_FONT,
    centred: bool = False,
    bold: bool = False,
    underline: bool = False,
) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold
    _set_font(run, font, size)
    shape = paragraph.paragraph_format
    shape.space_after, shape.line_spacing = Pt(0), LEADING if size <= BODY_SIZE else None
    if centred:
        paragraph.alignment = ALIGNED.CENTER
        shape.space_after = Pt(14)
    if underline:
        _rule_below(paragraph)
    return paragraph


def _rule_below(paragraph: Paragraph) -> None:
    borders, rule = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "000000")):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    # Word asks for an order of these: the border stands before the spacing.
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _draw_foot(document: Any) -> None:
    """Who set the page, small, and the page's number below it."""
    foot = document.sections[0].footer
    note = foot.paragraphs[0]
    run = note.add_run("{{ 附注 }}")
    _set_font(run, BODY_FONT, NOTE_SIZE)
    paragraph = foot.add_paragraph()
    paragraph.alignment = ALIGNED.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    paragraph._p.append(field)


def _written(document: Any, name: str) -> bytes:
    about = document.core_properties
    about.title, about.author, about.comments, about.subject = name, "", "", ""
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()

"""The review table as PDF: the base form, one department's cell, and pictures of either.

Sizes are PDF points (1/72 inch) with the origin at the lower left, as in the PDF itself;
WeasyPrint lays out in CSS pixels (1/96 inch) from the upper left.
"""

import base64
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from math import ceil, floor
from typing import Any, Final

import pydyf
import pypdfium2
import pypdfium2.raw
import segno
from django.conf import settings
from PIL import Image, ImageChops
from weasyprint import Document

from core.dates import day_words, second_label
from core.numerals import chinese_number
from core.text import sentences
from core.typesetting import (
    PX,
    RenderingFailed,
    check_renderer,
    lay_out,
    likely_steps,
    one_line,
    rendering,
    size_class,
    write,
)
from reviews import annex4
from reviews.annex4 import FACTS, SECTIONS, Section
from reviews.pdf_structure import at, keep_first_page, unmark
from reviews.signatures.fields import BLANKS, Box, field_title

__all__ = [
    "JPEG_LIMIT",
    "CellFacts",
    "RenderingFailed",
    "TableFacts",
    "as_jpeg",
    "check_renderer",
    "render_base",
    "render_cell",
    "render_jpeg",
    "render_png",
    "warm_up",
]

# A row of the upper table, inside its rules.
FACT_ROW_PT: Final = 25.44
FACT_WIDTH_PT: Final = 311.0
# What the page leaves for the cells with their rules.
CELLS_PT: Final = 487.68
RULE_PT: Final = 0.96
# A pixel at 150 dpi, of which all heights are multiples (table.css).
PIXEL_PT: Final = 0.48
MM: Final = 72 / 25.4
# The national system takes pictures of less than 2 MB.
JPEG_LIMIT: Final = 2_000_000


@dataclass(frozen=True)
class TableFacts:
    """Facts that the station fills in. `enterprise_kind` is a code of annex4.ENTERPRISE_KINDS.

    `sections` are those of the departments that sign this table, in its order.
    """

    number: str
    round: int
    enterprise_kind: str
    enterprise_name: str
    credit_code: str
    contact: str
    applicant_name: str
    post: str
    id_number: str
    phone: str
    verification_code: str
    verify_url: str
    sections: tuple[Section, ...]
    district: str
    trusted_time: bool = False


@dataclass(frozen=True)
class CellFacts:
    """Contents of a department's cell: `words` is its opinion, `unit` its full name.

    With `stamped_on` the department stamped on paper that day: `signer`, of the station, recorded
    it with the station's certificate, and the cell says so.
    """

    department: str
    section: Section
    unit: str = ""
    sentence: str = ""
    words: str = ""
    conclusion: str = ""
    signer: str = ""
    signed_at: datetime | None = None
    certificate_serial: str = ""
    opinion_number: str = ""
    applicant_name: str = ""
    stamped_on: date | None = None

    @property
    def full_words(self) -> str:
        """The opinion in one line, with the conclusion where it does not say it itself."""
        words = one_line(self.words)
        if self.conclusion and not _concludes(words, self.conclusion):
            return f"{self.conclusion}。{words}"
        return words

    @property
    def spoken(self) -> str:
        """All that the department says in the cell, for the signature to say in text.

        What a signature shows is no part of the tags; its reason is, for whoever has it read out.
        """
        return sentences(one_line(self.sentence), self.full_words)


def render_base(facts: TableFacts) -> tuple[bytes, dict[str, Box]]:
    """The form with an empty cell for each department, and where it lies, by department code.

    What a cell says while unsigned is kept as a form XObject for the signature field to show.
    Raises RenderingFailed where a text does not fit its row at 7.5 pt or a glyph is missing.
    """
    with rendering:
        document = _lay_out_table(facts)
        page = document.pages[0]
        height = page.height * PX
        boxes = {one.code: _box(page.anchors[f"cell-{one.code}"], height) for one in facts.sections}
        blanks = [
            _lay_out_cell(CellFacts(one.code, one, sentence=one.sentence({})), boxes[one.code])
            for one in facts.sections
        ]
        pages = [page, *(blank.pages[0] for blank in blanks)]
        finish = partial(_set_blanks_aside, sections=facts.sections)
        return write(document.copy(pages), finish, tagged=True), boxes


def _lay_out_table(facts: TableFacts) -> Document:
    texts = [
        (label, getattr(facts, code)) for code, label in FACTS.items() if code != "enterprise_kind"
    ]
    rows: list[dict[str, Any]] = [
        {
            "id": f"fact-{index}",
            "label": label,
            "text": one_line(text),
            "steps": list(likely_steps(text, FACT_WIDTH_PT, FACT_ROW_PT, leading=1.12)),
        }
        for index, (label, text) in enumerate(texts)
    ]
    document = _lay_out_rows(facts, rows)
    while tall := [row for row in rows if _height(document, row["id"]) > FACT_ROW_PT]:
        for row in tall:
            if len(row["steps"]) == 1:
                raise RenderingFailed(
                    f"“{row['label']}”有{len(row['text'])}个字，用最小字号也放不进审核表的一格，"
                    "请缩短。"
                )
            row["steps"].pop(0)
        document = _lay_out_rows(facts, rows)
    if len(document.pages) != 1:
        raise RenderingFailed("审核表超出一页，请缩短编号、核验地址或各栏文字。")
    return document


def _lay_out_rows(facts: TableFacts, rows: list[dict[str, Any]]) -> Document:
    rows = [row | {"size": size_class(row["steps"][0])} for row in rows]
    sections = facts.sections
    context = {
        "facts": facts,
        "station": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
        "title": annex4.title(facts.district),
        "kinds": annex4.ENTERPRISE_KINDS,
        "groups": [
            {"lines": ("申请单位", "基本信息"), "rows": rows[:3]},
            {"lines": ("申请人", "基本信息"), "rows": rows[3:]},
        ],
        "sections": sections,
        "department_count": chinese_number(len(sections)),
        "qr": segno.make(facts.verify_url, error="l", boost_error=False).svg_data_uri(
            border=0, omitsize=True
        ),
    }
    cells = "".join(
        f"#cell-{code} {{ height: {height:g}pt }}" for code, height in _heights(sections).items()
    )
    return lay_out("reviews/pdf/table.html", context, "table.css", "sizes.css", extra=cells)


def _heights(sections: Sequence[Section]) -> dict[str, float]:
    """Height of each cell in points: its section's, scaled down where the page lacks room."""
    room = CELLS_PT - len(sections) * RULE_PT
    scale = min(MM, room / sum(section.height for section in sections))
    return {
        section.code: floor(section.height * scale / PIXEL_PT) * PIXEL_PT for section in sections
    }


def _height(document: Document, element: str) -> float:
    _, top, _, bottom = document.pages[0].anchors[element]
    return float(bottom - top) * PX


def _box(anchor: tuple[float, float, float, float], page_height: float) -> Box:
    """The whole points within an element: pyHanko cuts a signature's appearance down to them."""
    left, top, right, bottom = (edge * PX for edge in anchor)
    return Box(ceil(left), ceil(page_height - bottom), floor(right), floor(page_height - top))


def _set_blanks_aside(pdf: Any, *, sections: Sequence[Section]) -> None:
    """Turn the sheets after the first into named form XObjects that no page shows yet.

    `pdf` is a pydyf.PDF; its references are bytes like b"12 0 R".
    """
    first, *sheets = (pdf.objects[number] for number in pdf.pages["Kids"][::3])
    keep_first_page(pdf, {one.code: field_title(one.title_lines[0]) for one in sections})
    resources = at(pdf, first["Resources"])
    fonts, states = at(pdf, resources["Font"]), resources["ExtGState"]
    blanks = pydyf.Dictionary()
    for section, sheet in zip(sections, sheets, strict=True):
        drawing = at(pdf, sheet["Contents"])
        unmark(drawing)
        drawing.extra |= {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": sheet["MediaBox"],
            "Resources": pydyf.Dictionary(
                {"Font": _used(fonts, drawing), "ExtGState": _used(states, drawing)}
            ),
        }
        blanks[section.code] = drawing.reference
        sheet.clear()
    pdf.catalog[BLANKS] = blanks
    del pdf.pages["Kids"][3:]
    pdf.pages["Count"] = 1


def _used(resources: Mapping[str, object], drawing: Any) -> pydyf.Dictionary:
    """Resources that the drawing names: a font costs readers time in each cell that it hangs in."""
    operators = b"\n".join(drawing.stream)
    return pydyf.Dictionary(
        {name: one for name, one in resources.items() if f"/{name} ".encode() in operators}
    )


def render_cell(cell: CellFacts, box: Box, seal: bytes | None = None) -> bytes:
    """A one-page PDF exactly the size of `box`: what the department sees and then signs.

    `seal` is the picture (PNG or JPEG) of an official seal that the department registered;
    without it the stamp is a plain box of text.
    Raises RenderingFailed where the opinion does not fit at 7.5 pt or a glyph is missing.
    """
    with rendering:
        return write(_lay_out_cell(cell, box, seal))


def warm_up() -> None:
    """Draw an empty cell, since the first drawing of a process opens fonts and takes ten times."""
    section = next(iter(SECTIONS.values()))
    render_cell(CellFacts(section.code, section), Box(0, 0, 422, 96))


def _lay_out_cell(cell: CellFacts, box: Box, seal: bytes | None = None) -> Document:
    section = cell.section
    words = cell.full_words
    context = {
        "cell": cell,
        "section": section,
        "words": words,
        "moment": second_label(cell.signed_at),
        "day": day_words(cell.stamped_on or cell.signed_at) or "年   月   日",
        "seal": _as_data_address(seal) if seal else "",
    }
    page = f"@page {{ size: {box.width}pt {box.height}pt; margin: 0 }}"
    text = cell.sentence + section.label + words
    for points in likely_steps(text, box.width - 12, box.height - 28, leading=1.2):
        sized = context | {"size": size_class(points)}
        document = lay_out("reviews/pdf/cell.html", sized, "cell.css", "sizes.css", extra=page)
        anchors = document.pages[0].anchors
        if len(document.pages) == 1 and anchors["text"][3] <= anchors["sign"][1]:
            return document
    # A table of more departments has lower cells, which may not hold as many characters.
    limit = f"到{annex4.WORDS_LIMIT}字以内" if len(cell.words) > annex4.WORDS_LIMIT else ""
    raise RenderingFailed(
        f"{section.title_lines[0]}的办理意见有{len(cell.words)}个字，用最小字号也放不进一格，"
        f"请缩短{limit}。"
    )


def _concludes(words: str, conclusion: str) -> bool:
    """Whether the words say the conclusion themselves; 不同意见 and 不同意 say no 同意."""
    return bool(re.search(rf"(?<!不){conclusion}(?!见)", words))


def _as_data_address(picture: bytes) -> str:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _picture(document: pypdfium2.PdfDocument, index: int, dpi: float) -> Image.Image:
    """A page as printed, on white, with the signatures' appearances.

    They are flattened into the page first: drawn as form fields their letters would come out
    with the coloured fringes that a screen wants.
    """
    page = document[index]
    if page.formenv:
        page.flatten(pypdfium2.raw.FLAT_PRINT)
        page.close()
        page = document[index]
    width, height = (round(side * dpi / 72) for side in page.get_size())
    drawn: Image.Image = page.render(scale=dpi / 72, may_draw_forms=False).to_pil().convert("RGB")
    # PDFium rounds up, which would add a pixel to an A4 page.
    return drawn.crop((0, 0, width, height))


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        yield document
    finally:
        document.close()


def render_jpeg(pdf: bytes, dpi: int = 300, *, void: bool = False) -> list[bytes]:
    """Each page as a JPEG under 2 MB, as the national system takes it.

    `void` prints 作废 across it: the signed file of a recalled round must stay as it is, but a
    picture of it must not pass for a table that stands.
    """
    with _opened(pdf) as document:
        pictures = [_picture(document, index, dpi) for index in range(len(document))]
    if void:
        for picture in pictures:
            _strike(picture, dpi)
    return [as_jpeg(picture, dpi) for picture in pictures]


def _strike(picture: Image.Image, dpi: float) -> None:
    with rendering, _opened(write(lay_out("reviews/pdf/void.html", {}, "void.css"))) as document:
        mark = _picture(document, 0, dpi).convert("L")
    # Black in the mark's own picture is where the page is darkened.
    picture.paste((120, 120, 120), (0, 0), ImageChops.invert(mark).point(lambda ink: ink // 2))


def as_jpeg(picture: Image.Image, dpi: int) -> bytes:
    """A JPEG under 2 MB, as the national system takes it. Raises RenderingFailed."""
    for quality in (90, 80, 70, 60):
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=quality, dpi=(dpi, dpi))
        if target.tell() < JPEG_LIMIT:
            return target.getvalue()
    raise RenderingFailed("审核表转成图片后仍超过2MB，请联系系统管理员。")


def render_png(pdf: bytes, dpi: int = 110) -> bytes:
    """The first page as a PNG, for the preview on screen."""
    target = io.BytesIO()
    with _opened(pdf) as document:
        _picture(document, 0, dpi).save(target, "PNG")
    return target.getvalue()

"""A filled letter read back as lines, so that the PDF says what the Word file says."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGNED
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

# Words of this size stand under a letter and are no part of it.
SMALL = Pt(10.5)


@dataclass(frozen=True)
class PrintedLine:
    """`look` is the class of the print style sheet; of a table `rows` holds the cells' words."""

    text: str = ""
    look: str = "plain"
    rows: tuple[tuple[str, ...], ...] = ()


def lines_of(data: bytes) -> list[PrintedLine]:
    """Head, body and foot of the document in reading order."""
    document = Document(io.BytesIO(data))
    section = document.sections[0]
    head = [PrintedLine(one.text, "station") for one in section.header.paragraphs if _says(one)]
    foot = [PrintedLine(one.text, "foot") for one in section.footer.paragraphs if _says(one)]
    return [*head, *_titled(list(_body(document))), *foot]


def _body(document: WordDocument) -> Iterator[PrintedLine]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield PrintedLine(rows=tuple(tuple(c.text for c in row.cells) for row in block.rows))
        elif block.text.strip():
            yield PrintedLine(block.text, _look(block))


def _says(paragraph: Paragraph) -> bool:
    """Words of its own, and no page number, which the print has itself."""
    element = paragraph._p
    is_field = element.findall(f".//{qn('w:fldSimple')}") or element.findall(
        f".//{qn('w:fldChar')}"
    )
    return bool(paragraph.text.strip()) and not is_field


def _look(paragraph: Paragraph) -> str:
    style = paragraph.style
    alignment = paragraph.alignment
    if alignment is None and style is not None:
        alignment = style.paragraph_format.alignment
    if alignment == ALIGNED.CENTER:
        return "centred"
    if alignment == ALIGNED.RIGHT:
        return "sign"
    indent = paragraph.paragraph_format.first_line_indent
    if indent is None and style is not None:
        indent = style.paragraph_format.first_line_indent
    chars = paragraph._p.find(f".//{qn('w:ind')}")
    if (size := _size(paragraph)) and size <= SMALL:
        return "note"
    has_chars = chars is not None and chars.get(qn("w:firstLineChars"), "0") != "0"
    return "text" if has_chars or (indent or 0) > 0 else "plain"


def _size(paragraph: Paragraph) -> int:
    """Of its first run, where that says one."""
    size = paragraph.runs[0].font.size if paragraph.runs else None
    return int(size) if size is not None else 0


def _titled(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Of the centred lines at the top the last is the title, those before it a letterhead."""
    top = 0
    while top < len(lines) and lines[top].look == "centred":
        top += 1
    looks = ["station"] * (top - 1) + ["title"] * min(top, 1)
    return [PrintedLine(line.text, look) for line, look in zip(lines, looks, strict=False)] + lines[
        top:
    ]

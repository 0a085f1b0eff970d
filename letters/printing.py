"""A letter as Word file and as PDF: the PDF is set from the words of the Word file."""

from collections.abc import Sequence
from functools import lru_cache

from jinja2 import TemplateError

from core.typesetting import RenderingFailed, lay_out, rendering, write
from letters.content import Content, Showing, Typed, compose
from letters.kind import LetterKind, Names
from letters.known import of_station
from letters.models import LetterTemplate
from letters.templates import template_bytes
from letters.word.filling import Context, fill_template
from letters.word.reading import PrintedLine, lines_of

BLANK_PEOPLE = 2


def docx_of(content: Content) -> bytes:
    """Raises core.typesetting.RenderingFailed."""
    template = LetterTemplate.objects.newest(content.kind.code)
    return filled(template, content.kind, content.context)


def filled(template: LetterTemplate | None, kind: LetterKind, context: Context) -> bytes:
    """The same of any content. A template was judged by the fields that its kind had then."""
    try:
        return fill_template(template_bytes(template, kind), context)
    except (TemplateError, ValueError, KeyError) as error:
        raise RenderingFailed(
            f"{kind.name}的Word模板填不出来。请服务站检查模板，或者换回门户自带的。"
        ) from error


def pdf_of(content: Content) -> bytes:
    """Raises core.typesetting.RenderingFailed."""
    return set_lines(content.title, lines_of(docx_of(content)))


def set_lines(title: str, lines: Sequence[PrintedLine]) -> bytes:
    context = {"title": title, "lines": lines}
    with rendering:
        document = lay_out("letters/pdf/letter.html", context, "letter.css", "written-letter.css")
        return write(document, tagged=True)


def blank_of(kind: LetterKind) -> Content:
    """The sheet that is filled in by hand, about nobody."""
    people: list[dict[str, str]] = [{}] * BLANK_PEOPLE if kind.names == Names.SEVERAL else []
    typed = Typed(of_station(), people, kind.blank_body, kind.person_line)
    return compose(kind, typed, Showing.BLANK)


def blank_docx(kind: LetterKind) -> bytes:
    return docx_of(blank_of(kind))


def blank_pdf(kind: LetterKind) -> bytes:
    content = blank_of(kind)
    return _set_once(content.title, tuple(lines_of(docx_of(content))))


@lru_cache(maxsize=32)
def _set_once(title: str, lines: tuple[PrintedLine, ...]) -> bytes:
    """Of a sheet that anybody may ask for, laid out anew only when its words have changed."""
    return set_lines(title, lines)

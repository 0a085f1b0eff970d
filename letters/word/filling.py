"""A template filled in: docxtpl in an environment that knows nothing but the letter's words."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docx.oxml import parse_xml
from docxtpl import DocxTemplate

from letters.word.expressions import ClosedEnvironment

Context = Mapping[str, Any]


class Lines(list[str]):
    """Several paragraphs: written as one field, each becomes a paragraph of the same look."""

    def __str__(self) -> str:
        # docxtpl ends a paragraph of the document at each of these.
        return "\a".join(self)


class Rows(list[dict[str, str]]):
    """A list with several columns; written as one field, the first column of each."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        super().__init__(dict(row) for row in rows)

    def __str__(self) -> str:
        return "、".join(next(iter(row.values()), "") for row in self)


def fill_template(template: bytes, context: Context) -> bytes:
    """The letter as docx; the template was judged by `checking.check_template` before."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(context), jinja_env=ClosedEnvironment(), autoescape=True)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def sources_of(template: bytes) -> Iterator[str]:
    """What the engine would run, part by part: body, headers, footers."""
    document = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    yield document.patch_xml(document.get_xml())
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            yield document.patch_xml(document.xml_to_string(parse_xml(part.blob)))

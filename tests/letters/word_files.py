"""Word files for tests: made by python-docx, and changed part by part into hostile ones."""

import io
import zipfile
from collections.abc import Callable, Iterable

from docx import Document

WHOLE = ("{{ 单位名称 }}", "{{ 标题 }}", "{{ 正文 }}", "{{ 落款 }}")
RELATION = (
    '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"{mode}/>'
)


def written(document: object) -> bytes:
    data = io.BytesIO()
    document.save(data)  # type: ignore[attr-defined]
    return data.getvalue()


def word_file(*paragraphs: str) -> bytes:
    """A document with one run a paragraph."""
    document = Document()
    for words in paragraphs or WHOLE:
        document.add_paragraph(words)
    return written(document)


def cut_up(*paragraphs: Iterable[str]) -> bytes:
    """A document whose paragraphs Word has cut into these runs."""
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for number, words in enumerate(runs):
            paragraph.add_run(words).bold = bool(number % 2)
    return written(document)


def changed(
    data: bytes,
    name: str,
    change: Callable[[bytes], bytes],
    *,
    more: dict[str, bytes] | None = None,
) -> bytes:
    """The same with one part changed, and with parts added."""
    new = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for info in old.infolist():
            part = old.read(info)
            archive.writestr(info.filename, change(part) if info.filename == name else part)
        for added, part in (more or {}).items():
            archive.writestr(added, part)
    return new.getvalue()


def related(
    kind: str, target: str, *, external: bool, more: dict[str, bytes] | None = None
) -> bytes:
    """A document with one relation more."""
    mode = ' TargetMode="External"' if external else ""
    relation = RELATION.format(kind=kind, target=target, mode=mode).encode()
    end = b"</Relationships>"
    return changed(
        word_file(),
        "word/_rels/document.xml.rels",
        lambda part: part.replace(end, relation + end),
        more=more,
    )


def in_body(markup: str, data: bytes | None = None) -> bytes:
    """A document with this markup at the beginning of its body."""
    return changed(
        data or word_file(),
        "word/document.xml",
        lambda part: part.replace(b"<w:body>", b"<w:body>" + markup.encode(), 1),
    )

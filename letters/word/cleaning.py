"""A template's package written anew: what was looked at, and nothing that no reader sees."""

import io
import zipfile

from lxml import etree

from letters.word.package import WORD, WordPackage
from letters.word.tags import RENDERED

# The marks of an editing session on elements that hold nothing. docxtpl takes such an element for
# an opening tag and searches for its end through the whole document.
EMPTY = tuple(f"{{{WORD}}}{local}" for local in ("p", "r", "t"))
# One day for all files, so that the same template has the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def cleaned(package: WordPackage) -> bytes:
    """The same document, as it is stored and filled in."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in package.parts:
            data = part.data
            if part.root is not None and RENDERED.fullmatch(part.name):
                data = _without_empty_marks(part.root)
            archive.writestr(zipfile.ZipInfo(part.name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _without_empty_marks(root: "etree._Element") -> bytes:
    for element in root.iter(*EMPTY):
        if not len(element) and not element.text:
            element.attrib.clear()
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data

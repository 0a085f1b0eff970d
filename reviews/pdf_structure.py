"""Structure tree of the base form, for readers for the blind: its page, and a form in each cell.

WeasyPrint writes the tree of every sheet it is given; those of the blanks leave the page, and each
cell holds a signature field instead. `pdf` is a pydyf.PDF, its references bytes like b"12 0 R".
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pydyf

from reviews.signatures.fields import FORMS


def at(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def unmark(drawing: Any) -> None:
    """Take the marks of the structure out of a content stream that leaves the page."""
    kept: list[Any] = []
    for operator in drawing.stream:
        if operator in (b"BDC", b"BMC"):
            # The tag before it, and with BDC the properties between them.
            del kept[-2 if operator == b"BDC" else -1 :]
        elif operator != b"EMC":
            kept.append(operator)
    drawing.stream = kept


def keep_first_page(pdf: Any, titles: Mapping[str, str]) -> None:
    """Drop the other sheets' elements, and set aside a Form element in each department's cell.

    `titles` by department code, in the order of the cells, say what is to be filled in there.
    """
    root = at(pdf, pdf.catalog["StructTreeRoot"])
    document = at(pdf, root["K"][0])
    page = pdf.page_references[0]
    for reference in document["K"]:
        if at(pdf, reference)["Pg"] != page:
            _clear(pdf, reference)
    document["K"] = pydyf.Array(each for each in document["K"] if at(pdf, each))
    mapping = at(pdf, root["ParentTree"])
    mapping["Nums"] = pydyf.Array(mapping["Nums"][:2])
    forms = pydyf.Dictionary()
    for (code, title), cell in zip(titles.items(), _cells(pdf, document), strict=True):
        form = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Form",
                "P": cell.reference,
                "Pg": page,
                "Alt": pydyf.String(title),
            }
        )
        pdf.add_object(form)
        cell["K"] = pydyf.Array([form.reference])
        forms[code] = form.reference
    pdf.catalog[FORMS] = forms


def _clear(pdf: Any, reference: bytes) -> None:
    element = at(pdf, reference)
    for kid in element.get("K", ()):
        if isinstance(kid, bytes):
            _clear(pdf, kid)
    element.clear()


def _cells(pdf: Any, element: Any) -> Iterator[Any]:
    """Cells of the departments, in reading order: those that span both columns."""
    kids = [at(pdf, kid) for kid in element["K"] if isinstance(kid, bytes)]
    for kid in kids:
        if kid["S"] == "/TD" and "ColSpan" in kid["A"]:
            yield kid
        else:
            yield from _cells(pdf, kid)

"""Tags of the signed table for readers for the blind, and the names of its fonts' subsets."""

import ctypes
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pypdfium2.raw as raw
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from core.typesetting import DUBLIN_CORE, RDF
from reviews.models import ReviewTable
from reviews.revisions import load
from tests.factories import DEPARTMENTS
from tests.reviews import papers
from tests.reviews.conftest import Station
from tests.reviews.papers import FACTS


def marked_texts(pdf: bytes) -> dict[int, str]:
    """Text of the first page by the number of its marked content, as PDFium reads it."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    textpage = page.get_textpage()
    texts: dict[int, str] = defaultdict(str)
    for index in range(raw.FPDFPage_CountObjects(page)):
        found = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(found) == raw.FPDF_PAGEOBJ_TEXT:
            number = raw.FPDFPageObj_GetMarkedContentID(found)
            assert number >= 0, "text outside of the structure"
            length = raw.FPDFTextObj_GetText(found, textpage, None, 0)
            buffer = ctypes.create_string_buffer(length)
            place = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
            raw.FPDFTextObj_GetText(found, textpage, place, length)
            texts[number] += buffer.raw.decode("utf-16-le").rstrip("\0")
    textpage.close()
    document.close()
    return texts


def structure_of(pdf: bytes) -> list[tuple[str, str]]:
    """Each element of the structure tree in reading order: its kind, and what it says or holds."""
    reader = PdfFileReader(io.BytesIO(pdf))
    root = reader.root["/StructTreeRoot"]
    marked = marked_texts(pdf)
    numbers = root["/ParentTree"]["/Nums"]
    of_page = numbers[1]
    bound = {int(numbers[at]): numbers.raw_get(at + 1).idnum for at in range(2, len(numbers), 2)}

    def walk(element: Any) -> Iterator[tuple[str, str]]:
        kind, kids = str(element["/S"])[1:], element.get("/K", [])
        kids = list(kids) if isinstance(kids, list) else [kids]
        if kind == "Form":
            field = kids[0]["/Obj"]
            assert bound[int(field["/StructParent"])] == element.container_ref.idnum
            assert field["/TU"] == element["/Alt"]
            yield kind, str(field["/T"])
            return
        own = [int(kid) for kid in kids if isinstance(kid, int)]
        assert all(of_page.raw_get(one).idnum == element.container_ref.idnum for one in own)
        yield kind, str(element.get("/Alt", "".join(marked[one] for one in own)))
        for kid in kids:
            if not isinstance(kid, int):
                yield from walk(kid.get_object())

    return list(walk(root["/K"][0].get_object()))


def test_the_signed_table_is_tagged_in_reading_order_with_a_form_in_each_cell() -> None:
    signed = papers.fully_signed(papers.new_office())[-1]
    found = structure_of(signed)
    kinds = [kind for kind, _ in found]
    assert kinds[:2] == ["Document", "H1"]
    assert kinds.count("TR") == 12
    assert [said for kind, said in found if kind == "Form"] == list(DEPARTMENTS)
    assert ("Figure", "核验二维码") in found
    text = "".join(said for kind, said in found if kind not in ("Form", "Figure"))
    position = -1
    for words in (
        "重庆市万州区APEC商务旅行卡审核表",
        "编号：",
        "申请单位",
        "单位名称",
        FACTS.enterprise_name,
        "姓名",
        FACTS.applicant_name,
        "区商务委",
        "区政府外办",
        "核验码：",
    ):
        assert text.find(words) > position, words
        position = text.find(words)
    assert PdfFileReader(io.BytesIO(signed)).root["/MarkInfo"]["/Marked"]


def test_each_subset_of_a_font_has_a_tag_of_its_own() -> None:
    signed = papers.fully_signed(papers.new_office())[-1]
    reader = PdfFileReader(io.BytesIO(signed), strict=False)
    subsets: dict[str, set[bytes]] = {}
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(generic.Reference(number, 0, reader), never_decrypt=True)
        if isinstance(found, generic.DictionaryObject) and found.get("/Type") == "/FontDescriptor":
            key = "/FontFile3" if "/FontFile3" in found else "/FontFile2"
            subsets.setdefault(str(found["/FontName"]), set()).add(found[key].data)
    assert len(subsets) > len(DEPARTMENTS)
    assert all(re.fullmatch(r"/[A-Z]{6}\+[\w-]+", name) for name in subsets)
    assert all(len(files) == 1 for files in subsets.values())


def test_title_author_and_language_stand_in_xmp_after_every_signature() -> None:
    for revision in papers.fully_signed(papers.new_office()):
        root = PdfFileReader(io.BytesIO(revision)).root
        described = ElementTree.fromstring(root["/Metadata"].data)  # noqa: S314 - our own file
        said = {
            name: [
                one.text for one in described.iterfind(f".//{{{DUBLIN_CORE}}}{name}//{{{RDF}}}li")
            ]
            for name in ("title", "creator", "language")
        }
        assert said == {
            "title": ["重庆市万州区APEC商务旅行卡审核表"],
            "creator": ["万州区APEC商务旅行卡协办服务站"],
            "language": ["zh-Hans"],
        }
        assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("zh-Hans", True)


@pytest.mark.django_db
def test_each_signature_says_in_its_reason_what_its_cell_says(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "tax")
    pdf = PdfFileReader(io.BytesIO(load(circulated.newest_revision())))
    reason = str(pdf.embedded_regular_signatures[-1].sig_object["/Reason"])
    assert reason == (
        f"区税务局 区税务局联络员 意见编号{circulated.number}-1-2："
        "经核实，该公司上一年度纳税总额为123.45万元，（否）存在欠税。区税务局已核实，同意。"
    )

"""What the examination of a file finds, with keys of the test's own."""

import io
import re
from dataclasses import replace

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

from reviews import pdf as printing
from reviews.signing import certify
from reviews.verification import Unreadable, examine
from tests.reviews import papers
from tests.reviews.papers import Office


@pytest.fixture(scope="module")
def office() -> Office:
    return papers.new_office()


@pytest.fixture(scope="module")
def revisions(office: Office) -> list[bytes]:
    return papers.fully_signed(office)


@pytest.fixture(scope="module")
def signed(revisions: list[bytes]) -> bytes:
    return revisions[-1]


def appended(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_complete_table_is_valid(signed: bytes, office: Office) -> None:
    examination = office.examine(signed)
    assert examination.valid
    assert examination.reason == "服务站和五个部门的签名全部有效，签名后内容未被改动。"
    assert [finding.department for finding in examination.signatures] == [
        "station",
        "police",
        "commerce",
        "social",
        "tax",
        "foreign_affairs",
    ]
    assert all(finding.intact and finding.trusted for finding in examination.signatures)
    assert not any(finding.has_trusted_time for finding in examination.signatures)


def test_a_table_that_waits_for_departments_is_valid_and_names_them(
    revisions: list[bytes], office: Office
) -> None:
    examination = office.examine(revisions[3])
    assert examination.valid
    assert "尚未签齐，还缺：区税务局、区政府外办。" in examination.reason
    assert examination.missing == ("tax", "foreign_affairs")


def test_a_flipped_byte_anywhere_is_found(revisions: list[bytes], office: Office) -> None:
    original = revisions[0]
    for position in range(0, len(original), 211):
        assert not is_valid_with(original, position, office), position


def test_a_flipped_byte_within_the_signature_itself_is_found(
    revisions: list[bytes], office: Office
) -> None:
    original = revisions[0]
    gap = re.search(rb"/Contents <[0-9A-F]+>", original)
    assert gap is not None
    # Signature, certificate and padding alike: every eleventh of some three thousand digits.
    for position in range(gap.start() + 10, gap.end(), 11):
        assert not is_valid_with(original, position, office), position


def test_a_hexadecimal_digit_in_the_other_case_is_found(
    revisions: list[bytes], office: Office
) -> None:
    original = revisions[0]
    gap = re.search(rb"/Contents <[0-9A-F]+>", original)
    assert gap is not None
    letter = re.search(rb"[A-F]", original[gap.start() + 11 :])
    assert letter is not None
    position = gap.start() + 11 + letter.start()
    altered = original[:position] + letter[0].lower() + original[position + 1 :]
    assert not office.examine(altered).valid


def is_valid_with(original: bytes, position: int, office: Office) -> bool:
    altered = bytearray(original)
    altered[position] ^= 1
    try:
        return office.examine(bytes(altered)).valid
    except Unreadable:
        return False


def test_a_flipped_byte_in_a_later_revision_leaves_the_earlier_signatures_intact(
    revisions: list[bytes], office: Office
) -> None:
    altered = bytearray(revisions[3])
    altered[revisions[3].index(b"/Reason", len(revisions[2])) + 20] ^= 1
    examination = office.examine(bytes(altered))
    assert not examination.valid
    assert examination.reason == "区人力社保局签名覆盖的内容已被改动。"
    assert [finding.intact for finding in examination.signatures] == [True, True, True, False]


def test_content_appended_after_signing_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    drawing = generic.StreamObject(stream_data=b"q 0 0 0 rg 100 100 200 200 re f Q")
    writer.add_stream_to_page(0, writer.add_object(drawing))
    examination = office.examine(appended(writer))
    assert not examination.valid
    assert "之后，文件被加进了签名以外的改动" in examination.reason


def test_an_annotation_appended_after_signing_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (90, 90, 300, 200))),
            pdf_name("/Contents"): generic.TextStringObject("同意"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    assert not office.examine(appended(writer)).valid


def test_bytes_after_the_end_are_found(signed: bytes, office: Office) -> None:
    assert not office.examine(signed + b"\n% nothing\n").valid


def test_a_page_swapped_between_two_tables_is_found(signed: bytes, office: Office) -> None:
    other, boxes = printing.render_base(replace(papers.FACTS, applicant_name="李样例"))
    foreign = PdfFileReader(io.BytesIO(certify(other, boxes, office.identity("station"))))
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    source = foreign.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=source["/Contents"].data)
    )
    writer.update_container(page)
    assert not office.examine(appended(writer)).valid


def test_another_authority_with_the_same_names_is_not_trusted(office: Office) -> None:
    impostor = papers.new_office("测试根证书 G1")
    assert impostor.root.certificate.subject == office.root.certificate.subject
    examination = office.examine(papers.fully_signed(impostor)[-1])
    assert not examination.valid
    assert examination.reason == "服务站的签名不可信：签名证书不是本站认可的机构签发的。"
    assert [(one.intact, one.trusted) for one in examination.signatures] == [(True, False)] * 6


def test_a_department_signature_by_another_authority_is_named(
    revisions: list[bytes], office: Office
) -> None:
    impostor = papers.new_office("测试根证书 G1")
    writer = IncrementalPdfFileWriter(io.BytesIO(revisions[0]))
    output = sign_pdf(
        writer,
        PdfSignatureMetadata(field_name="tax", md_algorithm="sha256"),
        impostor.identity("tax").keyed_signer(),
    )
    examination = office.examine(output.getvalue())
    assert examination.reason == "区税务局的签名不可信：签名证书不是本站认可的机构签发的。"


def test_a_table_that_the_station_never_certified_is_not_ours(office: Office) -> None:
    base, _ = papers.base()
    writer = IncrementalPdfFileWriter(io.BytesIO(base))
    append_signature_field(writer, SigFieldSpec("tax"))
    output = sign_pdf(
        writer,
        PdfSignatureMetadata(field_name="tax", md_algorithm="sha256"),
        office.identity("tax").keyed_signer(),
    )
    examination = office.examine(output.getvalue())
    assert not examination.valid
    assert examination.reason == "文件没有服务站的认证签名，不是本站签发的审核表。"


def test_a_station_signature_that_does_not_certify_is_not_enough(office: Office) -> None:
    base, _ = papers.base()
    output = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(base)),
        PdfSignatureMetadata(field_name="station", md_algorithm="sha256"),
        office.identity("station").keyed_signer(),
    )
    assert not office.examine(output.getvalue()).valid


def test_a_signature_in_a_field_of_its_own_is_named(revisions: list[bytes], office: Office) -> None:
    output = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(revisions[0])),
        PdfSignatureMetadata(field_name="customs", md_algorithm="sha256"),
        office.identity("tax").keyed_signer(),
    )
    examination = office.examine(output.getvalue())
    assert not examination.valid
    assert "“customs”" in examination.reason


def test_a_pdf_without_signatures_is_not_ours(office: Office) -> None:
    base, _ = papers.base()
    examination = office.examine(base)
    assert not examination.valid
    assert examination.reason == "文件中没有任何签名，不是本站签发的审核表。"


def test_without_any_root_nothing_is_trusted(signed: bytes) -> None:
    examination = examine(signed, roots=())
    assert not examination.valid
    assert not any(finding.trusted for finding in examination.signatures)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (b"\xff\xd8\xff\xe0 a photograph", "不是PDF"),
        (b"%PDF-1.7\n" + bytes(20 * 1024 * 1024), "超过20MB"),
    ],
    ids=["empty", "picture", "too large"],
)
def test_what_is_no_table_at_all_is_unreadable(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        examine(content, roots=())


def test_an_encrypted_file_is_unreadable(signed: bytes) -> None:
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(signed)))
    writer.encrypt(owner_pass="secret", user_pass="secret")
    output = io.BytesIO()
    writer.write(output)
    with pytest.raises(Unreadable, match="加了密"):
        examine(output.getvalue(), roots=())


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_not_valid(signed: bytes, office: Office, kept: float) -> None:
    assert not office.examine(signed[: int(len(signed) * kept)]).valid


def test_garbage_after_a_pdf_header_is_damage(office: Office) -> None:
    examination = office.examine(b"%PDF-1.7\n" + b"garbage " * 1000)
    assert not examination.valid
    assert "无法解析" in examination.reason

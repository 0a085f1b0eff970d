"""What the examination of a file finds, with keys of the test's own."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings, strategies
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter, copy_into_new_writer
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

from reviews import pdf as printing
from reviews.signatures.certificates import issuing
from reviews.signatures.signing import certify
from reviews.signatures.verification.examining import examine
from reviews.signatures.verification.findings import Unreadable
from reviews.signatures.verification.trust import Trust
from tests.reviews import papers
from tests.reviews.papers import FIELDS, Office


@pytest.fixture(scope="module")
def office() -> Office:
    return papers.new_office()


@pytest.fixture(scope="module")
def revisions(office: Office) -> list[bytes]:
    return papers.fully_signed(office)


@pytest.fixture(scope="module")
def signed(revisions: list[bytes]) -> bytes:
    return revisions[-1]


def appended(writer: BasePdfFileWriter) -> bytes:
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
    for position in range(0, len(original), 421):
        assert not is_valid_with(original, position, office), position


@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=strategies.data())
def test_a_flipped_bit_at_any_position_of_the_complete_table_is_found(
    signed: bytes, office: Office, data: strategies.DataObject
) -> None:
    position = data.draw(strategies.integers(0, len(signed) - 1), label="position")
    bit = data.draw(strategies.integers(0, 7), label="bit")
    assert not is_valid_with(signed, position, office, bit)


def test_a_flipped_byte_in_what_holds_the_file_together_is_found(
    signed: bytes, office: Office
) -> None:
    """Cross-references, trailers, byte ranges, the names that lead to the signatures."""
    marks = rb"startxref|%%EOF|trailer|/Prev|/Root|/Perms|/ByteRange|/AcroForm|/DSS|/Lock|/SigFlags"
    places = [found.start() + 2 for found in re.finditer(marks, signed)]
    # The last of each revision counts most; between them every fourth.
    for position in [*places[::4], *places[-6:]]:
        assert not is_valid_with(signed, position, office), position


def test_a_flipped_byte_within_the_signature_itself_is_found(
    revisions: list[bytes], office: Office
) -> None:
    original = revisions[0]
    gap = re.search(rb"/Contents <[0-9A-F]+>", original)
    assert gap is not None
    # Signature, certificate and padding alike, of some three thousand digits.
    for position in range(gap.start() + 10, gap.end(), 23):
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


def is_valid_with(original: bytes, position: int, office: Office, bit: int = 0) -> bool:
    altered = bytearray(original)
    altered[position] ^= 1 << bit
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
    # Though its signature is whole and by a certificate of ours, it counts for nothing.
    [finding] = [one for one in examination.signatures if one.department == "customs"]
    assert (finding.intact, finding.trusted, finding.has_trusted_time) == (False, False, False)
    assert finding.problem == "文件里有不属于审核表的签名“customs”。"


def test_a_pdf_without_signatures_is_not_ours(office: Office) -> None:
    base, _ = papers.base()
    examination = office.examine(base)
    assert not examination.valid
    assert "没有任何签名，不是本站签发的原文件" in examination.reason
    assert "请用表上的核验码查询" in examination.reason


def test_without_any_root_nothing_is_trusted(signed: bytes) -> None:
    examination = examine(signed, Trust((), fields=FIELDS))
    assert not examination.valid
    assert not any(finding.trusted for finding in examination.signatures)


# Attacks ------------------------------------------------------------------------------------------


def field_of(writer: IncrementalPdfFileWriter, code: str) -> Any:
    fields = (reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"])
    return next(field for field in fields if field["/T"] == code)


def drawing(words: bytes = b"0 0 0 rg 0 0 100 100 re f") -> generic.StreamObject:
    stream = generic.StreamObject(stream_data=words)
    stream[pdf_name("/Type")] = pdf_name("/XObject")
    stream[pdf_name("/Subtype")] = pdf_name("/Form")
    corners = map(generic.NumberObject, (0, 0, 100, 100))
    stream[pdf_name("/BBox")] = generic.ArrayObject(corners)
    return stream


def with_appearance(pdf: bytes, code: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    field = field_of(writer, code)
    appearance = {pdf_name("/N"): writer.add_object(drawing())}
    field[pdf_name("/AP")] = generic.DictionaryObject(appearance)
    writer.update_container(field)
    return appended(writer)


def test_an_opinion_painted_into_a_cell_that_nobody_signed_is_found(
    revisions: list[bytes], office: Office
) -> None:
    examination = office.examine(with_appearance(revisions[4], "foreign_affairs"))
    assert examination.reason == "服务站签名之后，文件被加进了签名以外的改动。"


def test_another_picture_of_a_signed_cell_is_found(signed: bytes, office: Office) -> None:
    """Shadow attack, replace: the signature stays, what is seen of it changes."""
    examination = office.examine(with_appearance(signed, "tax"))
    assert examination.reason == "区税务局签名之后，文件被加进了签名以外的改动。"


def test_a_cell_covered_by_an_annotation_is_found(signed: bytes, office: Office) -> None:
    """Shadow attack, hide: a white picture over what was signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page, cell = writer.root["/Pages"]["/Kids"][0], field_of(writer, "police")
    stamp = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Stamp"),
            pdf_name("/Rect"): cell["/Rect"],
            pdf_name("/AP"): generic.DictionaryObject(
                {pdf_name("/N"): writer.add_object(drawing(b"1 g 0 0 100 100 re f"))}
            ),
        }
    )
    page["/Annots"].append(writer.add_object(stamp))
    writer.update_container(page["/Annots"])
    assert "被加进了签名以外的改动" in office.examine(appended(writer)).reason


def test_a_cell_moved_away_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    field = field_of(writer, "tax")
    corners = map(generic.NumberObject, (0, 0, 1, 1))
    field[pdf_name("/Rect")] = generic.ArrayObject(corners)
    writer.update_container(field)
    assert "被加进了签名以外的改动" in office.examine(appended(writer)).reason


def test_a_certification_widened_afterwards_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    parameters = field_of(writer, "station")["/V"]["/Reference"][0]["/TransformParams"]
    parameters[pdf_name("/P")] = generic.NumberObject(3)
    writer.update_container(parameters)
    assert "被加进了签名以外的改动" in office.examine(appended(writer)).reason


def test_a_certification_struck_from_the_catalogue_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    del writer.root["/Perms"]
    writer.update_root()
    assert "被加进了签名以外的改动" in office.examine(appended(writer)).reason


def test_a_signature_struck_from_its_field_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    field = field_of(writer, "foreign_affairs")
    del field["/V"]
    writer.update_container(field)
    assert not office.examine(appended(writer)).valid


@pytest.mark.parametrize(
    "tail",
    [
        lambda pdf: b"\n5 0 obj\n<</Type/Catalog>>\nendobj\n",
        lambda pdf: pdf[pdf.rindex(b"startxref") :],
        lambda pdf: b"\n5 0 obj\n<</Type/Catalog>>\nendobj\n" + pdf[pdf.rindex(b"startxref") :],
        lambda pdf: pdf,
    ],
    ids=["objects alone", "an end again", "objects and an end", "the file again"],
)
def test_an_incremental_saving_attack_is_found(
    signed: bytes, office: Office, tail: Callable[[bytes], bytes]
) -> None:
    """Appended without a cross-reference of its own, in the hope that it counts as nothing."""
    assert not office.examine(signed + tail(signed)).valid


def test_an_update_that_changes_nothing_is_found(signed: bytes, office: Office) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.update_root()
    reason = office.examine(appended(writer)).reason
    assert reason == "最后一个签名之后，文件末尾又多出了内容。"


def test_a_signature_wrapped_around_other_content_is_found(
    revisions: list[bytes], office: Office
) -> None:
    """Signature wrapping: the signed bytes move to the end, and others take their place."""
    original = revisions[0]
    stated = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\] *", original)
    assert stated is not None
    length, start, rest = (int(number) for number in stated.groups())
    before, after = original[:length], original[start : start + rest]
    place = len(original)
    moved = b"/ByteRange [%d %d %d %d]" % (place, length, place + length, rest)
    shown = before.replace(stated[0], moved.ljust(len(stated[0])), 1)
    shown = shown.replace(b"/Author", b"/Editor", 1)
    assert shown != before
    examination = office.examine(shown + original[length:start] + after + before + after)
    assert examination.reason == "服务站签名覆盖的内容已被改动。"


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        (rb"/Contents <([0-9A-F]+)>", b"0"),
        (rb"/ByteRange (\[[^]]+\])", b" "),
        (rb"/SubFilter (/ETSI.CAdES.detached)", b"X"),
        (rb"/Type (/Sig)\b", b"X"),
    ],
    ids=["no content", "no range", "other kind", "no signature"],
)
def test_a_signature_emptied_in_place_is_found(
    signed: bytes, office: Office, pattern: bytes, instead: bytes
) -> None:
    """Universal signature forgery: what a careless reader then takes for valid."""
    last = list(re.finditer(pattern, signed))[-1]
    blank = instead * len(last[1])
    assert not office.examine(signed[: last.start(1)] + blank + signed[last.end(1) :]).valid


def test_a_file_written_anew_from_the_same_objects_is_found(signed: bytes, office: Office) -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(signed)))
    examination = office.examine(appended(writer))
    assert not examination.valid
    assert "签名覆盖的内容已被改动" in examination.reason
    assert examination.names_us


def test_another_authority_with_the_same_names_numbers_and_key_identifiers_is_not_trusted(
    office: Office, revisions: list[bytes]
) -> None:
    """All that a certificate says of itself can be copied; its issuer's signature cannot."""
    ours = office.identity("tax").credential.certificate
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(ours.subject)
        .issuer_name(ours.issuer)
        .public_key(key.public_key())
        .serial_number(ours.serial_number)
        .not_valid_before(ours.not_valid_before_utc)
        .not_valid_after(ours.not_valid_after_utc)
    )
    for extension in ours.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    impostor = papers.new_office(office.root.certificate.subject.rfc4514_string()).root
    copied = issuing.Credential(builder.sign(impostor.key, hashes.SHA256()), key)
    forged = papers.sign_unchecked(revisions[0], "tax", copied, impostor.certificate)
    examination = office.examine(forged)
    assert examination.reason == "区税务局的签名不可信：签名证书不是本站认可的机构签发的。"


def test_a_certificate_of_our_own_authority_that_was_never_registered_signs_nothing(
    office: Office, revisions: list[bytes]
) -> None:
    unknown = issuing.make_signer(
        root=office.root, common_name="区税务局", department="tax", now=office.now
    )
    examination = office.examine(papers.sign_unchecked(revisions[0], "tax", unknown))
    assert examination.reason == "区税务局一栏不是用区税务局的证书签的。"


def test_a_signature_of_one_department_in_anothers_cell_is_found(
    office: Office, revisions: list[bytes]
) -> None:
    police = office.identity("police").credential
    examination = office.examine(papers.sign_unchecked(revisions[0], "tax", police))
    assert examination.reason == "区税务局一栏不是用区税务局的证书签的。"


def test_a_second_certified_table_laid_over_the_first_is_found(
    signed: bytes, office: Office
) -> None:
    """Both are genuine: the objects of one applicant's table appended to another's."""
    other, boxes = printing.render_base(replace(papers.FACTS, applicant_name="李样例"))
    second = certify(other, boxes, office.identity("station"))
    assert office.examine(second).valid
    assert not office.examine(signed + second).valid
    assert not office.examine(second + signed).valid


# What any file may say ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date", ["D:00010101000000+14'00'", "D:19700101000000Z", "D:99990101000000Z", "D:2026"]
)
def test_a_time_that_cannot_be_is_not_reckoned_with(
    office: Office, revisions: list[bytes], date: str
) -> None:
    stated = re.search(rb"/M (\([^)]+\))", revisions[0])
    assert stated is not None
    octal = "".join(f"\\{ord(character):03o}" for character in date).encode()
    examination = office.examine(revisions[0].replace(stated[1], b"(" + octal + b")", 1))
    assert not examination.valid
    for finding in examination.signatures:
        assert finding.signed_at is None or finding.signed_at.year == 2026
        if finding.signed_at is None:
            assert (finding.intact, finding.trusted, finding.has_trusted_time) == (
                False,
                False,
                False,
            )


def test_names_that_a_file_states_are_made_fit_for_a_page(
    office: Office, revisions: list[bytes]
) -> None:
    name = "区税\x00务局\u202e" + "很" * 500
    output = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(revisions[0])),
        PdfSignatureMetadata(field_name="tax", md_algorithm="sha256", name=name),
        office.identity("tax").keyed_signer(),
    )
    signer = office.examine(output.getvalue()).signatures[-1].signer
    assert signer.startswith("区税务局很")
    assert len(signer) == 80


def test_a_code_that_is_none_is_not_looked_for(office: Office, revisions: list[bytes]) -> None:
    """A character zero would stop PostgreSQL."""
    writer = IncrementalPdfFileWriter(io.BytesIO(revisions[0]))
    information = writer.trailer_view["/Info"]
    information[pdf_name("/Keywords")] = generic.TextStringObject("K7\x00" * 5)
    writer.update_container(information)
    assert office.examine(appended(writer)).claimed_code == ""


def test_a_broken_file_still_says_whose_it_claims_to_be(
    office: Office, revisions: list[bytes]
) -> None:
    broken = revisions[0].replace(b"startxref", b"startxxxx")
    examination = office.examine(re.sub(rb"\(K7QM[^)]*\)", b"(ABCD2345EFGH)", broken))
    assert examination.reason == "文件结构已损坏或被改动，无法解析。"
    assert examination.claimed_code == "ABCD2345EFGH"


def test_more_signatures_than_a_table_has_are_not_all_examined(
    office: Office, signed: bytes
) -> None:
    more = papers.sign_unchecked(signed, "customs", office.identity("tax").credential)
    examination = office.examine(more)
    assert examination.reason == "文件里有7个签名，审核表最多6个，不是本站签发的审核表。"


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
        examine(content, Trust((), fields=FIELDS))


def test_an_encrypted_file_is_unreadable(signed: bytes) -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(signed)))
    writer.encrypt(owner_pass="secret", user_pass="secret")
    output = io.BytesIO()
    writer.write(output)
    with pytest.raises(Unreadable, match="加了密"):
        examine(output.getvalue(), Trust((), fields=FIELDS))


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_not_valid(signed: bytes, office: Office, kept: float) -> None:
    assert not office.examine(signed[: int(len(signed) * kept)]).valid


def test_garbage_after_a_pdf_header_is_damage(office: Office) -> None:
    examination = office.examine(b"%PDF-1.7\n" + b"garbage " * 1000)
    assert not examination.valid
    assert "无法解析" in examination.reason

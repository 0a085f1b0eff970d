"""Hostile files cost little and are not valid; honest ones are found as they are."""

import io
import os
import resource
import time
import zlib
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

from reviews.signatures.verification import confinement
from reviews.signatures.verification.confinement import TOO_COSTLY, examine_confined
from reviews.signatures.verification.findings import Examination, Unreadable
from reviews.signatures.verification.trust import Trust
from tests.reviews import papers
from tests.reviews.papers import FIELDS


def with_table(objects: bytes, root: str = "1 0 R") -> bytes:
    """A PDF of these objects with a correct cross-reference table."""
    body = b"%PDF-1.7\n" + objects
    places = {}
    for line_start in _object_starts(body):
        number = int(body[line_start:].split(b" ", 1)[0])
        places[number] = line_start
    size = max(places) + 1
    rows = [b"0000000000 65535 f \n"]
    for number in range(1, size):
        state = b"n" if number in places else b"f"
        rows.append(b"%010d 00000 %b \n" % (places.get(number, 0), state))
    table = b"xref\n0 %d\n" % size + b"".join(rows)
    trailer = b"trailer\n<</Size %d/Root %b>>\n" % (size, root.encode())
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _object_starts(body: bytes) -> list[int]:
    starts, position = [], 0
    for line in body.splitlines(keepends=True):
        if line.rstrip().endswith(b" 0 obj"):
            starts.append(position)
        position += len(line)
    return starts


def deep_nesting() -> bytes:
    return with_table(b"1 0 obj\n" + b"[" * 400_000 + b"]" * 400_000 + b"\nendobj\n")


def cyclic_fields() -> bytes:
    return with_table(
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        b"3 0 obj\n<</T(a)/FT/Sig/Kids[3 0 R 3 0 R]>>\nendobj\n"
    )


def wide_fields() -> bytes:
    """Each of 24 levels has two children which are the same: 16 million ways down."""
    levels = b"".join(
        b"%d 0 obj\n<</T(a%d)/Kids[%d 0 R %d 0 R]>>\nendobj\n" % (n, n, n + 1, n + 1)
        for n in range(3, 27)
    )
    return with_table(
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        + levels
        + b"27 0 obj\n<</T(z)/FT/Sig>>\nendobj\n"
    )


def decompression_bomb() -> bytes:
    """A cross-reference stream that unfolds to a thousand times its size."""
    packer = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    packed = b"".join(packer.compress(block) for _ in range(64)) + packer.flush()
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/W[1 2 1]/Size 100/Root 1 0 R/Filter/FlateDecode/Length %d>>\n"
        b"stream\n%b\nendstream\nendobj\n" % (len(packed), packed)
    )
    return head + stream + b"startxref\n%d\n%%%%EOF\n" % len(head)


def endless_previous() -> bytes:
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\n"
    return b"%PDF-1.7\n" + table + b"startxref\n9\n%%EOF\n"


def boundless_table() -> bytes:
    rows = b"0000000000 00000 n \n" * 1_000_000
    return b"%PDF-1.7\nxref\n0 1000000000\n" + rows + b"trailer\n<<>>\nstartxref\n9\n%%EOF\n"


def bomb_in_an_object_stream() -> bytes:
    """The catalogue lies in an object stream that unfolds to a hundred megabytes."""
    packer = zlib.compressobj(9)
    block = b"0 " * (512 * 1024)
    packed = b"".join(packer.compress(block) for _ in range(100)) + packer.flush()
    body = (
        b"%%PDF-1.7\n2 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\n"
        b"stream\n%b\nendstream\nendobj\n" % (len(packed), packed)
    )
    rows = b"\x00\x00\x00\x00\xff\x02\x00\x00\x02\x00\x01\x00\x00\x09\x00"
    table = (
        b"3 0 obj\n<</Type/XRef/W[1 3 1]/Size 3/Root 1 0 R/Length %d>>\nstream\n%b\nendstream\n"
        b"endobj\n" % (len(rows), rows)
    )
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def stacked_filters() -> bytes:
    """A stream packed three times over, each layer far larger than the one around it."""
    packed = bytes(64 * 1024 * 1024)
    for _ in range(3):
        packed = zlib.compress(packed, 9)
    filters = b"[" + b"/FlateDecode " * 3 + b"]"
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/W[1 2 1]/Size 100/Root 1 0 R/Filter %b/Length %d>>\n"
        b"stream\n%b\nendstream\nendobj\n" % (filters, len(packed), packed)
    )
    return head + stream + b"startxref\n%d\n%%%%EOF\n" % len(head)


def many_signatures() -> bytes:
    """Ten thousand signature fields, each with something that looks like a signature."""
    fields = b"".join(b"%d 0 R " % number for number in range(3, 10_003))
    objects = b"".join(
        b"%d 0 obj\n<</T(f%d)/FT/Sig/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>\nendobj\n"
        % (number, number)
        for number in range(3, 10_003)
    )
    return with_table(
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]>>>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" % fields + objects
    )


def cyclic_pages_and_kids() -> bytes:
    return with_table(
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm 1 0 R/Fields 4 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>\nendobj\n"
        b"4 0 obj\n4 0 R\nendobj\n"
    )


def chain_of_revisions() -> bytes:
    """Fifty thousand cross-reference tables, each of which names the one before."""
    pieces, place = [b"%PDF-1.7\n"], 0
    position = len(pieces[0])
    for _ in range(50_000):
        previous = b"/Prev %d" % place if place else b""
        piece = b"xref\n0 0\ntrailer\n<</Size 1/Root 1 0 R%b>>\n" % previous
        place, position = position, position + len(piece)
        pieces.append(piece)
    return b"".join(pieces) + b"startxref\n%d\n%%%%EOF\n" % place


@pytest.mark.parametrize(
    "hostile",
    [
        deep_nesting,
        cyclic_fields,
        wide_fields,
        decompression_bomb,
        endless_previous,
        boundless_table,
        bomb_in_an_object_stream,
        stacked_filters,
        many_signatures,
        cyclic_pages_and_kids,
        chain_of_revisions,
    ],
)
def test_a_hostile_file_is_not_valid_and_costs_two_seconds_at_most(
    hostile: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The machine may be as busy as it likes.
    monkeypatch.setattr(confinement, "WALL_SECONDS", 60)
    pdf, spent = hostile(), seconds_of_children()
    examination = examine_confined(pdf, Trust((), fields=FIELDS))
    assert seconds_of_children() - spent <= 2.0
    assert not examination.valid
    assert examination.reason


def seconds_of_children() -> float:
    """Processor time, which a busy machine does not stretch."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_a_parser_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def loop(*args: object, **kwargs: object) -> Examination:
        while True:
            pass

    monkeypatch.setattr(confinement, "examine", loop)
    monkeypatch.setattr(confinement, "CPU_SECONDS", 0.2)
    examination = examine_confined(b"%PDF-1.7", Trust((), fields=FIELDS))
    assert (examination.valid, examination.reason) == (False, TOO_COSTLY)


def test_a_parser_that_waits_for_nothing_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(*args: object, **kwargs: object) -> Examination:
        time.sleep(60)
        return Examination(True, "")

    monkeypatch.setattr(confinement, "examine", sleep)
    monkeypatch.setattr(confinement, "WALL_SECONDS", 0.3)
    with pytest.raises(Unreadable, match="系统正忙，这次没有核验完"):
        examine_confined(b"%PDF-1.7", Trust((), fields=FIELDS))


def test_a_parser_that_takes_all_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def swell(*args: object, **kwargs: object) -> Examination:
        return Examination(len(bytearray(2 * 1024**3)) > 0, "")

    monkeypatch.setattr(confinement, "examine", swell)
    # What the child prints of its end is no test's business.
    assert examine_confined(b"%PDF-1.7", Trust((), fields=FIELDS)).reason == TOO_COSTLY


def test_an_honest_table_is_found_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "WALL_SECONDS", 60)
    office = papers.new_office()
    signed = papers.fully_signed(office)[-1]
    assert examine_confined(signed, office.trust) == office.examine(signed)
    assert examine_confined(signed, office.trust).valid


def test_what_is_unreadable_is_said_to_be() -> None:
    with pytest.raises(Unreadable, match="不是PDF"):
        examine_confined(b"\x89PNG", Trust((), fields=FIELDS))


def test_a_foreign_signature_does_not_reach_the_network() -> None:
    office = papers.new_office()
    base, _ = papers.base()
    foreign = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(base)),
        PdfSignatureMetadata(field_name="tax", md_algorithm="sha256"),
        papers.new_office("别处的根").identity("tax").keyed_signer(),
    )
    assert not examine_confined(foreign.getvalue(), office.trust).valid


def test_it_yields_to_whoever_waits_for_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def niceness(_pdf: bytes, _trust: Trust) -> Examination:
        return Examination(False, str(os.nice(0)))

    office = papers.new_office()
    monkeypatch.setattr(confinement, "examine", niceness)
    found = examine_confined(papers.certified(office), office.trust)
    assert int(found.reason) == os.nice(0) + 10

"""Signatures in the review table, on tables with keys of the test's own."""

import io
import itertools
import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.x509 import load_der_x509_crl
from pyhanko.pdf_utils.reader import PdfFileReader

from reviews.pdf import render_cell
from reviews.signatures.certificates import issuing
from reviews.signatures.identities import CertificateExpired, SigningFailed
from reviews.signatures.signing import sign_cell
from tests.reviews import papers
from tests.reviews.papers import Office


@pytest.fixture(scope="module")
def office() -> Office:
    return papers.new_office()


@pytest.fixture(scope="module")
def revisions(office: Office) -> list[bytes]:
    return papers.fully_signed(office)


def fields_of(pdf: bytes) -> list[Any]:
    form = PdfFileReader(io.BytesIO(pdf)).root["/AcroForm"]
    return [reference.get_object() for reference in form["/Fields"]]


def signed_fields(pdf: bytes) -> list[str]:
    reader = PdfFileReader(io.BytesIO(pdf))
    return [signature.field_name for signature in reader.embedded_regular_signatures]


def test_the_station_certifies_a_form_with_five_empty_fields(revisions: list[bytes]) -> None:
    fields = [field["/T"] for field in fields_of(revisions[0])]
    assert fields == ["commerce", "tax", "police", "social", "foreign_affairs", "station"]
    assert signed_fields(revisions[0]) == ["station"]


def test_each_field_locks_itself_and_no_other(revisions: list[bytes]) -> None:
    locks = {
        field["/T"]: (field["/Lock"]["/Action"], list(field["/Lock"]["/Fields"]))
        for field in fields_of(revisions[0])
        if "/Lock" in field
    }
    assert locks["tax"] == ("/Include", ["tax"])
    assert len(locks) == 5


def test_each_signature_is_an_incremental_update(revisions: list[bytes]) -> None:
    for earlier, later in itertools.pairwise(revisions):
        assert later.startswith(earlier)


def test_departments_sign_in_any_order_and_all_stay_valid(office: Office) -> None:
    order = ("tax", "social", "police", "commerce", "foreign_affairs")
    signed = papers.fully_signed(office, order)[-1]
    assert signed_fields(signed) == ["station", *order]
    examination = office.examine(signed)
    assert examination.valid
    assert all(finding.intact and finding.trusted for finding in examination.signatures)


def test_the_signature_names_its_department_and_person(revisions: list[bytes]) -> None:
    reader = PdfFileReader(io.BytesIO(revisions[-1]))
    tax = reader.embedded_regular_signatures[4]
    assert tax.sig_object["/Name"] == "区税务局 王样例"
    assert tax.sig_object["/Reason"] == "区税务局 王样例 意见编号2"
    assert tax.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_a_cell_cannot_be_signed_twice(revisions: list[bytes], office: Office) -> None:
    with pytest.raises(SigningFailed, match="区公安局的签名没有做成"):
        papers.sign(revisions[1], "police", office)


def test_a_department_cannot_sign_with_anothers_certificate(office: Office) -> None:
    _, boxes = papers.base()
    with pytest.raises(SigningFailed, match="区税务局一栏不是用区税务局的证书签的"):
        sign_cell(
            papers.certified(office),
            department="tax",
            stamp=render_cell(papers.cell_facts("tax"), boxes["tax"]),
            identity=office.identity("tax", department="police"),
            reason="x",
            name="x",
        )


def test_nothing_is_signed_onto_an_altered_revision(office: Office) -> None:
    pdf = bytearray(papers.certified(office))
    pdf[pdf.index(b"stream") + 40] ^= 1
    with pytest.raises(SigningFailed):
        papers.sign(bytes(pdf), "tax", office)


def test_an_expired_certificate_signs_nothing(office: Office) -> None:
    identity = office.identity("tax")
    identity.certificate.not_after = identity.certificate.not_before + timedelta(minutes=1)
    with pytest.raises(CertificateExpired, match="不在有效期内"):
        identity.signer()


def test_a_revoked_certificate_signs_nothing(office: Office) -> None:
    identity = office.identity("tax")
    identity.certificate.revoked_at = identity.certificate.not_before
    with pytest.raises(CertificateExpired, match="已被吊销"):
        identity.signer()


def test_six_signatures_stay_within_300_kib(revisions: list[bytes]) -> None:
    assert len(revisions[-1]) <= 300 * 1024


def test_the_revocation_list_lies_inside_what_is_signed(
    revisions: list[bytes], office: Office
) -> None:
    reader = PdfFileReader(io.BytesIO(revisions[-1]))
    last = reader.embedded_regular_signatures[-1]
    _, _, start, length = last.byte_range
    assert start + length == len(revisions[-1])
    lists = [load_der_x509_crl(one.get_object().data) for one in reader.root["/DSS"]["/CRLs"]]
    assert {crl.issuer for crl in lists} == {office.root.certificate.subject}
    [root] = reader.root["/DSS"]["/Certs"]
    assert root.get_object().data == issuing.der(office.root.certificate)


def test_signing_the_last_cell_takes_no_longer_than_the_first(office: Office) -> None:
    def seconds(revision: bytes, code: str) -> float:
        started = time.process_time()
        papers.sign(revision, code, office)
        return time.process_time() - started

    revisions = papers.fully_signed(office)
    first = min(seconds(revisions[0], "police") for _ in range(3))
    last = min(seconds(revisions[4], "foreign_affairs") for _ in range(3))
    assert last <= 1.5 * first

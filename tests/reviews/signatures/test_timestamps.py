"""Time-stamps from an authority on the loopback (RFC 3161)."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import time_machine
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pytest_django import Settings

from accounts.models import Department
from reviews.pdf import render_cell
from reviews.signatures.certificates import authority, issuing
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.identities import SigningFailed, identity_for
from reviews.signatures.signing import certify, sign_cell
from reviews.signatures.verification.examining import examine
from reviews.signatures.verification.trust import Trust
from tests.reviews import papers
from tests.reviews.papers import Office


class TimeStampAuthority:
    """Answers every question on a free port, with a certificate of its own."""

    def __init__(self, fixed: datetime | None = None) -> None:
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试时间戳机构")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
            .sign(key, hashes.SHA256())
        )
        self.certificate = issuing.der(certificate)
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)
        encoded = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.certificate),
            keys.PrivateKeyInfo.load(encoded),
            fixed_dt=fixed,
        )
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stamper = self.stamper

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = self.rfile.read(int(self.headers["Content-Length"]))
                answer = stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def time_stamp_authority(settings: Settings) -> Iterator[TimeStampAuthority]:
    running = TimeStampAuthority()
    settings.TSA_URL = running.url
    yield running
    running.stop()


class StampedOffice(Office):
    """An office that believes a time-stamp authority."""

    timestamp_roots: tuple[bytes, ...] = ()

    @property
    def trust(self) -> Trust:
        return replace(super().trust, timestamp_roots=self.timestamp_roots)


@pytest.fixture
def office(time_stamp_authority: TimeStampAuthority) -> StampedOffice:
    made = StampedOffice(papers.new_office().root)
    made.timestamp_roots = (time_stamp_authority.certificate,)
    return made


def test_every_signature_carries_a_trusted_time_and_the_last_an_archive_stamp(
    office: StampedOffice,
) -> None:
    signed = papers.fully_signed(office)[-1]
    examination = office.examine(signed)
    assert examination.valid, examination.reason
    assert all(finding.has_trusted_time for finding in examination.signatures)
    reader = PdfFileReader(io.BytesIO(signed))
    assert len(reader.embedded_timestamp_signatures) == 1
    assert len(reader.embedded_regular_signatures) == 6


def test_a_stamped_table_stays_valid_when_the_authoritys_certificate_has_run_out(
    office: StampedOffice,
) -> None:
    signed = papers.fully_signed(office)[-1]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=800), tick=False):
        assert office.examine(signed).valid


def test_a_time_stamp_of_an_authority_unknown_to_us_is_not_trusted(office: StampedOffice) -> None:
    form = papers.certified(office)
    office.timestamp_roots = ()
    examination = office.examine(form)
    assert not examination.valid
    assert examination.reason == "服务站签名所附的时间戳不可信。"


def test_a_time_stamp_that_contradicts_the_signature_is_found(settings: Settings) -> None:
    running = TimeStampAuthority(fixed=datetime.now(UTC) + timedelta(hours=1))
    try:
        settings.TSA_URL = running.url
        office = StampedOffice(papers.new_office().root)
        office.timestamp_roots = (running.certificate,)
        with pytest.raises(SigningFailed, match="与所附的时间戳不符"):
            papers.certified(office)
    finally:
        running.stop()


def test_a_flipped_byte_in_the_archive_stamp_is_found(office: StampedOffice) -> None:
    signed = bytearray(papers.fully_signed(office)[-1])
    signed[signed.rindex(b"/Contents <") + 400] ^= 1
    assert not office.examine(bytes(signed)).valid


def test_without_an_answer_nothing_is_signed(
    settings: Settings, time_stamp_authority: TimeStampAuthority, office: StampedOffice
) -> None:
    time_stamp_authority.stop()
    settings.TSA_URL = time_stamp_authority.url + "gone"
    with pytest.raises(SigningFailed, match="时间戳服务拒绝了连接。"):
        papers.certified(office)


def test_a_table_that_promises_trusted_time_takes_no_signature_without(
    settings: Settings, office: StampedOffice
) -> None:
    form = papers.certified(office)
    settings.TSA_URL = ""
    with pytest.raises(SigningFailed, match="这个签名却没有时间戳，请检查 TSA_URL"):
        papers.sign(form, "tax", office)


def test_an_address_that_is_no_address_is_named(settings: Settings, office: StampedOffice) -> None:
    settings.TSA_URL = "file:///etc/passwd"
    with pytest.raises(SigningFailed, match="应以 http:// 或 https:// 开头"):
        papers.certified(office)


@pytest.mark.django_db
def test_the_authority_that_the_station_believes_stands_in_the_keystore(
    settings: Settings, tmp_path: Path, time_stamp_authority: TimeStampAuthority
) -> None:
    settings.KEYSTORE = tmp_path
    (tmp_path / "timestamp-roots.pem").write_bytes(time_stamp_authority.pem)
    authority.ensure()
    base, boxes = papers.base()
    form = certify(base, boxes, identity_for(None))
    signed = sign_cell(
        form,
        department="tax",
        stamp=render_cell(papers.cell_facts("tax"), boxes["tax"]),
        identity=identity_for(Department.objects.get(code="tax")),
        reason="x",
        name="x",
    )
    found = examine(signed, current_trust())
    assert found.valid
    assert all(finding.has_trusted_time for finding in found.signatures)

"""Judging of one signature: its integrity, its certificate, its field, its stated time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final

from asn1crypto import crl as asn1_crl
from asn1crypto import parser as asn1_parser
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from core.dates import day_words
from reviews.signatures.fields import STATION
from reviews.signatures.verification.findings import SignatureFinding
from reviews.signatures.verification.trust import Trust, read_certificates

SHA256_IN_DER: Final = bytes.fromhex("300d06096086480165030402010500")
VERSION_1_IN_DER: Final = bytes.fromhex("020101")
# Between our clock, whose time a signature states, and the time-stamp authority's.
CLOCKS_APART: Final = timedelta(minutes=10)
# Any file may state any time and name: outside of these it can be neither reckoned with nor shown.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class _Verdict:
    """On one signature: the flags of its finding, and the sentence where one fails."""

    intact: bool = False
    trusted: bool = False
    has_trusted_time: bool = False
    is_whole: bool = False
    problem: str = ""


class Judge:
    """Judge of the signatures of one file against one Trust, whose certificates are parsed once."""

    def __init__(self, pdf: bytes, trust: Trust) -> None:
        self.pdf = pdf
        self.roots = read_certificates(trust.roots)
        self.timestamp_roots = read_certificates(trust.timestamp_roots)
        self.crls = [asn1_crl.CertificateList.load(crl) for crl in trust.crls]
        self.titles = trust.titles
        self.owners = trust.owners
        self.revoked = trust.revoked
        self.now = datetime.now(UTC)

    def _context(self, issuer: asn1_x509.Name, moment: datetime) -> ValidationContext:
        # A list of ours is always at hand; an issuer registered from outside may publish none.
        has_list = any(crl.issuer == issuer for crl in self.crls)
        return ValidationContext(
            trust_roots=self.roots,
            crls=self.crls,
            moment=moment,
            retroactive_revinfo=True,
            revocation_mode="require" if has_list else "soft-fail",
        )

    def _timestamp_context(self, moment: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.timestamp_roots, moment=moment, retroactive_revinfo=True
        )

    def judge(self, signature: EmbeddedPdfSignature) -> SignatureFinding:
        department = str(signature.field_name)
        signed_at = _reckonable(signature.self_reported_timestamp)
        certificate = signature.signer_cert
        verdict = self._verdict(signature, department, signed_at)
        return SignatureFinding(
            department=department,
            title=self.titles.get(department, ""),
            signer=_shown(signature.sig_object.get("/Name", "") or _common_name(certificate)),
            signed_at=signed_at,
            intact=verdict.intact,
            trusted=verdict.trusted,
            covers=signature.signed_revision + 1,
            has_trusted_time=verdict.has_trusted_time,
            is_whole=verdict.is_whole,
            problem=verdict.problem,
            since="" if verdict.problem else self._since(certificate),
            is_on_paper=not verdict.problem and self._records_paper(certificate, department),
        )

    def _records_paper(self, certificate: asn1_x509.Certificate, department: str) -> bool:
        """Whether the station signs in a department's field, as for what it stamped on paper."""
        return department != STATION and self._owner(certificate) == STATION

    def _owner(self, certificate: asn1_x509.Certificate) -> str | None:
        return self.owners.get(certificate.sha256.hex())

    def _since(self, certificate: asn1_x509.Certificate) -> str:
        """What has become of the certificate after it signed, or ""."""
        revoked_at = self.revoked.get(certificate.sha256.hex())
        if revoked_at is not None:
            return f"签署时有效；证书后来已于{day_words(revoked_at)}吊销"
        if certificate.not_valid_after < self.now:
            return f"签署时有效；证书后来已于{day_words(certificate.not_valid_after)}到期"
        return ""

    def _verdict(
        self, signature: EmbeddedPdfSignature, department: str, signed_at: datetime | None
    ) -> "_Verdict":
        if department not in self.titles:
            name = _shown(department)
            return _Verdict(problem=f"文件里有不属于审核表的签名“{name}”。")
        title = self.titles[department]
        if signed_at is None:
            return _Verdict(problem=f"{title}的签名没有记载时间，或时间不合理。")
        certificate = signature.signer_cert
        status = validate_pdf_signature(
            signature,
            self._context(certificate.issuer, signed_at),
            self._timestamp_context(signed_at),
        )
        if not (status.intact and status.valid and self._contents_are_canonical(signature)):
            return _Verdict(problem=f"{title}签名覆盖的内容已被改动。")
        if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
            problem = f"{title}签名之后，文件被加进了签名以外的改动。"
            return _Verdict(trusted=status.trusted, is_whole=True, problem=problem)
        problem = self._distrust(status, certificate, department, signed_at)
        timestamp = status.timestamp_validity
        if not problem and timestamp is not None:
            problem = _timestamp_problem(timestamp, title, signed_at)
        if problem:
            return _Verdict(intact=True, is_whole=True, problem=problem)
        return _Verdict(
            intact=True, is_whole=True, trusted=True, has_trusted_time=timestamp is not None
        )

    def _distrust(
        self,
        status: PdfSignatureStatus,
        certificate: asn1_x509.Certificate,
        department: str,
        signed_at: datetime,
    ) -> str:
        """Sentence that says why the certificate of an intact signature does not count, or ""."""
        title, fingerprint = self.titles[department], certificate.sha256.hex()
        revoked_at = self.revoked.get(fingerprint)
        in_term = certificate.not_valid_before <= signed_at <= certificate.not_valid_after
        if fingerprint in self.owners and not in_term:
            when = "还没有生效" if signed_at < certificate.not_valid_before else "已过有效期"
            return f"{title}的签名不可信：签名时证书{when}。"
        if status.revoked or (revoked_at is not None and revoked_at <= signed_at):
            return f"{title}的签名不可信：签名时证书已被吊销。"
        if not status.trusted:
            return f"{title}的签名不可信：签名证书不是本站认可的机构签发的。"
        if self._owner(certificate) not in (department, STATION):
            return f"{title}一栏不是用{title}的证书签的。"
        return ""

    def is_registered(self, certificate: asn1_x509.Certificate) -> bool:
        return certificate.sha256.hex() in self.owners

    def _contents_are_canonical(self, signature: EmbeddedPdfSignature) -> bool:
        """Whether the signature's own place, which no signature covers, is exactly as we write it.

        It holds the CMS object in capital hexadecimal digits, then zeros. Within the object, its
        versions and the names of its digest are covered by nothing either.
        """
        _, start, end, _ = signature.byte_range
        gap = re.fullmatch(rb"<((?:[0-9A-F]{2})+)>", self.pdf[start:end])
        if gap is None:
            return False
        contents = bytes.fromhex(gap[1].decode())
        signer = signature.signer_info
        return (
            not any(contents[asn1_parser.peek(contents) :])
            and signature.signed_data["version"].dump() == VERSION_1_IN_DER
            and signature.signed_data["digest_algorithms"].dump() == b"\x31\x0f" + SHA256_IN_DER
            and signer["digest_algorithm"].dump() == SHA256_IN_DER
            and signer["version"].dump() == VERSION_1_IN_DER
        )

    def document_timestamp_problem(self, timestamps: Iterable[EmbeddedPdfSignature]) -> str:
        for timestamp in timestamps:
            stamped_at = timestamp.signed_data["encap_content_info"]["content"].parsed["gen_time"]
            status = validate_pdf_timestamp(timestamp, self._timestamp_context(stamped_at.native))
            if not (status.intact and status.valid and status.trusted):
                return "文件末尾的存档时间戳不可信，或其后又有改动。"
        return ""


def _timestamp_problem(timestamp: TimestampSignatureStatus, title: str, signed_at: datetime) -> str:
    """Sentence that says why the time-stamp beside a signature proves no time, or ""."""
    if not (timestamp.intact and timestamp.valid and timestamp.trusted):
        return f"{title}签名所附的时间戳不可信。"
    if abs(timestamp.timestamp - signed_at) > CLOCKS_APART:
        return f"{title}签名记载的时间与所附的时间戳不符。"
    return ""


def _reckonable(moment: datetime | None) -> datetime | None:
    """The stated time where it names its zone and lies in a possible range, otherwise None."""
    if moment is None or moment.tzinfo is None or not 1 < moment.year < MAXYEAR:
        return None
    return moment if EARLIEST <= moment.astimezone(UTC) < LATEST else None


def _shown(text: object) -> str:
    """Text from a file, printable and short: any file may say anything."""
    return "".join(character for character in str(text) if character.isprintable())[:LONGEST_NAME]


def _common_name(certificate: asn1_x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else ""

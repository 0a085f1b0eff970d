"""Is a file the review table as it was signed? pyHanko's validation with its difference analysis.

A table is valid when the station certified it, every signature in it is whole, made by the
certificate of the very department whose cell it fills, and nothing but signing happened after.
It need not be complete: a table that waits for a department is valid, and says what is missing.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final

from asn1crypto import crl as asn1_crl
from asn1crypto import parser as asn1_parser
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from reviews.annex4 import DEPARTMENTS, SECTIONS

STATION: Final = "station"
TITLES: Final = {STATION: "服务站"} | {
    code: section.title.removesuffix("办理意见") for code, section in SECTIONS.items()
}
SHA256_IN_DER: Final = bytes.fromhex("300d06096086480165030402010500")
VERSION_1_IN_DER: Final = bytes.fromhex("020101")
# Between our clock, whose time a signature states, and the time-stamp authority's.
CLOCKS_APART: Final = timedelta(minutes=10)
MAX_BYTES: Final = 20 * 1024 * 1024
# Any file may state any time and name: outside of these it can be neither reckoned with nor shown.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
LONGEST_NAME: Final = 80
NOT_CERTIFIED: Final = "文件没有服务站的认证签名，不是本站签发的审核表。"
CODE: Final = re.compile("[0-9A-Z-]{1,20}")
CODE_IN_BYTES: Final = re.compile(rb"/Keywords ?\(([0-9A-Z]{1,20})\)")


class Unreadable(Exception):
    """There is nothing to examine: not a PDF, encrypted, or too large. The sentence says which."""


@dataclass(frozen=True)
class Trust:
    """Whom to believe: certificates in PEM or DER, revocation lists in DER.

    `owners` maps a certificate's SHA-256 fingerprint (hex) to the department it was registered
    for: no other counts, whatever its name says, since an authority outside names whom it likes.
    `revoked` maps a fingerprint to the moment from which its signatures do not count.
    """

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()
    timestamp_roots: tuple[bytes, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    revoked: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class SignatureFinding:
    """What was found of one signature. `covers` is the number of the revision it closes."""

    department: str
    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    covers: int
    has_trusted_time: bool
    problem: str = ""


@dataclass(frozen=True)
class Examination:
    """`claimed_code` is the verification code in the file's description: a hint, no proof.

    `names_us` says that a certificate of ours is in the file, whether its signature holds or not.
    """

    valid: bool
    reason: str
    signatures: tuple[SignatureFinding, ...] = ()
    claimed_code: str = ""
    names_us: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Departments that have not signed, in the annex's order."""
        signed = {finding.department for finding in self.signatures}
        return tuple(code for code in DEPARTMENTS if code not in signed)


def read_certificates(encoded: Iterable[bytes]) -> list[asn1_x509.Certificate]:
    certificates = []
    for data in encoded:
        der = asn1_pem.unarmor(data)[2] if asn1_pem.detect(data) else data
        certificates.append(asn1_x509.Certificate.load(der))
    return certificates


def examine(pdf: bytes, trust: Trust) -> Examination:
    """Examine a table against those whom we trust.

    A signature is judged at the time it states (proved by a time-stamp or not), so that a table
    of this year stays valid when its certificates have run out, and a certificate revoked later
    does not undo it. Whoever holds a stolen key could write an earlier time: comparing with the
    stored revision closes that.

    Raises Unreadable for what is no PDF at all; damage is an Examination that is not valid.
    """
    refuse_unreadable(pdf)
    try:
        return _examine(pdf, trust)
    except Unreadable:
        raise
    # A hostile file can make the parser fail in any way at all, and each of them means the same.
    except Exception:
        code = CODE_IN_BYTES.search(pdf)
        return Examination(
            False,
            "文件结构已损坏或被改动，无法解析。",
            claimed_code=code[1].decode() if code else "",
        )


def problem_of_addition(pdf: bytes, *, earlier: bytes, field_name: str, trust: Trust) -> str:
    """What is wrong with the signature just added to `earlier`, or "" when nothing is.

    The new signature is judged like any. Of the one before it, which closed `earlier`: whether it
    is whole, and by pyHanko's difference analysis what was added since. Who signed then was
    judged then; so the sixth signature costs what the first did (docs/adr/0019).
    """
    if not pdf.startswith(earlier):
        return "签名时，签名之前的内容被改动了。"
    try:
        return _problem_of_addition(pdf, earlier, field_name, trust)
    # Whatever fails here, nothing was proved: it counts as a problem, and is told as one.
    except Exception as error:
        return f"文件结构无法解析（{type(error).__name__}：{error}）。"


def _problem_of_addition(pdf: bytes, earlier: bytes, field_name: str, trust: Trust) -> str:
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = reader.embedded_regular_signatures
    if not signatures or signatures[-1].field_name != field_name:
        return f"文件的最后一个签名不是{TITLES[field_name]}的。"
    *before, added = signatures
    judge = _Judge(pdf, trust)
    return (
        _certification_problem(signatures[0])
        or judge.judge(added).problem
        or _problem_of_time(signatures[0], added)
        or _problem_of_difference(before, earlier, field_name)
        or judge.document_timestamp_problem(reader.embedded_timestamp_signatures)
        or _uncovered_end(reader, pdf)
    )


def _problem_of_time(first: EmbeddedPdfSignature, added: EmbeddedPdfSignature) -> str:
    """The table says what its first signature had: a trusted time for all, or for none."""
    if _is_stamped(first) and not _is_stamped(added):
        return "表上写明签名时间由时间戳服务机构证明，这个签名却没有时间戳，请检查 TSA_URL。"
    return ""


def _is_stamped(signature: EmbeddedPdfSignature) -> bool:
    stamps = extract_tst_data_iter(signature.signer_info, signed=False)
    return next(stamps, None) is not None


def _problem_of_difference(
    before: Sequence[EmbeddedPdfSignature], earlier: bytes, field_name: str
) -> str:
    """Nothing but `field_name` may have been filled in since the last of the signatures before."""
    if not before:
        return ""
    last = before[-1]
    title = TITLES[str(last.field_name)]
    if _end(last) != len(earlier):
        return f"{TITLES[field_name]}的签名没有加在存档的一版之后。"
    last.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        last.signer_info, last.signer_cert, "data", last.compute_digest()
    )
    if not (intact and valid):
        return f"{title}签名覆盖的内容已被改动。"
    difference = last.summarise_integrity_info()["diff_result"]
    if not (
        isinstance(difference, DiffResult)
        and difference.modification_level <= ModificationLevel.FORM_FILLING
        and difference.changed_form_fields == {field_name}
    ):
        return f"{title}签名之后，文件被加进了签名以外的改动。"
    return ""


def refuse_unreadable(pdf: bytes) -> None:
    """Raises Unreadable for what needs no examination: empty, too large, no PDF at all."""
    if not pdf:
        raise Unreadable("文件是空的。")
    if len(pdf) > MAX_BYTES:
        raise Unreadable(f"文件有{len(pdf) / 1024 / 1024:.1f}MB，超过20MB，审核表不会这么大。")
    # With its end in place a file may be a PDF whose beginning was altered.
    if b"%PDF-" not in pdf[:1024] and b"%%EOF" not in pdf[-1024:]:
        raise Unreadable("这不是PDF文件。图片或打印件请用表上的核验码查询。")


def _examine(pdf: bytes, trust: Trust) -> Examination:
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise Unreadable("文件加了密，无法核验。审核表从不加密。")
    regular, code = reader.embedded_regular_signatures, _claimed_code(reader)
    if not regular:
        return Examination(
            False,
            "文件中没有任何签名，不是本站签发的原文件。打印、扫描或另存的PDF不带签名，"
            "请用表上的核验码查询。",
            claimed_code=code,
        )
    if len(regular) > len(TITLES):
        reason = f"文件里有{len(regular)}个签名，审核表最多{len(TITLES)}个，不是本站签发的审核表。"
        return Examination(False, reason, claimed_code=code)
    judge = _Judge(pdf, trust)
    findings = tuple(judge.judge(signature) for signature in regular)
    signed = {finding.department for finding in findings}
    problem = (
        ("" if STATION in signed else NOT_CERTIFIED)
        or next((finding.problem for finding in findings if finding.problem), "")
        or _certification_problem(regular[0])
        or judge.document_timestamp_problem(reader.embedded_timestamp_signatures)
        or _uncovered_end(reader, pdf)
    )
    names_us = any(judge.is_registered(signature.signer_cert) for signature in regular)
    examination = Examination(not problem, problem, findings, code, names_us)
    if problem:
        return examination
    if examination.missing:
        names = "、".join(TITLES[code] for code in examination.missing)
        reason = f"已有的签名全部有效，内容未被改动；尚未签齐，还缺：{names}。"
    else:
        reason = "服务站和五个部门的签名全部有效，签名后内容未被改动。"
    return replace(examination, reason=reason)


def _claimed_code(reader: PdfFileReader) -> str:
    try:
        code = str(reader.trailer_view["/Info"]["/Keywords"])
    except (KeyError, PdfError):
        return ""
    return code if CODE.fullmatch(code) else ""


def _certification_problem(first: EmbeddedPdfSignature) -> str:
    """The station must have certified, before anyone signed, that only signing may follow."""
    references = first.sig_object.get("/Reference", ())
    certifies = any(item.get("/TransformMethod") == "/DocMDP" for item in references)
    if first.field_name != STATION or not certifies:
        return NOT_CERTIFIED
    if first.docmdp_level != MDPPerm.FILL_FORMS:
        return "服务站的认证签名没有限定“只许签名”，不是本站签发的审核表。"
    return ""


def _uncovered_end(reader: PdfFileReader, pdf: bytes) -> str:
    """Every byte lies under a signature: each of ours reaches to the end of its revision."""
    end = max(_end(signature) for signature in reader.embedded_signatures)
    return "" if end == len(pdf) else "最后一个签名之后，文件末尾又多出了内容。"


def _end(signature: EmbeddedPdfSignature) -> int:
    """How many bytes of the file it covers, its own place included."""
    _, _, start, length = signature.byte_range
    return int(start + length)


class _Judge:
    """Judges signatures of one file against one Trust, whose certificates are parsed once."""

    def __init__(self, pdf: bytes, trust: Trust) -> None:
        self.pdf = pdf
        self.roots = read_certificates(trust.roots)
        self.timestamp_roots = read_certificates(trust.timestamp_roots)
        self.crls = [asn1_crl.CertificateList.load(crl) for crl in trust.crls]
        self.owners = trust.owners
        self.revoked = trust.revoked

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
        intact, trusted, has_time, problem = self._verdict(signature, department, signed_at)
        return SignatureFinding(
            department=department,
            signer=_shown(signature.sig_object.get("/Name", "") or _common_name(certificate)),
            signed_at=signed_at,
            intact=intact,
            trusted=trusted,
            covers=signature.signed_revision + 1,
            has_trusted_time=has_time,
            problem=problem,
        )

    def _verdict(
        self, signature: EmbeddedPdfSignature, department: str, signed_at: datetime | None
    ) -> tuple[bool, bool, bool, str]:
        """Whether it is intact, trusted, has a trusted time; and the sentence when one fails."""
        if department not in TITLES:
            name = _shown(department)
            return False, False, False, f"文件里有不属于审核表的签名“{name}”。"
        title = TITLES[department]
        if signed_at is None:
            return False, False, False, f"{title}的签名没有记载时间，或时间不合理。"
        certificate = signature.signer_cert
        status = validate_pdf_signature(
            signature,
            self._context(certificate.issuer, signed_at),
            self._timestamp_context(signed_at),
        )
        if not (status.intact and status.valid and self._contents_are_canonical(signature)):
            return False, False, False, f"{title}签名覆盖的内容已被改动。"
        if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
            return False, status.trusted, False, f"{title}签名之后，文件被加进了签名以外的改动。"
        distrust = self._distrust(status, certificate, department, signed_at)
        if distrust:
            return True, False, False, distrust
        timestamp = status.timestamp_validity
        if timestamp is not None:
            if not (timestamp.intact and timestamp.valid and timestamp.trusted):
                return True, False, False, f"{title}签名所附的时间戳不可信。"
            if abs(timestamp.timestamp - signed_at) > CLOCKS_APART:
                return True, False, False, f"{title}签名记载的时间与所附的时间戳不符。"
        return True, True, timestamp is not None, ""

    def _distrust(
        self,
        status: PdfSignatureStatus,
        certificate: asn1_x509.Certificate,
        department: str,
        signed_at: datetime,
    ) -> str:
        """Why the certificate of a whole signature does not count, or ""."""
        title, fingerprint = TITLES[department], certificate.sha256.hex()
        revoked_at = self.revoked.get(fingerprint)
        if status.revoked or (revoked_at is not None and revoked_at <= signed_at):
            return f"{title}的签名不可信：签名时证书已被吊销。"
        if not status.trusted:
            return f"{title}的签名不可信：签名证书不是本站认可的机构签发的。"
        if self.owners.get(fingerprint) != department:
            return f"{title}一栏不是用{title}的证书签的。"
        return ""

    def is_registered(self, certificate: asn1_x509.Certificate) -> bool:
        return certificate.sha256.hex() in self.owners

    def _contents_are_canonical(self, signature: EmbeddedPdfSignature) -> bool:
        """Whether the one place that no signature covers is as we write it, bit for bit.

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


def _reckonable(moment: datetime | None) -> datetime | None:
    """A time that a signature may state. Ours always names its zone."""
    if moment is None or moment.tzinfo is None or not 1 < moment.year < MAXYEAR:
        return None
    return moment if EARLIEST <= moment.astimezone(UTC) < LATEST else None


def _shown(text: object) -> str:
    """What a file says, fit for a page: any file may say anything."""
    return "".join(character for character in str(text) if character.isprintable())[:LONGEST_NAME]


def _common_name(certificate: asn1_x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else ""

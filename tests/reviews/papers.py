"""Review tables for tests, signed with keys of the test's own; no database."""

import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import Certificate as CryptographyCertificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, Signer, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reviews.annex4 import SECTIONS
from reviews.pdf import CellFacts, TableFacts, render_base, render_cell
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.issuing import Credential
from reviews.signatures.fields import Box
from reviews.signatures.identities import SignatureIdentity
from reviews.signatures.models import Certificate
from reviews.signatures.signing import certify, sign_cell
from reviews.signatures.verification.examining import examine
from reviews.signatures.verification.findings import Examination
from reviews.signatures.verification.trust import Trust
from tests.factories import DEPARTMENTS

TITLES = {
    "station": "服务站",
    "commerce": "区商务委",
    "tax": "区税务局",
    "police": "区公安局",
    "social": "区人力社保局",
    "foreign_affairs": "区政府外办",
}
FIELDS = {code: title for code, title in TITLES.items() if code != "station"}
FACTS = TableFacts(
    number="万州ABTC审〔2026〕0001号",
    round=1,
    enterprise_kind="private",
    enterprise_name="重庆市万州区样例进出口贸易有限公司",
    credit_code="91500101YYYY00012R",
    contact="李示例　13800000000",
    applicant_name="张样例",
    post="总经理",
    id_number="500101198005121234",
    phone="13900000000",
    verification_code="K7QM-2F9X-PD4T",
    verify_url="http://127.0.0.1:8000/verify/K7QM-2F9X-PD4T/",
    sections=tuple(SECTIONS.values()),
    district="万州区",
)
SIGNED_AT = datetime(2026, 11, 23, 2, 5, 9, tzinfo=UTC)
WORDS = {
    "commerce": "情况属实，同意申办。",
    "tax": "该公司上一年度依法申报纳税，未发现欠税，同意申办。",
    "police": "经查询，未发现申请人有犯罪记录，同意申办。",
    "social": "申请人在该公司连续参保已满6个月，同意申办。",
    "foreign_affairs": "经审核，材料齐全，符合申办条件，同意推荐申办APEC商务旅行卡。",
}
ANSWERS: dict[str, dict[str, object]] = {
    "commerce": {"trade": "performance"},
    "tax": {"tax_total": "123.45", "has_arrears": False},
    "social": {
        "insured_since": "2025-01-01",
        "insured_company": "重庆市万州区样例进出口贸易有限公司",
    },
}
ORDER = ("police", "commerce", "social", "tax", "foreign_affairs")


def cell_facts(code: str) -> CellFacts:
    return CellFacts(
        department=code,
        section=SECTIONS[code],
        unit=f"万州区{TITLES[code][1:]}",
        sentence=SECTIONS[code].sentence(ANSWERS.get(code, {}), applicant_name="张样例"),
        words=WORDS[code],
        conclusion="同意",
        signer="王样例",
        signed_at=SIGNED_AT,
        certificate_serial="4a90b1c4d5e6f701",
    )


class KeyInMemory(SignatureIdentity):
    """An identity whose key the test holds."""

    def __init__(self, credential: Credential, trust: Trust) -> None:
        made = credential.certificate
        super().__init__(
            Certificate(
                serial=credential.serial,
                not_before=made.not_valid_before_utc,
                not_after=made.not_valid_after_utc,
            ),
            trust,
        )
        self.credential = credential

    def keyed_signer(self) -> Signer:
        return signer_in_memory(self.credential)


def signer_in_memory(credential: Credential) -> SimpleSigner:
    return SimpleSigner(
        signing_cert=x509.Certificate.load(issuing.der(credential.certificate)),
        signing_key=keys.PrivateKeyInfo.load(issuing.key_der(credential.key)),
        cert_registry=SimpleCertificateStore(),
        embed_roots=False,
    )


def sign_unchecked(
    revision: bytes, field_name: str, credential: Credential, *issuers: CryptographyCertificate
) -> bytes:
    """As somebody signs who has pyHanko and a key, and none of our checks."""
    signer = signer_in_memory(credential)
    for issuer in issuers:
        signer.cert_registry.register(x509.Certificate.load(issuing.der(issuer)))
    output = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(revision)),
        PdfSignatureMetadata(
            field_name=field_name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        ),
        signer,
    )
    return bytes(output.getvalue())


@dataclass
class Office:
    """A root with an identity for the station and for each department."""

    root: Credential
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    revocations: list[issuing.Revocation] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)

    @property
    def trust(self) -> Trust:
        crl = issuing.make_crl(root=self.root, revocations=self.revocations, number=1, now=self.now)
        return Trust(
            (issuing.der(self.root.certificate),), (crl,), fields=FIELDS, owners=self.owners
        )

    def identity(self, code: str, department: str = "") -> KeyInMemory:
        """Signs as `code`; its certificate is made out to `department` where that differs."""
        credential = issuing.make_signer(
            root=self.root,
            common_name=TITLES[code],
            department=department or code,
            now=self.now,
        )
        fingerprint = credential.certificate.fingerprint(hashes.SHA256()).hex()
        self.owners[fingerprint] = department or code
        return KeyInMemory(credential, self.trust)

    def examine(self, pdf: bytes) -> Examination:
        return examine(pdf, self.trust)


def new_office(name: str = "测试根证书 G1") -> Office:
    now = datetime.now(UTC)
    return Office(issuing.make_root(common_name=name, organization="测试服务站", now=now), now)


@cache
def base(round_number: int = 1) -> tuple[bytes, dict[str, Box]]:
    return render_base(replace(FACTS, round=round_number))


def sign(revision: bytes, code: str, office: Office, *, stamp: bytes = b"") -> bytes:
    _, boxes = base()
    return sign_cell(
        revision,
        department=code,
        stamp=stamp or render_cell(cell_facts(code), boxes[code]),
        identity=office.identity(code),
        reason=f"{TITLES[code]} 王样例 意见编号{DEPARTMENTS.index(code) + 1}",
        name=f"{TITLES[code]} 王样例",
        last=code == "foreign_affairs",
    )


def certified(office: Office) -> bytes:
    pdf, boxes = base()
    return certify(pdf, boxes, office.identity("station"))


def fully_signed(office: Office, order: tuple[str, ...] = ORDER) -> list[bytes]:
    """Every revision: the certified form, then one for each department."""
    revisions = [certified(office)]
    for code in order:
        revisions.append(sign(revisions[-1], code, office))
    return revisions

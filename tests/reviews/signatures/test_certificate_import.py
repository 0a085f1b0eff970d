"""A department's own certificate from an authority outside, with the chain up to its root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import Signer
from pytest_django import Settings

from accounts.models import Department
from reviews.pdf import render_cell
from reviews.signatures.certificates import authority, imports, issuing, register
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.identities import Pkcs12Identity, SignatureIdentity, identity_for
from reviews.signatures.models import Certificate
from reviews.signatures.signing import certify, sign_cell
from reviews.signatures.verification.examining import examine
from tests.reviews import papers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        return issuing.pem(self.certificate).encode()


def make(
    name: str,
    issuer: Pair | None = None,
    *,
    is_authority: bool = True,
    signs: bool = True,
    first: datetime | None = None,
    last: datetime | None = None,
    path_length: int | None = None,
    key: Any = None,
    public_key: Any = None,
    unit: str = "",
    serial: int | None = None,
) -> Pair:
    """`signs`: whether a signer's usage has both bits that a signature needs.

    With `public_key` the private one lies elsewhere.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    public_key = public_key or key.public_key()
    now = timezone.now()
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if unit:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    subject = x509.Name(attributes)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public_key)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(first or now - DAY)
        .not_valid_after(last or now + 700 * DAY)
        .add_extension(
            x509.BasicConstraints(ca=is_authority, path_length=path_length), critical=True
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                content_commitment=not is_authority and signs,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    return Pair(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


@dataclass(frozen=True)
class Outside:
    """A licensed authority as they are: a root, an intermediate, and what it issued."""

    root: Pair
    middle: Pair
    signer: Pair

    @property
    def bundle(self) -> bytes:
        return self.middle.pem + self.root.pem


def licensed(**of_signer: Any) -> Outside:
    root = make("外部机构根")
    middle = make("外部机构二级", root)
    return Outside(root, middle, make("万州区税务局", middle, is_authority=False, **of_signer))


def packed(pair: Pair, *others: Pair) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        None,
        pair.key,
        pair.certificate,
        [other.certificate for other in others] or None,
        serialization.BestAvailableEncryption(b"from outside"),
    )


def bring(data: bytes, chain: bytes = b"", owner: str = "tax") -> Certificate:
    department = Department.objects.get(code=owner)
    return imports.import_pkcs12(department, data=data, passphrase="from outside", chain=chain)


def signed_by(department: Department) -> bytes:
    """A form certified by the station, with this department's signature."""
    base, boxes = papers.base()
    return sign_cell(
        certify(base, boxes, identity_for(None)),
        department=department.code,
        stamp=render_cell(papers.cell_facts(department.code), boxes[department.code]),
        identity=identity_for(department),
        reason="x",
        name="x",
    )


@pytest.fixture(autouse=True)
def keystore(settings: Settings, tmp_path: Path) -> Path:
    settings.KEYSTORE = tmp_path / "keys"
    Path(settings.KEYSTORE).mkdir()
    return tmp_path / "keys"


@pytest.fixture
def tax() -> Department:
    return Department.objects.get(code="tax")


# What is taken ------------------------------------------------------------------------------------


def test_a_certificate_under_an_intermediate_signs_and_is_trusted(
    keystore: Path, tax: Department
) -> None:
    authority.ensure()
    outside = licensed()
    data = packed(outside.signer)
    certificate = bring(data, outside.bundle)
    assert register.current(tax) == certificate
    assert (keystore / certificate.keystore).read_bytes() != data
    examination = examine(signed_by(tax), current_trust())
    assert examination.valid
    assert [one.department for one in examination.signatures] == ["station", "tax"]


def test_the_intermediate_travels_in_the_signature_and_in_the_documents_store(
    tmp_path: Path, tax: Department
) -> None:
    authority.ensure()
    outside = licensed()
    bring(packed(outside.signer), outside.bundle)
    path = tmp_path / "table.pdf"
    path.write_bytes(signed_by(tax))
    with path.open("rb") as file:
        reader = PdfFileReader(file)
        signature = reader.embedded_regular_signatures[-1]
        carried = [one.dump() for one in signature.other_embedded_certs]
        stored = [one.get_object().data for one in reader.root["/DSS"]["/Certs"]]
    assert carried == [issuing.der(outside.middle.certificate)]
    assert issuing.der(outside.middle.certificate) in stored
    assert issuing.der(outside.root.certificate) in stored


@pytest.mark.parametrize(
    "pack",
    [
        lambda outside: (packed(outside.signer, outside.middle, outside.root), b""),
        lambda outside: (packed(outside.signer, outside.middle), outside.root.pem),
        lambda outside: (packed(outside.signer), outside.root.pem + outside.middle.pem),
        lambda outside: (
            packed(outside.signer),
            pkcs7.serialize_certificates(
                [outside.middle.certificate, outside.root.certificate], serialization.Encoding.DER
            ),
        ),
        lambda outside: (
            packed(outside.signer, outside.middle),
            issuing.der(outside.root.certificate),
        ),
    ],
    ids=["all in one", "root apart", "root first", "p7b", "root in DER"],
)
def test_the_chain_comes_in_the_pkcs12_or_beside_it_in_any_order(
    pack: Callable[[Outside], tuple[bytes, bytes]],
) -> None:
    authority.ensure()
    outside = licensed()
    certificate = bring(*pack(outside))
    assert [name for name, _ in imports.issuers_of(certificate)] == ["外部机构二级", "外部机构根"]


def test_a_certificate_issued_directly_by_its_root_needs_no_intermediate(tax: Department) -> None:
    authority.ensure()
    root = make("外部机构根")
    bring(packed(make("万州区税务局", root, is_authority=False)), root.pem)
    assert examine(signed_by(tax), current_trust()).valid


def test_a_chain_of_two_intermediates_and_an_rsa_key(tax: Department) -> None:
    authority.ensure()
    root = make("外部机构根", key=rsa.generate_private_key(65537, 2048))
    upper = make("外部机构二级", root)
    lower = make("外部机构三级", upper, key=rsa.generate_private_key(65537, 2048))
    key = rsa.generate_private_key(65537, 2048)
    signer = make("万州区税务局", lower, is_authority=False, key=key)
    bring(packed(signer), lower.pem + upper.pem + root.pem)
    assert examine(signed_by(tax), current_trust()).valid


def test_a_root_registered_before_need_not_come_again() -> None:
    outside = licensed()
    bring(packed(outside.signer), outside.bundle)
    police = make("万州区公安局", outside.middle, is_authority=False)
    bring(packed(police, outside.middle), owner="police")
    assert Certificate.objects.filter(kind="ca", common_name="外部机构根").count() == 1


def test_roots_of_two_authorities_may_bear_the_same_serial_number(tax: Department) -> None:
    authority.ensure()
    for code in ("police", "tax"):
        root = make(f"外部机构根 {code}", serial=1)
        bring(packed(make("某局", root, is_authority=False)), root.pem, owner=code)
    assert examine(signed_by(tax), current_trust()).valid


def test_it_signs_no_longer_than_its_issuers_stand() -> None:
    end = timezone.now().replace(microsecond=0) + 100 * DAY
    root = make("外部机构根")
    middle = make("外部机构二级", root, last=end)
    signer = make("万州区税务局", middle, is_authority=False)
    assert bring(packed(signer, middle, root)).not_after == end


class Platform(SignatureIdentity):
    """A seal platform that keeps the keys, and finds each under the name that was registered."""

    keys: dict[str, Any] = {}

    def keyed_signer(self) -> Signer:
        name = self.certificate.keystore
        if name not in self.keys:
            return Pkcs12Identity(self.certificate, self.trust).keyed_signer()
        own = issuing.parse(self.certificate.certificate_pem)
        signer = papers.signer_in_memory(issuing.Credential(own, self.keys[name]))
        signer.cert_registry.register_multiple(self.issuers())
        return signer


def test_a_certificate_whose_key_lies_in_a_platform_is_registered_without_it(
    settings: Settings, tmp_path: Path, tax: Department
) -> None:
    authority.ensure()
    outside = licensed()
    (tmp_path / "tax.cer").write_bytes(issuing.der(outside.signer.certificate))
    (tmp_path / "chain.pem").write_bytes(outside.bundle)
    call_command(
        "certificates",
        "import",
        "tax",
        str(tmp_path / "tax.cer"),
        f"--chain={tmp_path / 'chain.pem'}",
        "--key=platform:tax",
    )
    settings.SIGNER = f"{__name__}.Platform"
    Platform.keys = {"platform:tax": outside.signer.key}
    assert examine(signed_by(tax), current_trust()).valid


# What is refused ----------------------------------------------------------------------------------


def refused(words: str, data: bytes, chain: bytes = b"") -> None:
    """Nothing of it is kept: neither a row nor a key."""
    rows = Certificate.objects.count()
    with pytest.raises(AuthorityError, match=words):
        bring(data, chain)
    assert Certificate.objects.count() == rows


def test_a_missing_intermediate_is_named() -> None:
    outside = licensed()
    refused(
        "缺少签发“万州区税务局”的上级证书“CN=外部机构二级”",
        packed(outside.signer),
        outside.root.pem,
    )


def test_a_missing_root_is_named() -> None:
    outside = licensed()
    refused(
        "缺少签发“外部机构二级”的上级证书“CN=外部机构根”", packed(outside.signer, outside.middle)
    )


def test_a_chain_of_another_authority_with_the_same_names_is_refused() -> None:
    refused("缺少签发“万州区税务局”的上级证书", packed(licensed().signer), licensed().bundle)


def test_an_expired_certificate_is_refused() -> None:
    now = timezone.now()
    outside = licensed(first=now - 800 * DAY, last=now - DAY)
    refused("证书“万州区税务局”不在有效期内", packed(outside.signer), outside.bundle)


def test_a_certificate_of_tomorrow_is_refused() -> None:
    outside = licensed(first=timezone.now() + DAY)
    refused("证书“万州区税务局”不在有效期内", packed(outside.signer), outside.bundle)


def test_an_expired_intermediate_is_refused_and_named() -> None:
    now = timezone.now()
    root = make("外部机构根")
    middle = make("外部机构二级", root, first=now - 800 * DAY, last=now - DAY)
    signer = make("万州区税务局", middle, is_authority=False)
    refused("上级证书“外部机构二级”不在有效期内", packed(signer, middle, root))


def test_of_two_intermediates_with_one_key_the_one_in_its_term_is_taken() -> None:
    now = timezone.now()
    root, key = make("外部机构根"), ec.generate_private_key(ec.SECP256R1())
    old = make("外部机构二级", root, first=now - 800 * DAY, last=now - DAY, key=key)
    new = make("外部机构二级", root, key=key)
    signer = make("万州区税务局", new, is_authority=False)
    assert bring(packed(signer, old, new, root)).is_from_outside


def test_a_certificate_without_the_usage_of_signing_is_refused() -> None:
    outside = licensed(signs=False)
    refused("密钥用途不含“数字签名”和“不可否认”", packed(outside.signer), outside.bundle)


def test_a_root_as_a_signer_is_refused() -> None:
    root = make("外部机构根")
    refused("密钥用途", packed(root), root.pem)


def test_a_certificate_that_issued_itself_is_refused() -> None:
    refused("自己签发的", packed(make("万州区税务局", is_authority=False)))


def test_an_issuer_that_is_no_authority_is_refused() -> None:
    root = make("外部机构根")
    friend = make("某公司", root, is_authority=False)
    signer = make("万州区税务局", friend, is_authority=False)
    refused("“某公司”不是签发机构的证书", packed(signer, friend, root))


def test_an_intermediate_below_one_that_allows_none_is_refused() -> None:
    root = make("外部机构根")
    upper = make("外部机构二级", root, path_length=0)
    lower = make("外部机构三级", upper)
    signer = make("万州区税务局", lower, is_authority=False)
    refused("证书链没有通过验证", packed(signer, lower, upper, root))


def test_a_key_that_is_not_the_certificates_is_refused() -> None:
    outside = licensed()
    plain = pkcs12.serialize_key_and_certificates(
        None,
        outside.signer.key,
        outside.signer.certificate,
        None,
        serialization.NoEncryption(),
    )
    own, other = (
        issuing.key_der(key)
        for key in (outside.signer.key, ec.generate_private_key(ec.SECP256R1()))
    )
    # The file's own seal would give the exchange away; a file may come without one.
    exchanged = asn1_pkcs12.Pfx.load(plain.replace(own, other))
    del exchanged["mac_data"]
    data = exchanged.dump(force=True)
    refused("私钥不是其中任何一张证书的", data, outside.bundle)


def test_a_weak_rsa_key_is_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 — weak on purpose
    outside = licensed(key=weak)
    refused("RSA密钥只有1024位", packed(outside.signer), outside.bundle)


def test_a_wrong_passphrase_is_refused(tax: Department) -> None:
    outside = licensed()
    with pytest.raises(AuthorityError, match="口令不对"):
        imports.import_pkcs12(
            tax, data=packed(outside.signer), passphrase="wrong", chain=outside.bundle
        )


def test_a_chain_that_is_no_certificate_is_refused() -> None:
    refused("证书链文件里没有证书", packed(licensed().signer), b"not a certificate")


def test_a_second_root_of_the_same_name_is_refused(tax: Department) -> None:
    authority.ensure()
    outside, impostor = licensed(), licensed()
    bring(packed(outside.signer), outside.bundle)
    refused("同名的另一张根证书“外部机构根”", packed(impostor.signer), impostor.bundle)
    assert examine(signed_by(tax), current_trust()).valid


def test_the_same_certificate_twice_is_refused() -> None:
    outside = licensed()
    bring(packed(outside.signer), outside.bundle)
    refused("已经登记过", packed(outside.signer), outside.bundle)


# Afterwards ---------------------------------------------------------------------------------------


def test_only_the_registered_certificate_of_that_authority_signs_for_the_department(
    tax: Department,
) -> None:
    """Whoever buys a certificate there may have any name, and 「tax」 in its OU, written in it."""
    authority.ensure()
    outside = licensed()
    bring(packed(outside.signer), outside.bundle)
    bought = make("万州区税务局", outside.middle, is_authority=False, unit="tax")
    credential = issuing.Credential(bought.certificate, bought.key)
    base, boxes = papers.base()
    certified = certify(base, boxes, identity_for(None))
    forged = papers.sign_unchecked(certified, "tax", credential, outside.middle.certificate)
    examination = examine(forged, current_trust())
    assert not examination.valid
    assert examination.reason == "区税务局一栏不是用区税务局的证书签的。"


def test_revoking_it_undoes_what_is_signed_from_then_on_and_not_what_was(tax: Department) -> None:
    authority.ensure()
    outside = licensed()
    certificate = bring(packed(outside.signer), outside.bundle)
    before, identity = signed_by(tax), identity_for(tax)
    base, boxes = papers.base()
    certified = certify(base, boxes, identity_for(None))
    with time_machine.travel(timezone.now() + DAY, tick=False):
        authority.revoke(certificate, reason="密钥可能泄露")
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        credential = issuing.Credential(outside.signer.certificate, outside.signer.key)
        after = papers.sign_unchecked(certified, "tax", credential, outside.middle.certificate)
        assert identity.certificate.serial == certificate.serial
        assert examine(before, current_trust()).valid
        found = examine(after, current_trust())
    assert found.reason == "区税务局的签名不可信：签名时证书已被吊销。"


def test_it_cannot_be_renewed_here_unawares() -> None:
    outside = licensed()
    bring(packed(outside.signer), outside.bundle)
    with pytest.raises(CommandError, match="由外部机构签发，请向该机构换发"):
        call_command("certificates", "renew", "tax")


def test_the_command_shows_the_chain_with_the_fingerprints_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = licensed()
    (tmp_path / "tax.p12").write_bytes(packed(outside.signer, outside.middle, outside.root))
    (tmp_path / "passphrase").write_text("from outside\n", encoding="utf-8")
    passphrase = f"--passphrase-file={tmp_path / 'passphrase'}"
    call_command("certificates", "import", "tax", str(tmp_path / "tax.p12"), passphrase)
    printed = capsys.readouterr().out
    fingerprint = outside.root.certificate.fingerprint(hashes.SHA256()).hex(":")
    assert "已导入" in printed
    assert f"上级：外部机构根  SHA-256指纹 {fingerprint}" in printed

"""X.509 without the database: roots, signing certificates, revocation lists, PKCS#12 files.

What is issued here is ECDSA P-256: pyHanko loads the key anew for each signature, and an RSA
key's consistency checks cost a fifth of a second each time. A department's own may be RSA.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from core.text import brief

# Upper bound of a common name and of an organisation (RFC 5280, appendix A.1).
LONGEST_NAME_BYTES: Final = 64
ROOT_LIFE: Final = timedelta(days=3652)
SIGNER_LIFE: Final = timedelta(days=730)
# A list is renewed whenever less than half of this is left.
CRL_LIFE: Final = timedelta(days=60)
# Clocks of two hosts differ; a certificate must be usable in the minute it is made.
BACKDATE: Final = timedelta(minutes=5)
# Bits of an RSA key, below which a signature can be forged with means that exist.
RSA_BITS: Final = 2048

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeystoreUnreadable(Exception):
    """A PKCS#12 file cannot be opened; the sentence says why."""


@dataclass(frozen=True)
class Credential:
    """A certificate with its private key; `others` came in the same file, its issuers as a rule."""

    certificate: x509.Certificate
    key: PrivateKey
    others: tuple[x509.Certificate, ...] = ()

    @property
    def serial(self) -> str:
        return serial_text(self.certificate)


@dataclass(frozen=True)
class Revocation:
    serial: int
    moment: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def serial_text(certificate: x509.Certificate) -> str:
    """The serial number as printed in stamps and stored: lower-case hex, at least 16 digits."""
    return f"{certificate.serial_number:016x}"


def _new_serial() -> int:
    return secrets.randbits(63) | 1 << 62


def _name(common_name: str, organization: str, unit: str = "") -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(organization)),
        x509.NameAttribute(NameOID.COMMON_NAME, _fitting(common_name)),
    ]
    if unit:
        attributes.insert(2, x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(attributes)


def _fitting(name: str) -> str:
    """As much of a name as X.509 takes; a Chinese character is three bytes."""
    most = len(name)
    while len(brief(name, most).encode()) > LONGEST_NAME_BYTES:
        most -= 1
    return brief(name, most)


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def make_root(*, common_name: str, organization: str, now: datetime) -> Credential:
    """A self-signed root. Its common name must be its own: roots of one name confuse validators."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name, organization)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(_new_serial())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now + ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Credential(certificate, key)


def make_signer(
    *, root: Credential, common_name: str, department: str, now: datetime
) -> Credential:
    """A signing certificate; its OU is the department's code, so that it signs no other's cell."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Credential(
        certify_key(
            root=root,
            public_key=key.public_key(),
            common_name=common_name,
            department=department,
            now=now,
        ),
        key,
    )


def certify_key(
    *,
    root: Credential,
    public_key: ec.EllipticCurvePublicKey,
    common_name: str,
    department: str,
    now: datetime,
) -> x509.Certificate:
    """A signing certificate for a key that may live elsewhere, as in a PKCS#11 token."""
    issuer = root.certificate.subject
    organization = str(issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name, organization, department))
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(_new_serial())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(min(now + SIGNER_LIFE, root.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()),
            critical=False,
        )
        .sign(root.key, hashes.SHA256())
    )


def make_crl(
    *, root: Credential, revocations: Iterable[Revocation], number: int, now: datetime
) -> bytes:
    """The root's revocation list in DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(now - BACKDATE)
        .next_update(now + CRL_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()),
            critical=False,
        )
    )
    for revocation in revocations:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(revocation.serial)
            .revocation_date(revocation.moment)
            .add_extension(x509.CRLReason(revocation.reason), critical=False)
            .build()
        )
    return builder.sign(root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pack(credential: Credential, passphrase: str) -> bytes:
    """The credential as an encrypted PKCS#12 file."""
    return pkcs12.serialize_key_and_certificates(
        None,
        credential.key,
        credential.certificate,
        credential.others or None,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )


def unpack(data: bytes, passphrase: str) -> Credential:
    """The credential in a PKCS#12 file. Raises KeystoreUnreadable."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError:
        raise KeystoreUnreadable(
            "证书文件打不开：口令不对，或文件不是 PKCS#12（.p12、.pfx）。"
        ) from None
    except UnsupportedAlgorithm:
        raise KeystoreUnreadable(
            "证书文件用了本系统不支持的算法（例如国密SM2），请换用 ECDSA P-256 或 RSA 证书，"
            "或者接入签章平台。"
        ) from None
    if key is not None and certificate is None and others:
        raise KeystoreUnreadable("证书文件里的私钥不是其中任何一张证书的，请向签发机构换一份。")
    if certificate is None or key is None:
        raise KeystoreUnreadable("证书文件里缺少证书或私钥，请导出时一并选上。")
    if not isinstance(key, PrivateKey):
        raise KeystoreUnreadable("证书的私钥不是 ECDSA 或 RSA 密钥，请换用 P-256 证书。")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < RSA_BITS:
        raise KeystoreUnreadable(f"证书的RSA密钥只有{key.key_size}位，不安全，至少要{RSA_BITS}位。")
    return Credential(certificate, key, tuple(others))


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def key_der(key: PrivateKey) -> bytes:
    """The private key as unencrypted PKCS#8, for a signer in memory."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def parse(text: str) -> x509.Certificate:
    """A certificate from PEM."""
    return x509.load_pem_x509_certificate(text.encode())


def parse_all(text: str) -> list[x509.Certificate]:
    """Certificates from PEM, none from an empty text."""
    return x509.load_pem_x509_certificates(text.encode()) if text else []


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()

"""Chain of issuers from a signing certificate up to its root, from what an authority handed over.

A licensed authority never signs with its root: there is always an intermediate certificate, and
whoever validates needs it too. So the whole way is found once, at import, held to the same rules
as a signature later, and kept with the key.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import pkcs7
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from core.dates import day_words
from reviews.signatures.certificates import issuing


class ChainBroken(Exception):
    """A certificate does not lead to a root, or may not sign; the sentence says where and why."""


def read_bundle(data: bytes) -> list[x509.Certificate]:
    """Certificates from a PEM bundle, a single DER file, or PKCS#7 (.p7b). Raises ChainBroken."""
    for read in (
        x509.load_pem_x509_certificates,
        pkcs7.load_pem_pkcs7_certificates,
        pkcs7.load_der_pkcs7_certificates,
        lambda der: [x509.load_der_x509_certificate(der)],
    ):
        try:
            found = read(data)
        except ValueError:
            continue
        if found:
            return found
    raise ChainBroken("证书链文件里没有证书：应是PEM、DER（.crt、.cer）或PKCS#7（.p7b）格式。")


def chain_to_root(
    certificate: x509.Certificate, candidates: Iterable[x509.Certificate], *, now: datetime
) -> tuple[x509.Certificate, ...]:
    """The issuers of a signing certificate, the nearest first and the root last.

    Raises ChainBroken unless it may sign now, and each link proves valid as in a signature.
    """
    _require_signing(certificate)
    _require_term(certificate, now, "证书")
    known = list(candidates)
    chain: list[x509.Certificate] = []
    below = certificate
    while not _issued(below, below):
        above = _issuer_of(below, known, now)
        if above is None or above in chain:
            raise ChainBroken(
                f"证书链不完整：缺少签发“{common_name(below)}”的上级证书"
                f"“{below.issuer.rfc4514_string()}”。请向签发机构要来，放进证书链文件再导入。"
            )
        _require_term(above, now, "上级证书")
        _require_authority(above)
        chain.append(above)
        below = above
    if not chain:
        raise ChainBroken("证书是自己签发的，没有签发机构，不能证明是谁的，不能导入。")
    _require_valid(certificate, chain, now)
    return tuple(chain)


def common_name(certificate: x509.Certificate) -> str:
    """The common name, or all of the name where it has none."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _issuer_of(
    certificate: x509.Certificate, known: list[x509.Certificate], now: datetime
) -> x509.Certificate | None:
    """The certificate that signed this one; of several with the same key, one in its term."""
    found = [one for one in known if _issued(certificate, one)]
    return next((one for one in found if _in_term(one, now)), found[0] if found else None)


def _in_term(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc


def _require_term(certificate: x509.Certificate, now: datetime, what: str) -> None:
    if not _in_term(certificate, now):
        first = day_words(certificate.not_valid_before_utc)
        last = day_words(certificate.not_valid_after_utc)
        raise ChainBroken(
            f"{what}“{common_name(certificate)}”不在有效期内（{first}至{last}），不能导入。"
        )


def _require_signing(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise ChainBroken("证书没有写明密钥用途，不能用于签名。") from None
    if not (usage.digital_signature and usage.content_commitment):
        raise ChainBroken("证书的密钥用途不含“数字签名”和“不可否认”，不能用于签名。")


def _require_authority(certificate: x509.Certificate) -> None:
    extensions = certificate.extensions
    try:
        is_authority = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_authority = False
    if not is_authority:
        raise ChainBroken(f"上级证书“{common_name(certificate)}”不是签发机构的证书，不能导入。")


def _require_valid(
    certificate: x509.Certificate, chain: list[x509.Certificate], now: datetime
) -> None:
    """Raise ChainBroken unless the validator that judges signatures accepts the whole chain."""
    signer, *issuers = (
        asn1_x509.Certificate.load(issuing.der(one)) for one in (certificate, *chain)
    )
    context = ValidationContext(trust_roots=[issuers[-1]], other_certs=issuers[:-1], moment=now)
    validator = CertificateValidator(signer, issuers[:-1], context)
    try:
        asyncio.run(validator.async_validate_usage({"digital_signature", "non_repudiation"}))
    except (PathError, ValidationError) as error:
        raise ChainBroken(
            f"证书链没有通过验证，不能导入。请把下面这句话转给签发机构：{error}"
        ) from error

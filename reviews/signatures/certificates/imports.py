"""Import of certificates that an authority outside issued to a department."""

from collections.abc import Sequence
from dataclasses import replace

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db import transaction
from django.utils import timezone

from accounts.models import Department, User
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.chains import (
    ChainBroken,
    chain_to_root,
    common_name,
    read_bundle,
)
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.register import Kind, add_row, register, succeed
from reviews.signatures.models import Certificate


@transaction.atomic
def import_pkcs12(
    department: Department,
    *,
    data: bytes,
    passphrase: str,
    chain: bytes = b"",
    by: User | None = None,
) -> Certificate:
    """Register a department's own certificate with its key, issued by an authority outside.

    Its issuers up to the root come in the PKCS#12 file, in `chain` (chains.read_bundle) or in
    both; roots registered before need not come again. The key is kept encrypted with the
    portal's passphrase, not with the one it came with. Raises AuthorityError.
    """
    try:
        given = issuing.unpack(data, passphrase)
    except issuing.KeystoreUnreadable as error:
        raise AuthorityError(str(error)) from error
    path = _accepted_chain(given.certificate, given.others, chain)
    own = replace(given, others=())
    return register(own, Kind.DEPARTMENT, department, chain=path, by=by)


@transaction.atomic
def import_certificate(
    department: Department,
    *,
    data: bytes,
    keystore: str,
    chain: bytes = b"",
    by: User | None = None,
) -> Certificate:
    """Register a certificate from outside whose key lies in a token or a seal platform.

    `keystore` is how settings.SIGNER's class finds the key. Raises AuthorityError.
    """
    try:
        certificate, *others = read_bundle(data)
    except ChainBroken as error:
        raise AuthorityError(str(error)) from error
    path = _accepted_chain(certificate, others, chain)
    return succeed(certificate, Kind.DEPARTMENT, department, keystore=keystore, chain=path, by=by)


def _accepted_chain(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], bundle: bytes
) -> tuple[x509.Certificate, ...]:
    """The certificate's issuers, found and validated; their root is registered and so trusted."""
    serial = issuing.serial_text(certificate)
    if Certificate.objects.filter(serial=serial).exclude(keystore="").exists():
        raise AuthorityError(f"序列号为{serial}的证书已经登记过。")
    roots = Certificate.objects.filter(kind=Kind.AUTHORITY)
    known = [issuing.parse(root.certificate_pem) for root in roots]
    try:
        given = read_bundle(bundle) if bundle else []
        path = chain_to_root(certificate, [*others, *given, *known], now=timezone.now())
    except ChainBroken as error:
        raise AuthorityError(str(error)) from error
    _trust_root(path[-1], known)
    return path


def _trust_root(root: x509.Certificate, known: list[x509.Certificate]) -> None:
    """Register the root unless it is known; a second one of its name would confuse validators."""
    if root in known:
        return
    if any(root.subject == other.subject for other in known):
        raise AuthorityError(
            f"已经登记过同名的另一张根证书“{common_name(root)}”，"
            "两张同名的根会使核验出错，不能导入。"
        )
    add_row(root, Kind.AUTHORITY, None, keystore="")


def issuers_of(certificate: Certificate) -> list[tuple[str, str]]:
    """Name and SHA-256 fingerprint of each issuer of an imported certificate, the root last."""
    chain = issuing.parse_all(certificate.chain_pem)
    return [(common_name(one), one.fingerprint(hashes.SHA256()).hex(":")) for one in chain]

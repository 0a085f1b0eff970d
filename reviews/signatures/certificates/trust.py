"""Trust from the register: all roots, revocation lists, owners, and the departments' fields."""

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from accounts.models import Department
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.authority import revocation_list
from reviews.signatures.certificates.keystore import AuthorityError, kept
from reviews.signatures.fields import STATION
from reviews.signatures.models import Certificate
from reviews.signatures.verification.trust import Trust

Kind = Certificate.Kind
TIMESTAMP_ROOTS = "timestamp-roots.pem"


def current_trust(certificates: Sequence[Certificate] | None = None) -> Trust:
    """Trust from the rows of today: every root that ever signed for the station, and all owners.

    `certificates` are all of them with their departments, where the caller has read them.

    Raises AuthorityError where the keystore cannot be read.
    """
    if certificates is None:
        certificates = list(Certificate.objects.select_related("department"))
    roots = [certificate for certificate in certificates if certificate.kind == Kind.AUTHORITY]
    owned = [certificate for certificate in certificates if certificate.kind != Kind.AUTHORITY]
    return Trust(
        roots=tuple(root.certificate_pem.encode() for root in roots),
        crls=tuple(revocation_list(root) for root in roots if root.keystore),
        timestamp_roots=_timestamp_roots(),
        fields={one.code: one.name for one in Department.objects.all()},
        owners={_fingerprint(one): _owner_code(one) for one in owned},
        revoked={_fingerprint(one): one.revoked_at for one in owned if one.revoked_at is not None},
    )


def _owner_code(certificate: Certificate) -> str:
    return certificate.department.code if certificate.department else STATION


def _fingerprint(certificate: Certificate) -> str:
    return issuing.parse(certificate.certificate_pem).fingerprint(hashes.SHA256()).hex()


def _timestamp_roots() -> tuple[bytes, ...]:
    data = kept(TIMESTAMP_ROOTS)
    if data is None:
        return ()
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise AuthorityError(f"时间戳服务的根证书（{TIMESTAMP_ROOTS}）不是PEM证书。") from error
    return tuple(issuing.der(certificate) for certificate in found)

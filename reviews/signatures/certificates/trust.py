"""Trust from the register: all roots, revocation lists, owners, and the departments' fields."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings

from accounts.models import Department
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.authority import revocation_list
from reviews.signatures.fields import STATION
from reviews.signatures.models import Certificate
from reviews.signatures.verification.trust import Trust

Kind = Certificate.Kind
TIMESTAMP_ROOTS = "timestamp-roots.pem"


def current_trust() -> Trust:
    """Trust from the rows of today: every root that ever signed for the station, and all owners."""
    certificates = list(Certificate.objects.select_related("department"))
    roots = [certificate for certificate in certificates if certificate.kind == Kind.AUTHORITY]
    owned = [certificate for certificate in certificates if certificate.kind != Kind.AUTHORITY]
    timestamp_roots = Path(settings.KEYSTORE) / TIMESTAMP_ROOTS
    return Trust(
        roots=tuple(root.certificate_pem.encode() for root in roots),
        crls=tuple(revocation_list(root) for root in roots if root.keystore),
        timestamp_roots=_split_pem(timestamp_roots),
        fields={one.code: one.name for one in Department.objects.all()},
        owners={_fingerprint(one): _owner_code(one) for one in owned},
        revoked={_fingerprint(one): one.revoked_at for one in owned if one.revoked_at is not None},
    )


def _owner_code(certificate: Certificate) -> str:
    return certificate.department.code if certificate.department else STATION


def _fingerprint(certificate: Certificate) -> str:
    return issuing.parse(certificate.certificate_pem).fingerprint(hashes.SHA256()).hex()


def _split_pem(path: Path) -> tuple[bytes, ...]:
    if not path.is_file():
        return ()
    found = x509.load_pem_x509_certificates(path.read_bytes())
    return tuple(issuing.der(certificate) for certificate in found)

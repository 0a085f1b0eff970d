"""Root certificates of the station's own authority, as anybody may have them."""

from cryptography.hazmat.primitives import hashes
from django.db.models import QuerySet

from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.register import Kind
from reviews.signatures.models import Certificate


def own_roots() -> QuerySet[Certificate]:
    """Every root that ever signed for the station, the newest first; none from outside."""
    return Certificate.objects.filter(kind=Kind.AUTHORITY).exclude(keystore="")


def root_file(root: Certificate) -> bytes:
    """The certificate in DER, as viewers import it."""
    return issuing.der(issuing.parse(root.certificate_pem))


def fingerprint(root: Certificate) -> str:
    """SHA-256 in groups of four digits, to be read aloud: 3F2A 90B1 …"""
    digits = issuing.parse(root.certificate_pem).fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))

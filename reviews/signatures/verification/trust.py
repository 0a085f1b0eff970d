"""Trust: the roots, revocation lists, owners and signature fields that a form is held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509

from reviews.signatures.fields import STATION, STATION_TITLE


@dataclass(frozen=True)
class Trust:
    """Trusted certificates (PEM or DER), revocation lists (DER), fields and their owners.

    `fields` are the departments that may sign, by code and name, in their order.
    `owners` maps a certificate's SHA-256 fingerprint (hex) to the department it was registered
    for: no other counts, whatever its name says, since an authority outside names whom it likes.
    `revoked` maps a fingerprint to the moment from which its signatures do not count.
    """

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()
    timestamp_roots: tuple[bytes, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    revoked: Mapping[str, datetime] = field(default_factory=dict)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The name of whoever signs in a field, the station's included."""
        return {STATION: STATION_TITLE, **self.fields}

    def title(self, field_name: str) -> str:
        """The name of whoever signs in this field; the field's own where nobody may."""
        return self.titles.get(field_name, field_name)


def read_certificates(encoded: Iterable[bytes]) -> list[asn1_x509.Certificate]:
    """Parsed certificates from PEM or DER."""
    certificates = []
    for data in encoded:
        der = asn1_pem.unarmor(data)[2] if asn1_pem.detect(data) else data
        certificates.append(asn1_x509.Certificate.load(der))
    return certificates

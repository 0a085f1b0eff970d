"""Owners of certificates as the page lists them, each with how its certificate stands."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Department
from reviews.signatures.certificates.register import Kind, name_of
from reviews.signatures.fields import STATION
from reviews.signatures.models import Certificate

# From here on the page shows how many days are left, and notices go out (expiry.py).
SOON_DAYS = 60


@dataclass(frozen=True)
class Owner:
    """The station or a department with the certificate it signs with now, and how that stands."""

    code: str
    name: str
    certificate: Certificate | None
    label: str
    badge: str

    @property
    def may_have_seal(self) -> bool:
        return self.code != STATION


def owners(now: datetime) -> list[Owner]:
    """The station, then the departments."""
    newest: dict[int | None, Certificate] = {}
    for certificate in Certificate.objects.valid(now).exclude(kind=Kind.AUTHORITY):
        newest.setdefault(certificate.department_id, certificate)
    return [
        _owner(department, newest.get(department.pk if department else None), now)
        for department in (None, *Department.objects.all())
    ]


def _owner(department: Department | None, certificate: Certificate | None, now: datetime) -> Owner:
    label, badge = "没有有效证书", "late"
    if certificate:
        left = (certificate.not_after - now).days
        label, badge = ("有效", "done") if left >= SOON_DAYS else (f"还有{left}天到期", "act")
    code = department.code if department else STATION
    return Owner(code, name_of(department), certificate, label, badge)

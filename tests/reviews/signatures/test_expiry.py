"""Who hears when that a certificate ends."""

from datetime import datetime, timedelta

import pytest
import time_machine

from accounts.models import User
from notices.models import Notice
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.expiry import warn_of_expiry
from reviews.signatures.models import Certificate
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def end(officer: User, security_admin: User) -> datetime:
    """When the tax office's certificate ends; the others were renewed."""
    authority.ensure()
    tax = Certificate.objects.get(department__code="tax")
    later = tax.not_after + timedelta(days=365)
    Certificate.objects.exclude(pk=tax.pk).update(not_after=later)
    return tax.not_after


def subjects(person: User) -> list[str]:
    return sorted(Notice.objects.filter(recipient=person).values_list("subject", flat=True))


def test_officers_and_security_administrators_hear_60_30_and_7_days_before(
    end: datetime, officer: User, security_admin: User
) -> None:
    for days in range(70, 0, -1):
        for _ in range(2):
            warn_of_expiry(end - timedelta(days=days, hours=-1))
    for person in (officer, security_admin):
        assert subjects(person) == [
            "签名证书还有29天到期：万州区税务局",
            "签名证书还有59天到期：万州区税务局",
            "签名证书还有6天到期：万州区税务局",
        ]


def test_only_the_security_administrator_is_led_to_the_page(
    end: datetime, officer: User, security_admin: User
) -> None:
    warn_of_expiry(end - timedelta(days=5))
    assert Notice.objects.get(recipient=security_admin).path == "/reviews/certificates/"
    assert Notice.objects.get(recipient=officer).path == ""


def test_who_hears_late_hears_once(end: datetime, officer: User) -> None:
    warn_of_expiry(end - timedelta(days=5))
    assert len(subjects(officer)) == 1


def test_what_is_renewed_or_revoked_is_not_told_of(end: datetime, officer: User) -> None:
    tax = Certificate.objects.get(department__code="tax")
    with time_machine.travel(end - timedelta(days=50), tick=False):
        assert tax.department is not None
        authority.issue(tax.department)
        warn_of_expiry()
    assert subjects(officer) == []


def test_people_who_left_hear_nothing(end: datetime) -> None:
    gone = UserFactory.create(officer=True, is_active=False)
    warn_of_expiry(end - timedelta(days=5))
    assert subjects(gone) == []

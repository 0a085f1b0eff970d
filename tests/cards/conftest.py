"""An application whose table is signed, and entries of its filing, for the tests of this room."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cards.filing.services import enter_step
from cards.models import Filing
from cards.workflow import StepCode, StepEntry
from reviews.models import ReviewTable
from tests.factories import ApplicationFactory, ReviewTableFactory


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def entry(days: int = 0, **facts: str) -> StepEntry:
    return StepEntry(on=ago(days), **facts)


# In the order in which they happen, with how many days ago.
WAY: tuple[tuple[StepCode, int, dict[str, str]], ...] = (
    (StepCode.REGISTERED, 95, {}),
    (StepCode.FILED, 90, {"number": "SQ20260001"}),
    (StepCode.ACCEPTED, 86, {}),
    (StepCode.PAID, 85, {}),
    (StepCode.PASSED, 80, {}),
    (StepCode.PRINTED, 10, {}),
    (StepCode.READY, 8, {"place": "重庆市政府外办"}),
    (StepCode.COLLECTED, 6, {"person": "经办人甲"}),
    (StepCode.ISSUED, 5, {}),
)


def walk(application: Application, until: StepCode, *, by: User) -> None:
    """Enter everything up to this step; the first case is SQ20260001, others have their own."""
    for code, days, facts in WAY:
        number = facts.get("number")
        own = dict(facts)
        if number and Filing.objects.filter(national_number=number).exists():
            own = {"number": f"SQ2026{application.pk:06}"}
        enter_step(application, code, entry(days, **own), by=by)
        if code == until:
            return


def endorse(applicant: Any, *, days: int = 100) -> Application:
    """Endorsed so many days ago, with its concluded table."""
    application: Application = ApplicationFactory.create(
        applicant=applicant, submitted=True, status="endorsed"
    )
    at = timezone.now() - timedelta(days=days)
    Application.objects.filter(pk=application.pk).update(status_since=at)
    application.refresh_from_db()
    ReviewTableFactory.create(
        application=application, status=ReviewTable.Status.CONCLUDED, concluded_at=at
    )
    return application


@pytest.fixture
def endorsed(applicant: Any, agent: User) -> Application:
    return endorse(applicant)

"""What stands above what in the lists of applications, and that their pages leave nothing out."""

from datetime import UTC, datetime

import pytest

from applications.models import Application
from applications.workflow import Status, Turn
from enterprises.models import Enterprise
from tests.factories import ApplicantFactory, ApplicationFactory
from tests.turning import turned_both_ways

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 1, tzinfo=UTC)


def application(
    enterprise: Enterprise,
    status: str,
    since: int,
    due: int | None = None,
    afterwards: str = "",
) -> int:
    """One that is so since this day of November; its number."""
    applicant = ApplicantFactory.create(enterprise=enterprise)
    made = ApplicationFactory.create(applicant=applicant)
    Application.objects.filter(pk=made.pk).update(
        status=status,
        status_since=day(since),
        due_days=None if due is None else 1,
        due_at=None if due is None else day(due),
        afterwards=afterwards,
        consented_processing_at=day(1),
        consented_sharing_at=day(1),
    )
    return made.pk


def test_the_station_reads_what_waits_then_what_is_under_way_then_what_is_over(
    enterprise: Enterprise,
) -> None:
    over = [
        application(enterprise, Status.ENDORSED, 8),
        application(enterprise, Status.WITHDRAWN, 7),
        application(enterprise, Status.DECLINED, 7),
    ]
    under_way = [
        application(enterprise, Status.RETURNED, 9, due=20),
        application(enterprise, Status.IN_REVIEW, 3),
        application(enterprise, Status.SUPPLEMENTING, 4),
    ]
    waiting = [
        application(enterprise, Status.SUBMITTED, 6, due=10),
        application(enterprise, Status.SUBMITTED, 5, due=11),
        application(enterprise, Status.SUBMITTED, 2),
    ]
    application(enterprise, Status.DRAFT, 1)
    rows = Application.objects.exclude(status=Status.DRAFT).by_urgency_for_station()

    expected = [*waiting, *under_way, over[0], over[2], over[1]]
    for per_page in (1, 2, 4, 9):
        assert [one.pk for one in turned_both_ways(rows, per_page)] == expected


def test_an_agent_reads_what_is_his_then_what_others_hold_then_what_is_over(
    enterprise: Enterprise,
) -> None:
    over = application(enterprise, Status.ENDORSED, 9, afterwards=Turn.OVER)
    withdrawn = application(enterprise, Status.WITHDRAWN, 8)
    with_others = application(enterprise, Status.ENDORSED, 7, afterwards=Turn.OTHERS)
    in_review = application(enterprise, Status.IN_REVIEW, 6)
    returned = application(enterprise, Status.RETURNED, 5, due=20)
    drafts = [application(enterprise, Status.DRAFT, 3), application(enterprise, Status.DRAFT, 4)]
    to_file = [
        application(enterprise, Status.ENDORSED, 2, afterwards=Turn.AGENT),
        application(enterprise, Status.ENDORSED, 1),
    ]

    expected = [*to_file, returned, *drafts, in_review, with_others, over, withdrawn]
    for per_page in (1, 2, 4, 9):
        found = turned_both_ways(Application.objects.in_order_for_agent(), per_page)
        assert [one.pk for one in found] == expected

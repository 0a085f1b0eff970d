"""What the tests of duty and follow-up are made of: a card, its keeper, a lending."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from cards.duty.lending import Trip, lend, take_back
from cards.models import Card, Keeper, Lending, PeriodReport, ReportPeriod, Visit
from enterprises.models import Enterprise
from tests.factories import ApplicantFactory, CardFactory

# A Monday; most of these tests play in the days around it.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=timezone.get_fixed_timezone(480))
TODAY = MONDAY.date()


def later(days: int) -> datetime:
    """So many days after that Monday, at the same hour."""
    return MONDAY + timedelta(days=days)


def day(days: int) -> date:
    return later(days).date()


def card_of(enterprise: Enterprise, **fields: Any) -> Card:
    """With Japan and Vietnam on its back, issued on 2 March 2026 and good until 2031."""
    fields.setdefault("economies", ["JPN", "VNM"])
    fields.setdefault("issued_on", date(2026, 3, 2))
    applicant = ApplicantFactory.create(
        enterprise=enterprise,
        name=fields.pop("holder", "张样例"),
        passport_expires_on=date(2034, 1, 1),
    )
    made: Card = CardFactory.create(applicant=applicant, **fields)
    return made


def keeper_of(enterprise: Enterprise, by: User, name: str = "王保管") -> Keeper:
    return Keeper.objects.create(
        enterprise=enterprise,
        name=name,
        phone="023-58000001",
        since=date(2026, 1, 1),
        created_by=by,
    )


def lent(card: Card, keeper: Keeper, by: User, **fields: Any) -> Lending:
    """Handed out now for a week in Japan, unless `fields` say otherwise."""
    now = timezone.now()
    given: dict[str, Any] = {
        "trip": Trip("商务洽谈", ["JPN"], timezone.localdate() + timedelta(days=7)),
        "out_at": now,
        "nonce": secrets.token_hex(8),
    }
    return lend(card, keeper=keeper, by=by, **{**given, **fields})


def returned(card: Card, keeper: Keeper, by: User, **fields: Any) -> Lending:
    given: dict[str, Any] = {
        "back_at": timezone.now(),
        "note": "",
        "nonce": secrets.token_hex(8),
    }
    return take_back(card, keeper=keeper, by=by, **{**given, **fields})


def period(**fields: Any) -> ReportPeriod:
    """The third quarter of 2026, to be reported by 10 October."""
    given: dict[str, Any] = {
        "kind": ReportPeriod.Kind.PERIOD,
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 9, 30),
        "due_on": date(2026, 10, 10),
        "label": "2026年第三季度",
    }
    return ReportPeriod.objects.create(**{**given, **fields})


def report_of(enterprise: Enterprise, **fields: Any) -> PeriodReport:
    fields.setdefault("period", None)
    fields["period"] = fields["period"] or period()
    return PeriodReport.objects.create(enterprise=enterprise, **fields)


def visit_to(enterprise: Enterprise, **fields: Any) -> Visit:
    fields.setdefault("why", Visit.Why.BY_HAND)
    fields.setdefault("due_on", day(7))
    return Visit.objects.create(enterprise=enterprise, **fields)

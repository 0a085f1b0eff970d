"""Personal numbers of one application, shown in this session for a while after a click."""

from datetime import timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.audit import record
from accounts.requests import SignedInRequest
from applications.models import Application

SHOWN_FOR = timedelta(minutes=10)
KEY = "revealed"


def reveal_for_a_while(request: SignedInRequest, application: Application) -> None:
    """One application at a time; the audit trail says who saw them."""
    record(
        "applicant.reveal",
        application.applicant,
        by=request.user,
        after={"application": application.reference},
    )
    until = timezone.now() + SHOWN_FOR
    request.session[KEY] = {"application": application.pk, "until": until.isoformat()}


def is_revealed(request: SignedInRequest, application: Application) -> bool:
    shown = request.session.get(KEY)
    if not shown or shown["application"] != application.pk:
        return False
    until = parse_datetime(shown["until"])
    return until is not None and timezone.now() < until

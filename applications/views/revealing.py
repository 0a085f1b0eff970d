"""Personal numbers of one application, shown in this session for a while after a click."""

from accounts.audit import record
from accounts.requests import SignedInRequest
from applications.models import Application
from core.shown_for_a_while import is_shown, show_for_a_while

KEY = "revealed"


def reveal_for_a_while(request: SignedInRequest, application: Application) -> None:
    """One application at a time; the audit trail says who saw them."""
    record(
        "applicant.reveal",
        application.applicant,
        by=request.user,
        after={"application": application.reference},
    )
    show_for_a_while(request, KEY, application.pk)


def is_revealed(request: SignedInRequest, application: Application) -> bool:
    return is_shown(request, KEY, application.pk)

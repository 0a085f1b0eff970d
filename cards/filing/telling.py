"""Tells an enterprise what the station entered, where the next move is the enterprise's own."""

from applications.workflow import Turn
from cards.models import FilingEvent
from cards.workflow import TURN, Stage
from notices.services import notify


def tell_of(event: FilingEvent) -> None:
    """Only of what an officer entered; who enters it himself knows."""
    if event.by.is_agent or TURN[Stage(event.to_stage)] != Turn.AGENT:
        return
    if event.to_stage == event.from_stage:
        return
    filing = event.filing
    notify(
        filing.application.enterprise.people(),
        cause=f"cards:filing_event:{event.pk}",
        template="cards/email/filing_event.txt",
        context={
            "event": event,
            "application": filing.application,
            "filing": filing,
            "reasons": event.reasons.all(),
        },
        path=filing.get_absolute_url(),
        action_label="查看并办理",
        short=f"申请{filing.application.reference}在国家系统有新的进度",
    )

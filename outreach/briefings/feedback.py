"""Feedback on a briefing: three answers by the event's link, or by the page of who came."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.audit import done_by, record
from outreach.briefings.refusals import BriefingRefused
from outreach.desk.services import PUBLIC
from outreach.models import Attendance, Briefing, BriefingFeedback


@dataclass(frozen=True)
class Answered:
    """How often one answer was given, of all."""

    label: str
    count: int
    total: int

    @property
    def share(self) -> int:
        return round(100 * self.count / self.total) if self.total else 0


@transaction.atomic
def give_feedback(
    briefing: Briefing,
    *,
    clear: str,
    plan: str,
    words: str,
    nonce: str,
    attendance: Attendance | None = None,
) -> BriefingFeedback:
    """Keep the three answers; of who came once, otherwise once a page. Raises BriefingRefused."""
    if briefing.is_cancelled or timezone.now() < briefing.starts_at:
        raise BriefingRefused("宣讲会还没有开始，听完以后再请您评价。")
    sent = BriefingFeedback.objects.filter(briefing=briefing, nonce=nonce).first()
    if sent is not None:
        return sent
    if attendance is not None and BriefingFeedback.objects.filter(attendance=attendance).exists():
        raise BriefingRefused("您已经评价过了，谢谢。")
    row = BriefingFeedback.objects.create(
        briefing=briefing,
        attendance=attendance,
        clear=clear,
        plan=plan,
        words=words,
        nonce=nonce,
    )
    with done_by(PUBLIC):
        record("briefing.feedback", briefing, by=None)
    return row


def counted(briefing: Briefing, field: str) -> list[Answered]:
    """How often each answer was given to `clear` or `plan`, in the order of the question."""
    asked = {"clear": BriefingFeedback.Clear, "plan": BriefingFeedback.Plan}
    choices = asked[field].choices
    rows = briefing.feedbacks.order_by().values_list(field).annotate(times=Count("pk"))
    times = dict(rows)
    total = sum(times.values())
    return [Answered(str(label), times.get(value, 0), total) for value, label in choices]

"""Digest of requests whose day is near: one a day to the station's officers."""

from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notices.models import Notice
from notices.services import DIGEST_KEPT, notify
from rights.models import RightsRequest
from workdays.calendar import load_calendar

BEFORE: Final = timedelta(days=3)


def remind_of_requests() -> int:
    """How many officers were told; on days off nobody is."""
    today = timezone.localdate()
    if not load_calendar().is_working(today):
        return 0
    due = RightsRequest.objects.open().filter(due_on__lte=today + BEFORE)
    rows = list(due.select_related("applicant", "user")[:50])
    if not rows:
        return 0
    officers = User.objects.officers()
    new = notify(
        officers,
        cause=f"rights:due:{today:%Y%m%d}",
        together=True,
        forget_after=DIGEST_KEPT,
        template="rights/email/due.txt",
        context={"rows": rows, "today": today},
        path=reverse("rights:request_list"),
        action_label="去答复",
        kind=Notice.Kind.DEADLINE,
        short=f"有{len(rows)}件个人信息请求要答复",
    )
    return len(new)

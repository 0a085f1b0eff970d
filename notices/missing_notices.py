"""Tells the officers once a month which year's holiday notice has not been entered."""

from functools import partial

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.sweeping import each
from notices.models import Notice
from notices.outbox import notify
from workdays.calendar import load_calendar, local
from workdays.holiday_notices import missing_years


def tell_of_missing_holiday_notices() -> int:
    """Returns how many people were told now; nobody is outside office hours."""
    now, calendar = local(timezone.now()), load_calendar()
    if not calendar.is_open(now):
        return 0
    years = missing_years(calendar, now.date())
    return sum(each(years, partial(_tell_of, month=f"{now:%Y%m}"), what="节假日安排的提醒"))


def _tell_of(year: int, *, month: str) -> int:
    new = notify(
        User.objects.officers(),
        cause=f"notices:calendar:{year}:missing:{month}",
        template="notices/email/holiday_notice_missing.txt",
        context={"year": year},
        path=reverse("workdays:calendar_import"),
        action_label="录入节假日安排",
        kind=Notice.Kind.TASK,
        short=f"{year}年节假日安排还没有录入",
    )
    return len(new)

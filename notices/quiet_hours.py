"""Messages outside office hours wait for the office to open; in the portal they are at once.

Held back is all that goes to the staff, and of an enterprise's whatever is about a deadline or
rings (text message, group). An enterprise's ordinary mail goes at any hour: nobody is on duty
there, and some work in the evening. A link that somebody waits for at the screen is never held.
"""

from datetime import datetime

from django.conf import settings

import workdays.calendar
from notices.models import Delivery, Notice

MAIL = frozenset({Delivery.Channel.EMAIL, Delivery.Channel.DIGEST})


def waits_for_office(notice: Notice, channel: str) -> bool:
    """Does this message go out in office hours alone?"""
    if notice.kind == Notice.Kind.ACCOUNT:
        return False
    is_ordinary = notice.kind != Notice.Kind.DEADLINE and channel in MAIL
    return not (notice.recipient.is_agent and is_ordinary)


def next_open_moment(moment: datetime) -> datetime:
    """`moment` itself in office hours, otherwise when the office opens next."""
    if not settings.NOTICE_QUIET_HOURS:
        return moment
    return workdays.calendar.next_open_moment(moment)

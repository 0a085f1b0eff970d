"""The review room's tables."""

from reviews.models.calendar import HolidayNotice, StationClosure, WorkdayOverride
from reviews.models.calendar_feed import CalendarToken
from reviews.models.certificates import Certificate
from reviews.models.reminders import Reminder
from reviews.models.review import (
    LAST,
    NumberSequence,
    Opinion,
    Pause,
    ReviewForm,
    Revision,
)

__all__ = [
    "LAST",
    "CalendarToken",
    "Certificate",
    "HolidayNotice",
    "NumberSequence",
    "Opinion",
    "Pause",
    "Reminder",
    "ReviewForm",
    "Revision",
    "StationClosure",
    "WorkdayOverride",
]

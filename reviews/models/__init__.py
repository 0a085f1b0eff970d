"""The review room's tables."""

from reviews.models.calendar import HolidayNotice, StationClosure, WorkdayOverride
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

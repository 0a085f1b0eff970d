"""The review room's tables."""

from reviews.models.assignments import AssignmentChange, Leave
from reviews.models.calendar_feed import CalendarToken
from reviews.models.closed_months import ClosedMonth, MonthTimes
from reviews.models.phrases import Phrase
from reviews.models.reminders import Reminder
from reviews.models.review import (
    NumberSequence,
    Opinion,
    Pause,
    ReviewTable,
    Revision,
)
from reviews.models.wet_scans import WetScan, WetScanPage

__all__ = [
    "AssignmentChange",
    "CalendarToken",
    "ClosedMonth",
    "Leave",
    "MonthTimes",
    "NumberSequence",
    "Opinion",
    "Pause",
    "Phrase",
    "Reminder",
    "ReviewTable",
    "Revision",
    "WetScan",
    "WetScanPage",
]

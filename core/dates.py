"""Dates and times in words, by the station's clock, and terms in months.

In a sentence day and time stand together (`moment_words`), in a list a blank parts them
(`moment_label`). Months and days have no leading zero. Nothing else in the portal writes them.
"""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone

WEEKDAYS = "一二三四五六日"
# What the browser's own picker of day and time sends, and what people type.
MOMENT_INPUT = "%Y-%m-%dT%H:%M"
MOMENT_INPUTS = (
    MOMENT_INPUT,
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
)


def day_words(day: date | None) -> str:
    """2026年11月23日; of no date nothing, as all words here."""
    if day is None:
        return ""
    day = _local(day)
    return f"{day.year}年{day.month}月{day.day}日"


def near_day_words(day: date | None, *, near: date) -> str:
    """11月23日, with the year where it is not that of `near`."""
    if day is None:
        return ""
    day = _local(day)
    year = "" if day.year == _local(near).year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def span_words(first: date, last: date) -> str:
    """2026年11月23日至11月27日, both included; one day stands alone."""
    words = day_words(first)
    return words if first == last else f"{words}至{near_day_words(last, near=first)}"


def short_month_words(day: date) -> str:
    """11月, where the year is told beside it."""
    return f"{_local(day).month}月"


def month_words(day: date) -> str:
    """2026年11月."""
    day = _local(day)
    return f"{day.year}年{day.month}月"


def weekday_words(day: date) -> str:
    """星期一."""
    return f"星期{WEEKDAYS[_local(day).weekday()]}"


def time_words(moment: datetime | None) -> str:
    """18:00."""
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def moment_words(moment: datetime | None) -> str:
    """2026年11月23日18:00."""
    return f"{day_words(moment)}{time_words(moment)}"


def near_moment_words(moment: datetime | None) -> str:
    """11月23日18:00, with the year where it is not this one."""
    return f"{near_day_words(moment, near=timezone.now())}{time_words(moment)}"


def moment_label(moment: datetime | None) -> str:
    """2026年11月23日 18:00."""
    return f"{day_words(moment)} {time_words(moment)}".strip()


def near_moment_label(moment: datetime | None) -> str:
    """11月23日 18:00, with the year where it is not this one."""
    return f"{near_day_words(moment, near=timezone.now())} {time_words(moment)}".strip()


def second_label(moment: datetime | None) -> str:
    """2026年11月23日 18:00:00."""
    return f"{day_words(moment)} {timezone.localtime(moment):%H:%M:%S}" if moment else ""


def sheet_moment(moment: datetime) -> str:
    """2026-11-23 18:00:00, which spreadsheet programs read as a moment."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def months_later(day: date, months: int) -> date:
    """The same day of a later month (earlier when negative), or that month's last day."""
    later: date = day + relativedelta(months=months)
    return later


def _local(day: date) -> date:
    """Of a moment, its day by the station's clock."""
    return timezone.localtime(day).date() if isinstance(day, datetime) else day

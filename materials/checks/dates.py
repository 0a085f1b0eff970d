"""Terms counted in months, as the rules of the materials count them."""

import calendar
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day of a later month (earlier when negative), or that month's last day."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def in_chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

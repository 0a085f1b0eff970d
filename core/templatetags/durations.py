"""Durations in words: 27分钟, 3小时, 2天."""

from datetime import datetime
from typing import Final

from django import template
from django.utils.timesince import timesince

register = template.Library()

# Django's own part number and unit by a space and count in 日.
UNITS: Final = {
    "year": "%(num)d年",
    "month": "%(num)d个月",
    "week": "%(num)d周",
    "day": "%(num)d天",
    "hour": "%(num)d小时",
    "minute": "%(num)d分钟",
}


@register.filter
def waited(since: datetime) -> str:
    """In the largest unit alone."""
    return timesince(since, time_strings=UNITS, depth=1)

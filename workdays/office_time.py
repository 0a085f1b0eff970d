"""Office time between two moments: the hours in which the station was open, pauses left out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from workdays.calendar import ONE_DAY, Calendar, local
from workdays.clock import PauseSpan

NOTHING = timedelta()


def office_time(
    start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[PauseSpan] = ()
) -> timedelta:
    """Office hours between two moments, without what lies in a pause."""
    start, end = local(start), local(end)
    cuts = sorted((local(one.started_at), local(one.ended_at or end)) for one in pauses)
    total, day = NOTHING, start.date()
    while day <= end.date():
        if calendar.is_working(day):
            for opens, closes in calendar.hours.spans_of(day):
                total += _uncut(max(start, opens), min(end, closes), cuts)
        day += ONE_DAY
    return total


def _uncut(start: datetime, end: datetime, cuts: list[tuple[datetime, datetime]]) -> timedelta:
    """What is left of a span; the cuts, in order, do not overlap."""
    if end <= start:
        return NOTHING
    lost = (min(end, until) - max(start, since) for since, until in cuts)
    return end - start - sum((one for one in lost if one > NOTHING), NOTHING)

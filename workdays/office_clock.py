"""Office time of very many spans: each moment as its place on a line of office seconds.

`workdays.office_time` goes through the days of one span; a year's report has some hundred
thousand, and so looks each moment up. Both give the same seconds.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final

from workdays.calendar import ONE_DAY, Calendar, local
from workdays.clock import PauseSpan, paused_days

DAY: Final = 24 * 60 * 60
# Of station time, which knows no summer time.
OFFSET: Final = 8 * 60 * 60
EPOCH: Final = date(1970, 1, 1)


class OfficeClock:
    """Knows the days from `first` to `last`; what lies outside counts as their edge."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.calendar, self.first = calendar, first
        days = [first + ONE_DAY * step for step in range((last - first).days + 1)]
        self._origin = (first - EPOCH).days
        self._works = [calendar.is_working(day) for day in days]
        spans = [
            (_second(opens), _second(closes)) for opens, closes in calendar.hours.spans_of(first)
        ]
        self.day_seconds = calendar.hours.day_seconds
        # Office seconds before each second of a working day, and before each day.
        is_open = [0] * DAY
        for opens, closes in spans:
            is_open[opens:closes] = [1] * (closes - opens)
        self._within = [0, *accumulate(is_open)]
        self._before = [0, *accumulate(self.day_seconds * works for works in self._works)]
        self._days = [0, *accumulate(map(int, self._works))]

    def place(self, moment: int) -> int:
        """Office seconds from the first day to this moment, given in seconds since 1970."""
        day, second = divmod(moment + OFFSET, DAY)
        day -= self._origin
        if day < 0:
            return 0
        if day >= len(self._works):
            return self._before[-1]
        return self._before[day] + (self._within[second] if self._works[day] else 0)

    def used(self, start: int, end: int, pauses: Iterable[tuple[int, int]] = ()) -> int:
        """Office seconds between two moments, without what lies in a pause."""
        begun, done = self.place(start), self.place(end)
        total = done - begun
        for since, until in pauses:
            cut = min(done, self.place(until)) - max(begun, self.place(since))
            total -= max(cut, 0)
        return max(total, 0)

    def days(self, start: int, end: int, pauses: Sequence[PauseSpan] = ()) -> int:
        """Working days as deadlines count them: without the first and without paused ones."""
        first, last = self._day(start), self._day(end)
        counted = self._days[last + 1] - self._days[first + 1]
        if not pauses:
            return counted
        paused = paused_days(pauses, self.calendar, now=moment_of(end))
        begun, done = day_of(start), day_of(end)
        return max(counted - sum(begun < day <= done for day in paused), 0)

    def _day(self, moment: int) -> int:
        day = (moment + OFFSET) // DAY - self._origin
        return min(max(day, 0), len(self._works) - 1)


def _second(moment: datetime) -> int:
    return int(timedelta(hours=moment.hour, minutes=moment.minute).total_seconds())


def moment_of(seconds: int) -> datetime:
    """By the station's clock."""
    return local(datetime.fromtimestamp(seconds, tz=UTC))


def day_of(seconds: int) -> date:
    return EPOCH + timedelta(days=(seconds + OFFSET) // DAY)

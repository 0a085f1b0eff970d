"""Sums as rows of a closed month, and back."""

from collections import Counter

from reviews.models import ClosedMonth, MonthTimes
from reviews.times.sums import COLUMNS, SlowTable, TimesSum, Whose


def row_of(month: ClosedMonth, whose: Whose, total: TimesSum) -> MonthTimes:
    return MonthTimes(
        month=month,
        department_id=whose.department,
        of_tables=whose.of_tables,
        **{name: getattr(total, name) for name in COLUMNS},
        uses=total.uses,
        days={str(days): count for days, count in sorted(total.days.items())},
        slowest=[[one.days, one.seconds, one.pk] for one in total.slowest],
    )


def whose_of(row: MonthTimes) -> Whose:
    return Whose(row.department_id, row.of_tables)


def sums_of(row: MonthTimes) -> TimesSum:
    """What a list of months shows; nothing of each single time is read."""
    return TimesSum(**{name: getattr(row, name) for name in COLUMNS})


def whole_sum_of(row: MonthTimes) -> TimesSum:
    """With each single time."""
    total = sums_of(row)
    total.uses = row.uses
    total.days = Counter({int(days): count for days, count in row.days.items()})
    total.slowest = [SlowTable(-days, -seconds, pk) for days, seconds, pk in row.slowest]
    return total

"""Trends over a leader's figures: weeks as small lines, and months of time used as a chart.

The weeks are days grouped in the database, over indexed moments; the months are sums that stand in
rows once they are over (docs/adr/0065). Tables that were paused for the enterprise are left out of
the time used: what they waited for is nobody's here.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import User
from applications.workflow import Status
from core.charts import ChartRow, LineChart
from core.dates import months_later, short_month_words
from reviews.models import Opinion, ReviewTable
from reviews.models.review import ReviewTableQuerySet
from reviews.times.reading import TimesReader
from reviews.times.sums import ALL_TABLES, Months, Whose
from workdays.calendar import Calendar

WEEKS: Final = 8
MONTHS: Final = 6
WIDTH, HEIGHT = 80, 24


@dataclass(frozen=True)
class Spark:
    """A small line: one number a week, the newest last; `words` say the same."""

    values: Sequence[int]
    words: str

    @property
    def points(self) -> str:
        most = max(self.values, default=0) or 1
        step = WIDTH / max(len(self.values) - 1, 1)
        places = ((round(step * i), value) for i, value in enumerate(self.values))
        return " ".join(f"{x},{round(HEIGHT - 2 - (HEIGHT - 4) * y / most)}" for x, y in places)


@dataclass(frozen=True)
class Sparks:
    late: Spark
    due: Spark
    open: Spark
    done: Spark
    # Tables that are open now, and of them those that wait for enterprises.
    open_now: int
    paused_now: int


def sparks(user: User) -> Sparks:
    """Four lines, and where the one of open tables stands now, in one query."""
    today = timezone.localdate()
    first = today - timedelta(days=7 * WEEKS - 1)
    flows = _flows(user, first)
    done = _weekly(flows["concluded"], first)
    return Sparks(
        late=_spark(_weekly(flows["late"], first), "近8周每周超时签署的意见"),
        due=_spark(_weekly(flows["due"], first), "近8周每周到期的意见"),
        open=_spark(_stock(flows, first), "近8周每周末在办的审核表"),
        done=_spark(done, "近8周每周办结的审核表"),
        open_now=flows["open"].total(),
        paused_now=flows["paused"].total(),
    )


def _spark(values: Sequence[int], what: str) -> Spark:
    return Spark(values, f"{what}：{'、'.join(map(str, values))}")


def _flows(user: User, first: date) -> Mapping[str, Counter[date]]:
    since, until = midnight(first), midnight(timezone.localdate() + timedelta(days=1))
    tables = _tables(user)
    # Row by row of those weeks: a join would read all tables there ever were.
    state = ReviewTable.objects.filter(pk=OuterRef("table")).values("status")
    stands = [one for one in ReviewTable.Status if one != ReviewTable.Status.VOID]
    opinions = Opinion.objects.visible_to(user).alias(state=Subquery(state))
    opinions = opinions.filter(state__in=stands)
    signed_late = opinions.filter(signed_at__gte=since, signed_at__gt=F("due_at"))
    due = opinions.filter(due_at__gte=since, due_at__lt=until)
    paused = tables.open().filter(application__status=Status.SUPPLEMENTING)
    first_branch, *others = [
        _by_day("open", tables.open(), "circulated_at"),
        _by_day("paused", paused, "circulated_at"),
        _by_day("circulated", tables.filter(circulated_at__gte=since), "circulated_at"),
        _by_day("concluded", tables.filter(concluded_at__gte=since), "concluded_at"),
        _by_day("void", tables.filter(voided_at__gte=since), "voided_at"),
        _by_day("late", signed_late, "signed_at"),
        _by_day("due", due, "due_at"),
    ]
    found: dict[str, Counter[date]] = defaultdict(Counter)
    for flow, day, count in first_branch.union(*others, all=True):
        found[flow][day] += count
    return found


def _tables(user: User) -> ReviewTableQuerySet:
    """Of a department's leader those with an opinion of his own, one each; of the station all.

    Whose tables they are is not asked: each would be joined to its case and its enterprise, only
    to leave out those of a draft, which came to nothing and are taken off again as void.
    """
    if user.is_of_station:
        return ReviewTable.objects.all()
    return ReviewTable.objects.visible_to(user)


def _by_day(flow: str, rows: "QuerySet[Any]", moment: str) -> "QuerySet[Any, Any]":
    named = rows.order_by().annotate(flow=Value(flow, CharField()), day=TruncDate(moment))
    found: QuerySet[Any, Any] = (
        named.values("flow", "day").annotate(count=Count("pk"))
    ).values_list("flow", "day", "count")
    return found


def _weekly(days: Counter[date], first: date) -> list[int]:
    weeks = [0] * WEEKS
    for day, count in days.items():
        weeks[min(max((day - first).days // 7, 0), WEEKS - 1)] += count
    return weeks


def _stock(flows: Mapping[str, Counter[date]], first: date) -> list[int]:
    """How many were open at each week's end, reckoned back from now."""
    begun, concluded, void = (
        _weekly(flows[name], first) for name in ("circulated", "concluded", "void")
    )
    stocks = [flows["open"].total()]
    for week in range(WEEKS - 1, 0, -1):
        stocks.append(max(stocks[-1] - begun[week] + concluded[week] + void[week], 0))
    return stocks[::-1]


def recent_months(user: User, calendar: Calendar) -> Months:
    """What the months of the chart came to, up to the current one."""
    this_month = timezone.localdate().replace(day=1)
    first, end = months_later(this_month, 1 - MONTHS), months_later(this_month, 1)
    return TimesReader(calendar, user.department_id).between(first, end)


def time_used(user: User, months: Months) -> LineChart:
    """Working days from circulation to the end, month by month, against the target.

    Of a department up to its signature; `months` as of `recent_months`.
    """
    own = user.department_id
    whose = ALL_TABLES if own is None else Whose(own)
    found = [(month, sums[whose]) for month, sums in sorted(months.items()) if whose in sums]
    rows = [
        _month_row(month, one.plain_days, one.plain_count)
        for month, one in found
        if one.plain_count
    ]
    target = settings.TARGET_DAYS["whole" if own is None else "departments"]
    return LineChart(
        "每月平均用时（工作日）",
        rows,
        words=_words(rows, target),
        of="月份",
        now="平均用时",
        target=target,
        target_shown=f"目标{target}个工作日",
    )


def _month_row(month: date, days: int, count: int) -> ChartRow:
    mean = days / count
    return ChartRow(short_month_words(month), mean, f"{mean:.1f}")


def _words(rows: Sequence[ChartRow], target: int) -> str:
    """The newest month in a sentence, against the one before it on the chart."""
    if not rows:
        return f"近{MONTHS}个月没有办结的审核表。"
    newest = rows[-1]
    words = f"{newest.label}平均用时{newest.shown}个工作日，目标{target}个工作日"
    if len(rows) > 1:
        less = rows[-2].value - newest.value
        change = f"少{less:.1f}" if less >= 0.05 else f"多{-less:.1f}" if less <= -0.05 else ""
        words += f"，比{rows[-2].label}{change}" if change else f"，与{rows[-2].label}一样"
    return f"{words}。等企业补充过材料的不计。"

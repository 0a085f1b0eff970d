"""Time used against three working days: the middle, the slowest and why, by department."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean, median
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Q

from accounts.models import Department
from reports.stage.content import (
    ReportCell,
    ReportFigure,
    ReportSection,
    Table,
    cases_path,
    share,
    written,
)
from reports.stage.counting import Counted, Counts, at_in, counts, register
from reports.stage.periods import Period
from reports.stage.slowest import slowest_rows
from reports.stage.sources import OPINIONS, TABLES
from reports.stage.standing import (
    is_late_then,
    opinion_open,
    opinion_overdue,
    table_open,
    table_overdue,
    table_paused,
)
from reviews.models import ReviewTable
from reviews.times.reading import TimesReader
from reviews.times.sums import ALL_TABLES, Months, TimesSum, Whose, together
from workdays.calendar import Calendar, load_calendar

DAYS: Final = "个工作日"
MEAN: Final = "平均用时"
HOUR: Final = 3600


def _concluded(period: Period) -> Q:
    return Q(status=ReviewTable.Status.CONCLUDED) & at_in("concluded_at")(period)


def _of(code: str) -> Q:
    return Q(department__code=code)


NEWEST: Final = ("-concluded_at", "-pk")
CONCLUDED, WITHIN, LATE, OPEN, PAUSED, OVERDUE = register(
    Counted("times.concluded", "办结审核表", "张", TABLES, _concluded, order=NEWEST),
    Counted(
        "times.within", "在时限内办结", "张", TABLES,
        lambda period: _concluded(period) & Q(concluded_at__lte=F("due_at")), order=NEWEST,
    ),
    Counted(
        "times.late", "超时限办结", "张", TABLES,
        lambda period: _concluded(period) & Q(concluded_at__gt=F("due_at")), order=NEWEST,
    ),
    Counted("times.open", "期末没有签齐", "张", TABLES, table_open),
    Counted(
        "times.paused", "其中等企业补充", "张", TABLES, table_paused, is_apart=True
    ),
    Counted("times.overdue", "期末超时未办结", "张", TABLES, table_overdue, is_apart=True),
)  # fmt: skip
SIGNED, SIGNED_LATE, WAITING, WAITING_LATE = register(
    Counted("departments.signed", "部门签署", "份", OPINIONS, at_in("signed_at"), part=_of),
    Counted(
        "departments.late", "超时签署", "份", OPINIONS,
        lambda period: at_in("signed_at")(period) & Q(signed_at__gt=F("due_at")), part=_of,
    ),
    Counted(
        "departments.open", "期末待签署", "份", OPINIONS, opinion_open, is_apart=True, part=_of
    ),
    Counted(
        "departments.overdue", "期末超时未签", "份", OPINIONS, opinion_overdue, is_apart=True,
        part=_of,
    ),
)  # fmt: skip
TABLES_COUNTED: Final = (CONCLUDED, WITHIN, LATE, OPEN, PAUSED, OVERDUE)
OPINIONS_COUNTED: Final = (SIGNED, SIGNED_LATE, WAITING, WAITING_LATE)


@dataclass(frozen=True)
class Waiting:
    """What a department had not signed at the end of a period, and how much of it was late."""

    open: int
    late: int


NOTHING: Final = Waiting(0, 0)


def middle(values: Sequence[int]) -> float | None:
    """The median; between two of them the mean of both."""
    return float(median(values)) if values else None


def eightieth(values: Sequence[int]) -> int | None:
    """The smallest that at least four in five do not exceed."""
    return sorted(values)[ceil(len(values) * 4 / 5) - 1] if values else None


def build(period: Period) -> ReportSection:
    calendar = load_calendar()
    found = counts((*TABLES_COUNTED, SIGNED, SIGNED_LATE), period)
    waiting, waiting_before = _waiting(period), _waiting(period.before)
    found = Counts(period, {**found.now, **_all(waiting)}, {**found.before, **_all(waiting_before)})
    reader = TimesReader(calendar)
    months = reader.during(period.start, period.end)
    now = _by_whose(months)
    before = _by_whose(reader.during(period.before.start, period.before.end))
    figures = _figures(found, now[ALL_TABLES], before[ALL_TABLES])
    shown = [_by_department(period, now, before, waiting)]
    if (by_month := _by_month(months, period)) is not None:
        shown.append(by_month)
    if slow := slowest_rows(now[ALL_TABLES].slowest, calendar):
        shown.append(slow)
    return ReportSection("times", "审核用时", _words(figures, calendar), figures, shown)


def _by_whose(months: Months) -> Mapping[Whose, TimesSum]:
    """Of all months together; of whom there is nothing an empty sum."""
    found: dict[Whose, list[TimesSum]] = defaultdict(list)
    for sums in months.values():
        for whose, total in sums.items():
            found[whose].append(total)
    return defaultdict(TimesSum, {whose: together(several) for whose, several in found.items()})


def _figures(found: Counts, tables: TimesSum, earlier: TimesSum) -> list[ReportFigure]:
    now, before = (one.each_of_days for one in (tables, earlier))
    longest, longest_before = (max(several, default=None) for several in (now, before))
    path = cases_path(CONCLUDED.code, found.period)
    measured = [
        ReportFigure("times.middle", "用时中位数", middle(now), DAYS, middle(before), path),
        ReportFigure("times.mean", MEAN, mean_of(now), DAYS, mean_of(before), path),
        ReportFigure(
            "times.eightieth", "八成不超过", eightieth(now), DAYS, eightieth(before), path
        ),
        ReportFigure("times.longest", "最长用时", longest, DAYS, longest_before, path),
        ReportFigure(
            "times.share", share_label(),
            share(found.now[WITHIN.code], found.now[CONCLUDED.code]), "%",
            share(found.before[WITHIN.code], found.before[CONCLUDED.code]),
            cases_path(WITHIN.code, found.period),
        ),
    ]  # fmt: skip
    counted = found.figures(TABLES_COUNTED)
    return [counted[0], *measured, *counted[1:], *found.figures(OPINIONS_COUNTED)]


def share_label() -> str:
    return f"{settings.TARGET_DAYS['whole']}个工作日内办结率"


def mean_of(values: Sequence[int]) -> float | None:
    return round(fmean(values), 1) if values else None


def _words(figures: list[ReportFigure], calendar: Calendar) -> str:
    by_code = {figure.code: figure for figure in figures}
    concluded, mean = by_code["times.concluded"], by_code["times.mean"]
    day = f"一个工作日是{calendar.hours.day_seconds / HOUR:.1f}小时办公时间"
    if not concluded.value:
        return f"本期没有办结的审核表，期末没有签齐{by_code['times.open'].shown}。{day}。"
    return (
        f"本期办结审核表{concluded.shown}，平均用时{mean.shown}{mean.compared}，"
        f"中位数{by_code['times.middle'].shown}，八成不超过{by_code['times.eightieth'].shown}，"
        f"时限内办结率{by_code['times.share'].shown}；期末超时未办结"
        f"{by_code['times.overdue'].shown}。全表按时限的算法计：送审当天不计，等企业补充的"
        f"工作日不计，作废的轮次不计；部门从轮到它起计办公小时，{day}。"
    )


def _by_department(
    period: Period,
    now: Mapping[Whose, TimesSum],
    before: Mapping[Whose, TimesSum],
    waiting: Mapping[str, Waiting],
) -> Table:
    rows = []
    for department in Department.objects.order_by("position"):
        line, earlier = (several[Whose(department.pk)] for several in (now, before))
        waits = waiting.get(department.code, NOTHING)

        def cell(counted: Counted, value: int, code: str = department.code) -> ReportCell:
            return ReportCell(value, "份", cases_path(counted.code, period, code))

        rows.append(
            [
                ReportCell(str(department)),
                cell(SIGNED, line.count),
                cell(SIGNED_LATE, line.late),
                _hours(middle(line.uses)),
                _hours(middle(earlier.uses)),
                _hours(eightieth(line.uses)),
                _hours(max(line.uses, default=None)),
                cell(WAITING, waits.open),
                cell(WAITING_LATE, waits.late),
            ]
        )
    head = (
        "部门", "签署", "超时签署", "中位用时", "上期中位用时", "八成不超过", "最长用时",
        "期末待签署", "期末超时未签",
    )  # fmt: skip
    words = "用时从轮到该部门起，到签署为止，以办公小时计。"
    return Table("各部门用时", head, rows, words)


def _waiting(period: Period) -> dict[str, Waiting]:
    """By the department's code, what `WAITING` and `WAITING_LATE` count; one query for both."""
    rows = OPINIONS.rows().filter(opinion_open(period)).order_by().values("department__code")
    late = Count("pk", filter=is_late_then(period))
    counted = rows.annotate(open=Count("pk"), late=late)
    return {row["department__code"]: Waiting(row["open"], row["late"]) for row in counted}


def _all(waiting: Mapping[str, Waiting]) -> dict[str, int]:
    """Of all departments together, by the figure's code."""
    several = waiting.values()
    return {
        WAITING.code: sum(one.open for one in several),
        WAITING_LATE.code: sum(one.late for one in several),
    }


def _hours(seconds: float | None) -> ReportCell:
    return ReportCell(None if seconds is None else round(seconds / HOUR, 1), "小时")


def _by_month(months: Months, period: Period) -> Table | None:
    """Of a period of several months, the mean of each in which something was concluded."""
    by_month = {
        month: sums[ALL_TABLES].each_of_days
        for month, sums in sorted(months.items())
        if ALL_TABLES in sums
    }
    if len(by_month) < 2:
        return None
    rows = [
        [ReportCell(period.month_label(month)), ReportCell(mean_of(days), DAYS)]
        for month, days in by_month.items()
    ]
    target = settings.TARGET_DAYS["whole"]
    first, last = rows[0][1], rows[-1][1]
    return Table(
        "平均用时，按月",
        ("月份", "平均用时"),
        rows,
        f"从{rows[0][0].shown}的{first.shown}到{rows[-1][0].shown}的{last.shown}。",
        chart="line",
        target=float(target),
        target_shown=written(target, DAYS),
    )

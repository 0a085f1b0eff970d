"""The slowest tables of a period, and why: their pauses, and the department that took longest."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.text import brief
from reports.stage.content import ReportCell, Table
from reviews.models import Opinion, ReviewTable
from reviews.time_limits import spans, turn_of_last
from reviews.times.sums import SlowTable
from workdays.calendar import Calendar, local
from workdays.clock import paused_days
from workdays.office_clock import DAY, OfficeClock

HOUR = DAY // 24
MOST_WORDS = 40


@dataclass(frozen=True)
class Slow:
    """One department's office seconds on a table, from its own turn."""

    department: str
    seconds: int


def slowest_rows(found: Sequence[SlowTable], calendar: Calendar) -> Table | None:
    """Longest first; None where nothing was concluded."""
    tables = (
        ReviewTable.objects.with_people()
        .prefetch_related("opinions__department", "pauses__going_on")
        .in_bulk([one.pk for one in found])
    )
    # One that was taken away since its month was counted has no row.
    chosen = [one for one in found if one.pk in tables]
    if not chosen:
        return None
    moments = [local(one.circulated_at).date() for one in tables.values()]
    ends = [local(one.concluded_at or one.circulated_at).date() for one in tables.values()]
    clock = OfficeClock(calendar, min(moments), max(ends))
    rows = [_row(tables[one.pk], one, clock) for one in chosen]
    head = ("审核表", "企业", "用时", "办公时间", "暂停", "用时最长的部门")
    words = "用时最长的几张，和慢在哪里；暂停的时间不计入用时。"
    return Table("用时最长的审核表", head, rows, words)


def _row(table: ReviewTable, one: SlowTable, clock: OfficeClock) -> list[ReportCell]:
    slow = slowest_department(table, clock)
    by = f"{slow.department}，{slow.seconds / HOUR:.1f}小时" if slow else "—"
    return [
        ReportCell(str(table), path=table.get_absolute_url()),
        ReportCell(str(table.application.enterprise)),
        ReportCell(one.days, "个工作日"),
        ReportCell(round(one.seconds / HOUR, 1), "小时"),
        ReportCell(_pauses(table, clock)),
        ReportCell(by),
    ]


def slowest_department(table: ReviewTable, clock: OfficeClock) -> Slow | None:
    """Who took longest from its own turn to its signature."""
    turn = turn_of_last(table)
    found = [
        Slow(
            str(one.department),
            _seconds(table, one, clock, int(turn.timestamp()) if turn else None),
        )
        for one in table.opinions.all()
        if one.signed_at is not None
    ]
    return max(found, key=lambda one: one.seconds, default=None)


def _seconds(table: ReviewTable, one: Opinion, clock: OfficeClock, turn: int | None) -> int:
    if one.signed_at is None:
        return 0
    start = int(table.circulated_at.timestamp())
    held = [
        (int(pause.started_at.timestamp()), int((pause.ended_at or one.signed_at).timestamp()))
        for pause in spans(table, one.department, one.signed_at)
    ]
    begun = turn if one.is_last and turn is not None else start
    return clock.used(begun, int(one.signed_at.timestamp()), held)


def _pauses(table: ReviewTable, clock: OfficeClock) -> str:
    held = spans(table, until=table.concluded_at)
    if not held:
        return "没有"
    days = len(paused_days(held, clock.calendar, now=table.concluded_at))
    reasons = "；".join(dict.fromkeys(brief(one.reason, MOST_WORDS) for one in held))
    return f"{len(held)}次，{days}个工作日：{reasons}"

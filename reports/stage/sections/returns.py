"""Return reasons of a period: what pre-review sent back, and what the city office did."""

from typing import Final

from django.db.models import Q

from cards.workflow import StepCode
from reports.city_returns import MissedReason, city_returns_between
from reports.return_reasons import OWN_WORDS, ReasonLine, reasons_between
from reports.stage.content import BEFORE, NOW, ReportCell, ReportSection, Table, cases_path
from reports.stage.counting import Counted, at_in, counts, on_in, register
from reports.stage.periods import Period
from reports.stage.sources import CORRECTIONS, FILING_EVENTS

MOST_REASONS: Final = 10
# How an address names the returns for which no reason of the list fits.
OTHER: Final = "other"


def _reason(code: str) -> Q:
    return Q(reason__isnull=True) if code == OWN_WORDS else Q(reason__code=code)


def _city_reason(code: str) -> Q:
    return Q(reasons=None) if code == OTHER else Q(reasons__code=code)


def _step(code: StepCode, period: Period) -> Q:
    return Q(step=code) & on_in("on")(period)


TOLD, FILED, RETURNED = register(
    Counted(
        "returns.told", "预审告知的问题", "条", CORRECTIONS, at_in("sent_at"), part=_reason
    ),
    Counted(
        "returns.filed", "在国家系统提交", "件次", FILING_EVENTS,
        lambda period: _step(StepCode.FILED, period),
    ),
    Counted(
        "returns.city", "市外办退回", "件次", FILING_EVENTS,
        lambda period: _step(StepCode.RETURNED, period), part=_city_reason,
    ),
)  # fmt: skip
ALL: Final = (TOLD, FILED, RETURNED)


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    here = reasons_between(period.start, period.end)
    tables = [_here(here, period), _at_city(period)]
    told = found.figure(TOLD)
    words = f"本期预审告知企业的问题{told.shown}{told.compared}"
    if here:
        words += f"，最多的是“{here[0].defect}”（{here[0].count}条）"
    city = found.figure(RETURNED)
    words += f"；市外办退回{city.shown}{city.compared}。"
    shown = [table for table in tables if table.rows]
    return ReportSection("returns", "退回原因", words, found.figures(ALL), shown)


def _here(lines: list[ReasonLine], period: Period) -> Table:
    earlier = {
        line.code: line.count for line in reasons_between(period.before.start, period.before.end)
    }
    rows = [
        [
            ReportCell(line.defect),
            ReportCell(line.count, "条", cases_path(TOLD.code, period, line.code)),
            ReportCell(earlier.get(line.code, 0), "条"),
        ]
        for line in lines[:MOST_REASONS]
    ]
    return Table("本站预审退回的原因", ("原因", NOW, BEFORE), rows, chart="bars")


def _at_city(period: Period) -> Table:
    before = city_returns_between(period.before.first, period.before.last).reasons
    earlier = {one.code: one.count for one in before}

    def row(one: MissedReason) -> list[ReportCell]:
        path = cases_path(RETURNED.code, period, one.code or OTHER)
        return [
            ReportCell(one.defect),
            ReportCell(one.count, "次", path),
            ReportCell(earlier.get(one.code, 0), "次"),
        ]

    reasons = city_returns_between(period.first, period.last).reasons[:MOST_REASONS]
    words = "这些本站预审时没有发现，以后要留意。"
    rows = [row(one) for one in reasons]
    return Table("市外办退回的原因", ("原因", NOW, BEFORE), rows, words, chart="bars")

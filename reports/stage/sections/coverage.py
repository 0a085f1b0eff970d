"""Coverage of the ledger: told, applied and holding against all that qualify."""

from typing import Final

from django.db.models import Q

from enterprises.ledger.coverage import By, CoverageLine, coverage, coverage_total
from enterprises.models import BLANK, Enterprise
from reports.stage.content import ReportCell, ReportFigure, ReportSection, Table, cases_path, share
from reports.stage.counting import Counted, at_in, counts, register
from reports.stage.periods import Period
from reports.stage.sources import DEMANDS, ENTERPRISES

# Rows of the ledger, as its own page and the home pages count them.
UNIT: Final = "户"
ENTERPRISE_UNIT: Final = "家"
BREAKDOWNS: Final[tuple[tuple[By, str, str], ...]] = (
    ("kind", "按企业类型", "企业类型"),
    ("trade", "按行业", "行业"),
    ("town", "按镇街", "镇街"),
)


def _by_end(field: str, period: Period) -> Q:
    """As the ledger stood at the end of the period's last day (enterprises.ledger.coverage)."""
    return Q(added_at__lt=period.end, **{f"{field}__lt": period.end})


def _line(part: str) -> Q:
    """Of one line of a breakdown, as `trade:柑橘`."""
    by, _, value = part.partition(":")
    known = by in {name for name, _, _ in BREAKDOWNS}
    return Q(**{by: "" if value == BLANK else value}) if known else Q(pk__in=[])


QUALIFIED, TOLD, APPLIED, HOLDING, NEWLY_TOLD, SIGNED_UP, VERIFIED = register(
    Counted(
        "coverage.qualified", "应覆盖", UNIT, DEMANDS,
        lambda period: Q(added_at__lt=period.end), part=_line,
    ),
    Counted(
        "coverage.told", "已宣传", UNIT, DEMANDS, lambda period: _by_end("told_at", period),
        part=_line,
    ),
    Counted(
        "coverage.applied", "已申请", UNIT, DEMANDS, lambda period: _by_end("applied_at", period),
        part=_line,
    ),
    Counted(
        "coverage.holding", "已领卡", UNIT, DEMANDS, lambda period: _by_end("held_at", period),
        part=_line,
    ),
    Counted("coverage.newly_told", "本期新宣传", UNIT, DEMANDS, at_in("told_at")),
    Counted("coverage.signed_up", "本期注册", ENTERPRISE_UNIT, ENTERPRISES, at_in("created_at")),
    Counted(
        "coverage.verified", "本期通过核验", ENTERPRISE_UNIT, ENTERPRISES,
        lambda period: Q(status=Enterprise.Status.VERIFIED) & at_in("decided_at")(period),
    ),
)  # fmt: skip
IN_PERIOD: Final = (NEWLY_TOLD, SIGNED_UP, VERIFIED)


def build(period: Period) -> ReportSection:
    now, before = (coverage_total(one.last) for one in (period, period.before))
    figures = _figures(now, before, period)
    found = counts(IN_PERIOD, period)
    tables = [
        _table(f"覆盖情况，{title}", of, coverage(by=by, upto=period.last), period)
        for by, title, of in BREAKDOWNS
    ]
    return ReportSection(
        "coverage",
        "宣传覆盖",
        _words(now, before),
        [*figures, *found.figures(IN_PERIOD)],
        [table for table in tables if len(table.rows) > 1],
    )


def _figures(now: CoverageLine, before: CoverageLine, period: Period) -> list[ReportFigure]:
    numbers = (
        (QUALIFIED, now.qualified, before.qualified),
        (TOLD, now.told, before.told),
        (APPLIED, now.applied, before.applied),
        (HOLDING, now.holding, before.holding),
    )
    counted = [
        ReportFigure(one.code, one.label, value, UNIT, earlier, cases_path(one.code, period))
        for one, value, earlier in numbers
    ]
    shares = [
        ReportFigure(
            f"{one.code}_share", f"{one.label}占比", share(value, now.qualified), "%",
            share(earlier, before.qualified), cases_path(one.code, period),
        )
        for one, value, earlier in numbers[1:]
    ]  # fmt: skip
    return [*counted, *shares]


def _words(now: CoverageLine, before: CoverageLine) -> str:
    if not now.qualified:
        return "需求台账里还没有应覆盖的企业。"
    more = now.told - before.told
    return (
        f"到期末，台账应覆盖{now.qualified}户（没有核实的也算在内），"
        f"已宣传{now.told}户，占{now.told_share}%，比上期末{'多' if more >= 0 else '少'}"
        f"{abs(more)}户；已申请{now.applied}户，占{now.applied_share}%；"
        f"已领卡{now.holding}户，占{now.holding_share}%。"
    )


def _table(title: str, of: str, lines: list[CoverageLine], period: Period) -> Table:
    def cell(one: Counted, line: CoverageLine, value: int) -> ReportCell:
        return ReportCell(value, UNIT, cases_path(one.code, period, f"{line.by}:{line.value}"))

    rows = [
        [
            ReportCell(line.label),
            cell(QUALIFIED, line, line.qualified),
            cell(TOLD, line, line.told),
            ReportCell(line.told_share, "%"),
            cell(APPLIED, line, line.applied),
            ReportCell(line.applied_share, "%"),
            cell(HOLDING, line, line.holding),
            ReportCell(line.holding_share, "%"),
        ]
        for line in lines
    ]
    head = (of, "应覆盖", "已宣传", "宣传率", "已申请", "申请率", "已领卡", "领卡率")
    return Table(title, head, rows)

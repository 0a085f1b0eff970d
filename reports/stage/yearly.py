"""年度情况表 for the city office: a year by kind of enterprise, kind of application and economy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Count, F, Q, Value

from applications.kinds import Kind
from applications.models import Application, StatusChange
from applications.workflow import Status
from cards.models import Card, CardEconomy, EconomyApproval
from enterprises.models import Enterprise
from materials.economies import NAMES
from reports.stage.content import PERCENT, ReportCell, Table, share
from reports.stage.counting import Rows, at_in, on_in
from reports.stage.periods import Period
from reports.stage.sections import times
from reports.stage.sections.cards import live_at_end
from reviews.times.reading import TimesReader
from reviews.times.sums import ALL_TABLES, together
from workdays.calendar import load_calendar

TOTAL: Final = "合计"


@dataclass(frozen=True)
class YearlyForm:
    """One page: what was applied for and issued, and which economies the cards open."""

    year: int
    period: Period
    by_enterprise: Table
    by_kind: Table
    by_economy: Table
    times: Table

    @property
    def tables(self) -> Sequence[Table]:
        return (self.by_enterprise, self.by_kind, self.by_economy, self.times)


def yearly_form(year: int) -> YearlyForm:
    period = Period(date(year, 1, 1), date(year, 12, 31))
    return YearlyForm(
        year, period, _by_enterprise(period), _by_kind(period), _by_economy(period), _times(period)
    )


@dataclass(frozen=True)
class CountedColumn:
    """What one column counts: which rows, by which of their fields."""

    rows: Rows
    by: str
    number: Count = field(default_factory=lambda: Count("pk"))


def _counted(columns: Mapping[str, CountedColumn]) -> Mapping[str, Mapping[str, int]]:
    """By column and value; all columns in one query."""
    first, *others = (
        one.rows.order_by()
        .annotate(line_column=Value(label, CharField()), line_value=F(one.by))
        .values("line_column", "line_value")
        .annotate(line_number=one.number)
        .values_list("line_column", "line_value", "line_number")
        for label, one in columns.items()
    )
    counted: dict[str, dict[str, int]] = {label: {} for label in columns}
    for label, value, number in first.union(*others, all=True):
        counted[label][value] = number
    return counted


def _moved(period: Period, status: Status) -> Rows:
    return StatusChange.objects.filter(at_in("at")(period), to_status=status)


def _by_enterprise(period: Period) -> Table:
    verified = Enterprise.objects.in_use().filter(
        status=Enterprise.Status.VERIFIED, decided_at__lt=period.until
    )
    submitted = Application.objects.filter(at_in("submitted_at")(period))
    issued = Card.objects.filter(on_in("issued_on")(period))
    live = Card.objects.filter(live_at_end(period))
    own, of_case = "enterprise__kind", "application__enterprise__kind"
    columns = {
        "核验的企业（年末，家）": CountedColumn(verified, "kind"),
        "首次提交（件）": CountedColumn(submitted, own),
        "审核通过（件）": CountedColumn(_moved(period, Status.ENDORSED), of_case),
        "不予办理（件）": CountedColumn(_moved(period, Status.DECLINED), of_case),
        "发卡（张）": CountedColumn(issued, own),
        "有效卡（年末，张）": CountedColumn(live, own),
        "持卡企业（年末，家）": CountedColumn(live, own, Count("enterprise", distinct=True)),
    }
    return _table("一、按企业类型", "企业类型", dict(Enterprise.Kind.choices), columns)


def _by_kind(period: Period) -> Table:
    submitted = Application.objects.filter(at_in("submitted_at")(period))
    of_case = "application__kind"
    columns = {
        "首次提交（件）": CountedColumn(submitted, "kind"),
        "审核通过（件）": CountedColumn(_moved(period, Status.ENDORSED), of_case),
        "不予办理（件）": CountedColumn(_moved(period, Status.DECLINED), of_case),
        "企业撤回（件）": CountedColumn(_moved(period, Status.WITHDRAWN), of_case),
    }
    return _table("二、按申请种类", "种类", dict(Kind.choices), columns)


def _table(
    title: str, of: str, labels: Mapping[Any, str], columns: Mapping[str, CountedColumn]
) -> Table:
    counted = _counted(columns).values()
    rows = [
        [ReportCell(label), *(ReportCell(column.get(value, 0)) for column in counted)]
        for value, label in labels.items()
    ]
    sums = [ReportCell(sum(column.values())) for column in counted]
    return Table(title, (of, *columns), [*rows, [ReportCell(TOTAL), *sums]])


def _by_economy(period: Period) -> Table:
    """In two halves beside each other, so that all is one page."""
    live = Card.objects.filter(live_at_end(period))
    own = Q(valid_until__isnull=True) | Q(valid_until__gte=period.day_until)
    granted = EconomyApproval.objects.current().filter(
        on_in("on")(period), state=EconomyApproval.State.GRANTED
    )
    columns = {
        "本年批准": CountedColumn(granted, "economy"),
        "有效卡可用": CountedColumn(CardEconomy.objects.filter(own, card__in=live), "economy"),
    }
    counted = _counted(columns).values()
    lines = [
        (ReportCell(name), *(ReportCell(column.get(code, 0)) for column in counted))
        for code, name in NAMES.items()
    ]
    half = -(-len(lines) // 2)
    blank = (ReportCell(""), ReportCell(""), ReportCell(""))
    right = [*lines[half:], *[blank] * (2 * half - len(lines))]
    rows = [[*one, *other] for one, other in zip(lines[:half], right, strict=True)]
    head = ("经济体", *columns, "经济体 ", *(f"{label} " for label in columns))
    return Table("三、按经济体（个次、张）", head, rows)


def _times(period: Period) -> Table:
    """Of whole tables alone, as the stage report has them."""
    reader = TimesReader(load_calendar())
    months = reader.of_tables(period.start, period.end)
    total = together(sums[ALL_TABLES] for sums in months.values() if ALL_TABLES in sums)
    columns = {
        times.CONCLUDED.label: ReportCell(total.count, times.CONCLUDED.unit),
        times.MEAN: ReportCell(times.mean_of(total.each_of_days), times.DAYS),
        times.share_label(): ReportCell(share(total.count - total.late, total.count), PERCENT),
        times.LATE.label: ReportCell(total.late, times.LATE.unit),
    }
    return Table("四、审核用时", tuple(columns), [list(columns.values())])

"""年度情况表 for the city office: a year by kind of enterprise, kind of application and economy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q

from applications.kinds import Kind
from applications.models import Application, StatusChange
from applications.workflow import Status
from cards.models import Card, CardEconomy, EconomyApproval
from enterprises.models import Enterprise
from materials.economies import NAMES
from reports.stage.content import ReportCell, Table
from reports.stage.counting import at_in, on_in
from reports.stage.periods import Period
from reports.stage.sections import times
from reports.stage.sections.cards import live_at_end

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


def _counted(rows: Any, field: str, condition: Q) -> Mapping[str, int]:
    counted = rows.filter(condition).order_by().values(field).annotate(count=Count("pk"))
    return {row[field]: row["count"] for row in counted}


def _moved(period: Period, status: Status) -> Q:
    return Q(to_status=status) & at_in("at")(period)


def _by_enterprise(period: Period) -> Table:
    verified = Q(status=Enterprise.Status.VERIFIED, decided_at__lt=period.until)
    live = Card.objects.filter(live_at_end(period)).order_by()
    holding = live.values("enterprise__kind").annotate(count=Count("enterprise", distinct=True))
    changes = StatusChange.objects.all()
    of_case = "application__enterprise__kind"
    columns = {
        "核验的企业（年末，家）": _counted(Enterprise.objects.in_use(), "kind", verified),
        "首次提交（件）": _counted(
            Application.objects.all(), "enterprise__kind", at_in("submitted_at")(period)
        ),
        "审核通过（件）": _counted(changes, of_case, _moved(period, Status.ENDORSED)),
        "不予办理（件）": _counted(changes, of_case, _moved(period, Status.DECLINED)),
        "发卡（张）": _counted(Card.objects.all(), "enterprise__kind", on_in("issued_on")(period)),
        "有效卡（年末，张）": _counted(live, "enterprise__kind", Q()),
        "持卡企业（年末，家）": {row["enterprise__kind"]: row["count"] for row in holding},
    }
    return _table("一、按企业类型", "企业类型", dict(Enterprise.Kind.choices), columns)


def _by_kind(period: Period) -> Table:
    changes, of_case = StatusChange.objects.all(), "application__kind"
    columns = {
        "首次提交（件）": _counted(
            Application.objects.all(), "kind", at_in("submitted_at")(period)
        ),
        "审核通过（件）": _counted(changes, of_case, _moved(period, Status.ENDORSED)),
        "不予办理（件）": _counted(changes, of_case, _moved(period, Status.DECLINED)),
        "企业撤回（件）": _counted(changes, of_case, _moved(period, Status.WITHDRAWN)),
    }
    return _table("二、按申请种类", "种类", dict(Kind.choices), columns)


def _table(
    title: str, of: str, labels: Mapping[Any, str], columns: Mapping[str, Mapping[str, int]]
) -> Table:
    rows = [
        [ReportCell(label), *(ReportCell(column.get(value, 0)) for column in columns.values())]
        for value, label in labels.items()
    ]
    sums = [ReportCell(sum(column.values())) for column in columns.values()]
    return Table(title, (of, *columns), [*rows, [ReportCell(TOTAL), *sums]])


def _by_economy(period: Period) -> Table:
    """In two halves beside each other, so that all is one page."""
    live = Card.objects.filter(live_at_end(period))
    day = period.day_until
    own = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    open_to = _counted(CardEconomy.objects.filter(card__in=live), "economy", own)
    granted = _counted(
        EconomyApproval.objects.current(),
        "economy",
        Q(state=EconomyApproval.State.GRANTED) & on_in("on")(period),
    )
    lines = [
        (ReportCell(name), ReportCell(granted.get(code, 0)), ReportCell(open_to.get(code, 0)))
        for code, name in NAMES.items()
    ]
    half = -(-len(lines) // 2)
    blank = (ReportCell(""), ReportCell(""), ReportCell(""))
    right = [*lines[half:], *[blank] * (2 * half - len(lines))]
    rows = [[*one, *other] for one, other in zip(lines[:half], right, strict=True)]
    head = ("经济体", "本年批准", "有效卡可用", "经济体 ", "本年批准 ", "有效卡可用 ")
    return Table("三、按经济体（个次、张）", head, rows)


def _times(period: Period) -> Table:
    figures = {one.code: one for one in times.build(period).figures}
    chosen = ("concluded", "mean", "share", "late")
    row = [ReportCell(figures[f"times.{code}"].shown) for code in chosen]
    head = tuple(figures[f"times.{code}"].label for code in chosen)
    return Table("四、审核用时", head, [row])

"""Applications of a period: begun, submitted, returned, concluded; by kind and month."""

from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from applications.kinds import Kind
from applications.models import StatusChange
from applications.workflow import FINAL, Action, Status
from core.dates import month_words, months_later
from reports.stage.content import ReportCell, ReportSection, Table
from reports.stage.counting import Counted, Counts, at_in, counts, register, split_table
from reports.stage.periods import Period
from reports.stage.sources import APPLICATIONS, CHANGES

# The station decides; where a table was circulated, the last department's opinion does.
CONCLUDING: Final = (Action.CONCLUDE, Action.APPROVE, Action.DECLINE)


def _moved(*actions: Action) -> Q:
    return Q(action__in=actions)


def _still_open(period: Period) -> Q:
    """Submitted by the end of the period, and not over then."""
    over = StatusChange.objects.filter(
        application=OuterRef("pk"), to_status__in=FINAL, at__lt=period.until
    )
    return Q(submitted_at__lt=period.until) & ~Q(Exists(over))


BEGUN, SUBMITTED, OPEN = register(
    Counted(
        "applications.begun", "开始填写", "件", APPLICATIONS, at_in("created_at"),
        note="含草稿；草稿只计数，不列出。",
    ),
    Counted(
        "applications.submitted", "首次提交", "件", APPLICATIONS, at_in("submitted_at"),
        part=lambda kind: Q(kind=kind), order=("-submitted_at", "-pk"),
    ),
    Counted(
        "applications.open", "期末在办", "件", APPLICATIONS, _still_open, is_apart=True,
        note="已提交、到期末没有办结的。",
    ),
)  # fmt: skip
RETURNED, CIRCULATED, CONCLUDED, ENDORSED, DECLINED, WITHDRAWN = register(
    Counted(
        "applications.returned", "退回补正", "件次", CHANGES,
        lambda period: _moved(Action.RETURN) & at_in("at")(period),
    ),
    Counted(
        "applications.circulated", "送部门审核", "件次", CHANGES,
        lambda period: _moved(Action.CIRCULATE) & at_in("at")(period),
    ),
    Counted(
        "applications.concluded", "办结", "件", CHANGES,
        lambda period: _moved(*CONCLUDING) & at_in("at")(period),
    ),
    Counted(
        "applications.endorsed", "审核通过", "件", CHANGES,
        lambda period: Q(to_status=Status.ENDORSED) & at_in("at")(period),
    ),
    Counted(
        "applications.declined", "不予办理", "件", CHANGES,
        lambda period: Q(to_status=Status.DECLINED) & at_in("at")(period),
    ),
    Counted(
        "applications.withdrawn", "企业撤回", "件", CHANGES,
        lambda period: Q(to_status=Status.WITHDRAWN) & at_in("at")(period),
    ),
)  # fmt: skip
KINDS: Final = {str(kind): str(kind.label) for kind in Kind}
ALL: Final = (
    BEGUN, SUBMITTED, RETURNED, CIRCULATED, CONCLUDED, ENDORSED, DECLINED, WITHDRAWN, OPEN
)  # fmt: skip


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    tables = [split_table("首次提交，按种类", "种类", SUBMITTED, "kind", KINDS, period)]
    if (by_month := _by_month(period)) is not None:
        tables.append(by_month)
    shown = [table for table in tables if table.rows]
    return ReportSection("applications", "申请办理", _words(found), found.figures(ALL), shown)


def _words(found: Counts) -> str:
    now = found.now
    submitted = found.figure(SUBMITTED)
    return (
        f"本期首次提交申请{submitted.shown}{submitted.compared}；"
        f"退回补正{now[RETURNED.code]}件次，送部门审核{now[CIRCULATED.code]}件次，"
        f"办结{now[CONCLUDED.code]}件，其中审核通过{now[ENDORSED.code]}件、"
        f"不予办理{now[DECLINED.code]}件；企业撤回{now[WITHDRAWN.code]}件，"
        f"期末在办{now[OPEN.code]}件。"
    )


def _by_month(period: Period) -> Table | None:
    """Of a period of several months, what was concluded in each."""
    first = period.first.replace(day=1)
    if months_later(first, 1) > period.last:
        return None
    rows = StatusChange.objects.filter(CONCLUDED.within(period)).order_by()
    counted = rows.annotate(month=TruncMonth("at")).values("month").annotate(count=Count("pk"))
    if not counted:
        return None
    by_month = {month_words(row["month"]): row["count"] for row in counted}
    lines = []
    while first <= period.last and first <= period.day_until:
        count = by_month.get(month_words(first), 0)
        lines.append([ReportCell(period.month_label(first)), ReportCell(count, "件")])
        first = months_later(first, 1)
    return Table("办结，按月", ("月份", "办结"), lines, "每月办结的件数。", chart="line")

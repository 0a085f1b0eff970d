"""Follow-up of a period: visits, what they found, breaches and measures, what holders say."""

from typing import Final

from django.db.models import Q

from cards.models import Breach
from reports.stage.content import ReportSection
from reports.stage.counting import Counted, at_in, counts, on_in, register, split_table
from reports.stage.periods import Period
from reports.stage.sources import BREACHES, FEEDBACKS, FINDINGS, MEASURES, VISITS


def _overdue(period: Period) -> Q:
    """Due within the period or before, and at its end neither done nor dropped."""
    undone = Q(done_on__isnull=True) | Q(done_on__gt=period.day_until)
    kept = Q(dropped_at__isnull=True) | Q(dropped_at__gte=period.until)
    return Q(due_on__lt=period.day_until, created_at__lt=period.until) & undone & kept


def _open_finding(period: Period) -> Q:
    still = Q(closed_at__isnull=True) | Q(closed_at__gte=period.until)
    return Q(created_at__lt=period.until) & still


DONE, OVERDUE, FOUND, UNSOLVED, BREACHED, MEASURED, FEEDBACK = register(
    Counted("follow_up.visits", "完成回访", "次", VISITS, on_in("done_on")),
    Counted("follow_up.overdue", "期末逾期未回访", "次", VISITS, _overdue),
    Counted("follow_up.findings", "回访发现问题", "个", FINDINGS, at_in("created_at")),
    Counted("follow_up.open_findings", "期末没有销号的问题", "个", FINDINGS, _open_finding),
    Counted(
        "follow_up.breaches", "登记违规", "件", BREACHES, at_in("created_at"),
        part=lambda kind: Q(kind=kind),
    ),
    Counted("follow_up.measures", "采取措施", "项", MEASURES, at_in("decided_at")),
    Counted("follow_up.feedback", "持卡人反馈", "份", FEEDBACKS, at_in("given_at")),
)  # fmt: skip
ALL: Final = (DONE, OVERDUE, FOUND, UNSOLVED, BREACHED, MEASURED, FEEDBACK)


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    done = found.figure(DONE)
    words = (
        f"本期完成回访{done.shown}{done.compared}，期末逾期未回访"
        f"{found.now[OVERDUE.code]}次；回访发现问题{found.now[FOUND.code]}个，"
        f"期末没有销号{found.now[UNSOLVED.code]}个；登记违规{found.now[BREACHED.code]}件，"
        f"采取措施{found.now[MEASURED.code]}项。"
    )
    labels = dict(Breach.Kind.choices)
    breaches = split_table("违规，按情形", "情形", BREACHED, "kind", labels, period)
    tables = [breaches] if breaches.rows else []
    return ReportSection("follow_up", "回访与用卡管理", words, found.figures(ALL), tables)

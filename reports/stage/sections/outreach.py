"""Outreach of a period: articles and who read them, briefings and who came, visits to companies."""

from typing import Final

from django.db.models import Q, Sum

from reports.stage.content import ReportFigure, ReportSection, cases_path
from reports.stage.counting import Counted, at_in, counts, register
from reports.stage.periods import Period
from reports.stage.sources import (
    ARTICLES,
    ATTENDANCES,
    BRIEFINGS,
    COMPANY_VISITS,
    READINGS,
    VISIT_TASKS,
)


def _held(period: Period) -> Q:
    """Begun within the period, and by now."""
    return at_in("starts_at")(period) & Q(starts_at__lt=period.until)


def _undone(period: Period) -> Q:
    """Promised on a visit by the period's end, and not done then."""
    still = Q(done_at__isnull=True) | Q(done_at__gte=period.until)
    return Q(created_at__lt=period.until) & still


PUBLISHED, TOLD, READ, BRIEFED, CAME, VISITED, UNDONE = register(
    Counted("outreach.articles", "发布文章", "篇", ARTICLES, at_in("published_at")),
    Counted("outreach.told", "重要文章传达", "家次", READINGS, at_in("told_at")),
    Counted("outreach.read", "企业确认已读", "家次", READINGS, at_in("read_at")),
    Counted("outreach.briefings", "举办宣讲会", "场", BRIEFINGS, _held),
    Counted("outreach.attended", "宣讲会签到", "家次", ATTENDANCES, at_in("briefing__starts_at")),
    Counted("outreach.visits", "走访企业", "家次", COMPANY_VISITS, at_in("done_at")),
    Counted("outreach.visit_tasks", "期末走访后待办的事", "件", VISIT_TASKS, _undone),
)
ALL: Final = (PUBLISHED, TOLD, READ, BRIEFED, CAME, VISITED, UNDONE)


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    published, briefed, visited = (found.figure(one) for one in (PUBLISHED, BRIEFED, VISITED))
    heads = _heads(period)
    words = (
        f"本期发布文章{published.shown}{published.compared}；"
        f"重要文章传达{found.now[TOLD.code]}家次，确认已读{found.now[READ.code]}家次；"
        f"举办宣讲会{briefed.shown}{briefed.compared}，到会{found.now[CAME.code]}家次"
        f"{heads.value}人；走访企业{visited.shown}{visited.compared}。"
    )
    figures = found.figures(ALL)
    place = ALL.index(CAME) + 1
    shown = [*figures[:place], heads, *figures[place:]]
    return ReportSection("outreach", "宣传与走访", words, shown)


def _heads(period: Period) -> ReportFigure:
    """Persons, since an enterprise may send several."""
    now, before = (
        ATTENDANCES.rows().filter(CAME.within(one)).aggregate(sum=Sum("heads"))["sum"] or 0
        for one in (period, period.before)
    )
    path = cases_path(CAME.code, period)
    return ReportFigure("outreach.heads", "宣讲会到会人数", now, "人", before, path)

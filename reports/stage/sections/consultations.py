"""Consultations of a period: asked, answered, and answered in time; open at its end."""

from typing import Final

from django.db.models import F, Q

from reports.stage.content import ReportFigure, ReportSection, cases_path, share
from reports.stage.counting import Counted, at_in, counts, register
from reports.stage.periods import Period
from reports.stage.sources import CALL_BACKS, CONSULTATIONS


def _in_time(period: Period) -> Q:
    return at_in("closed_at")(period) & Q(closed_at__lte=F("due_at"))


def _open(period: Period) -> Q:
    still = Q(closed_at__isnull=True) | Q(closed_at__gte=period.until)
    return Q(created_at__lt=period.until) & still


ASKED, ANSWERED, IN_TIME, OPEN, CALLS, CALLED, CALLED_IN_TIME, CALLS_OPEN = register(
    Counted("consultations.asked", "咨询", "件", CONSULTATIONS, at_in("created_at")),
    Counted("consultations.answered", "答复咨询", "件", CONSULTATIONS, at_in("closed_at")),
    Counted("consultations.in_time", "在时限内答复", "件", CONSULTATIONS, _in_time),
    Counted("consultations.open", "期末待答复", "件", CONSULTATIONS, _open),
    Counted("call_backs.asked", "请求回电", "件", CALL_BACKS, at_in("created_at")),
    Counted("call_backs.answered", "已回电", "件", CALL_BACKS, at_in("closed_at")),
    Counted("call_backs.in_time", "在时限内回电", "件", CALL_BACKS, _in_time),
    Counted("call_backs.open", "期末待回电", "件", CALL_BACKS, _open),
)
ALL: Final = (ASKED, ANSWERED, IN_TIME, OPEN, CALLS, CALLED, CALLED_IN_TIME, CALLS_OPEN)


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    rate = ReportFigure(
        "consultations.share",
        "咨询按时答复率",
        share(found.now[IN_TIME.code], found.now[ANSWERED.code]),
        "%",
        share(found.before[IN_TIME.code], found.before[ANSWERED.code]),
        cases_path(IN_TIME.code, period),
    )
    figures = found.figures(ALL)
    asked = found.figure(ASKED)
    words = (
        f"本期收到咨询{asked.shown}{asked.compared}，答复{found.now[ANSWERED.code]}件，"
        f"其中在时限内{found.now[IN_TIME.code]}件；请求回电{found.now[CALLS.code]}件，"
        f"已回电{found.now[CALLED.code]}件；期末待答复{found.now[OPEN.code]}件、"
        f"待回电{found.now[CALLS_OPEN.code]}件。"
    )
    return ReportSection("consultations", "咨询", words, [*figures[:3], rate, *figures[3:]])

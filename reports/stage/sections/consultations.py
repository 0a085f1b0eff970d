"""Consultations of a period: asked, by channel and topic, answered in time; open at its end."""

from collections.abc import Callable
from typing import Final

from django.db.models import F, Q

from outreach.models import Consultation, ConsultationTopic
from reports.stage.content import ReportFigure, ReportSection, Table, cases_path, share
from reports.stage.counting import (
    NO_VALUE,
    Counted,
    at_in,
    counts,
    register,
    split_table,
)
from reports.stage.periods import Period
from reports.stage.sources import CALL_BACKS, CONSULTATIONS


def _in_time(period: Period) -> Q:
    return at_in("closed_at")(period) & Q(closed_at__lte=F("due_at"))


def _open(begun: str) -> Callable[[Period], Q]:
    def within(period: Period) -> Q:
        still = Q(closed_at__isnull=True) | Q(closed_at__gte=period.until)
        return Q(**{f"{begun}__lt": period.until}) & still

    return within


def _of_topic(name: str) -> Q:
    return Q(topic__isnull=True) if name == NO_VALUE else Q(topic__name=name)


ASKED, ANSWERED, IN_TIME, OPEN, CALLS, CALLED, CALLED_IN_TIME, CALLS_OPEN = register(
    Counted("consultations.asked", "咨询", "件", CONSULTATIONS, at_in("asked_at")),
    Counted("consultations.answered", "答复咨询", "件", CONSULTATIONS, at_in("closed_at")),
    Counted("consultations.in_time", "在时限内答复", "件", CONSULTATIONS, _in_time),
    Counted("consultations.open", "期末待答复", "件", CONSULTATIONS, _open("asked_at")),
    Counted("call_backs.asked", "请求回电", "件", CALL_BACKS, at_in("created_at")),
    Counted("call_backs.answered", "已回电", "件", CALL_BACKS, at_in("closed_at")),
    Counted("call_backs.in_time", "在时限内回电", "件", CALL_BACKS, _in_time),
    Counted("call_backs.open", "期末待回电", "件", CALL_BACKS, _open("created_at")),
)
# The same as the first, by the lines of a table each.
BY_CHANNEL, BY_TOPIC = register(
    Counted(
        "consultations.by_channel", "咨询，按渠道", "件", CONSULTATIONS, at_in("asked_at"),
        part=lambda channel: Q(channel=channel),
    ),
    Counted(
        "consultations.by_topic", "咨询，按主题", "件", CONSULTATIONS, at_in("asked_at"),
        part=_of_topic,
    ),
)  # fmt: skip
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
    tables = [table for table in _tables(period) if table.rows]
    return ReportSection("consultations", "咨询", words, [*figures[:3], rate, *figures[3:]], tables)


def _tables(period: Period) -> list[Table]:
    channels = dict(Consultation.Channel.choices)
    topics = ConsultationTopic.objects.values_list("name", flat=True)
    labels = {name: name for name in topics} | {None: "未分主题"}
    return [
        split_table("咨询，按主题", "主题", BY_TOPIC, "topic__name", labels, period),
        split_table("咨询，按渠道", "渠道", BY_CHANNEL, "channel", channels, period),
    ]

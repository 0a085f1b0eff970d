"""Opinions of enterprises at symposia, each with its answer."""

from typing import Final

from django.db.models import Q

from core.text import brief
from reports.stage.content import ReportCell, ReportSection, Table
from reports.stage.counting import Counted, at_in, counts, register
from reports.stage.periods import Period
from reports.stage.sources import ENTERPRISE_OPINIONS, SYMPOSIA

MOST_SHOWN: Final = 30
MOST_WORDS: Final = 200


def _held(period: Period) -> Q:
    return at_in("starts_at")(period) & Q(starts_at__lt=period.until)


def _unanswered(period: Period) -> Q:
    still = Q(answered_at__isnull=True) | Q(answered_at__gte=period.until)
    return Q(created_at__lt=period.until) & still


HELD, RAISED, ANSWERED, TOLD, OPEN = register(
    Counted("opinions.symposia", "召开座谈会", "场", SYMPOSIA, _held),
    Counted(
        "opinions.raised", "企业提出意见", "条", ENTERPRISE_OPINIONS,
        at_in("symposium__starts_at"),
    ),
    Counted("opinions.answered", "答复意见", "条", ENTERPRISE_OPINIONS, at_in("answered_at")),
    Counted("opinions.told", "告知企业", "条", ENTERPRISE_OPINIONS, at_in("told_at")),
    Counted("opinions.open", "期末待答复", "条", ENTERPRISE_OPINIONS, _unanswered),
)  # fmt: skip
ALL: Final = (HELD, RAISED, ANSWERED, TOLD, OPEN)


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    held, raised = found.figure(HELD), found.figure(RAISED)
    words = (
        f"本期召开座谈会{held.shown}{held.compared}，企业提出意见{raised.shown}"
        f"{raised.compared}；答复{found.now[ANSWERED.code]}条，告知企业"
        f"{found.now[TOLD.code]}条，期末待答复{found.now[OPEN.code]}条。"
    )
    said = _said(period)
    return ReportSection(
        "opinions", "企业的意见", words, found.figures(ALL), [said] if said.rows else []
    )


def _said(period: Period) -> Table:
    """Each with its answer as it stands now; the newest first, and no more than a page of them."""
    rows = ENTERPRISE_OPINIONS.rows().filter(RAISED.within(period)).select_related("symposium")
    lines = [
        [
            ReportCell(brief(one.words, MOST_WORDS), path=one.get_absolute_url()),
            ReportCell(str(one.symposium)),
            ReportCell(brief(one.answer, MOST_WORDS) if one.answer else "还没有答复"),
        ]
        for one in rows.order_by("-symposium__starts_at", "pk")[:MOST_SHOWN]
    ]
    return Table("企业的意见和答复", ("意见", "座谈会", "答复"), lines)

"""Building a report: section after section, and the sentence that stands at its head."""

from collections.abc import Callable, Sequence

from django.conf import settings

from core.dates import day_words
from reports.stage.content import ReportContent, ReportSection
from reports.stage.periods import Period
from reports.stage.sections import SECTIONS


def build(period: Period, told: Callable[[int], None] = lambda _done: None) -> ReportContent:
    """Count everything; `told` hears how many sections are done."""
    sections = []
    for done, section in enumerate(SECTIONS):
        told(done)
        sections.append(section(period))
    told(len(SECTIONS))
    words = _words(period, sections)
    return ReportContent(period.first.isoformat(), period.last.isoformat(), words, sections)


def _words(period: Period, sections: Sequence[ReportSection]) -> str:
    figures = {figure.code: figure for section in sections for figure in section.figures}
    submitted, concluded = figures["applications.submitted"], figures["times.concluded"]
    told, issued = figures["coverage.told"], figures["cards.issued"]
    mean = figures["times.mean"]
    average = f"，平均用时{mean.shown}" if mean.value is not None else ""
    running = f"（本期还没有结束，数字统计到{day_words(period.day_until)}）"
    return (
        f"{period.words}{running if period.is_running else ''}，{settings.STATION_NAME}"
        f"累计宣传企业{told.shown}；收到首次提交的申请{submitted.shown}，"
        f"办结审核表{concluded.shown}{average}；"
        f"发卡{issued.shown}。上期指{period.before.words}。"
    )

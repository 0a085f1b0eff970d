"""Outreach of a period: articles, who was told of them and who read them."""

from typing import Final

from reports.stage.content import Section
from reports.stage.counting import Counted, at_in, counts, register
from reports.stage.periods import Period
from reports.stage.sources import ARTICLES, READINGS

PUBLISHED, TOLD, READ = register(
    Counted("outreach.articles", "发布文章", "篇", ARTICLES, at_in("published_at")),
    Counted("outreach.told", "重要文章传达", "家次", READINGS, at_in("told_at")),
    Counted("outreach.read", "企业确认已读", "家次", READINGS, at_in("read_at")),
)
ALL: Final = (PUBLISHED, TOLD, READ)


def build(period: Period) -> Section:
    found = counts(ALL, period)
    published = found.figure(PUBLISHED)
    words = (
        f"本期发布文章{published.shown}{published.compared}；"
        f"重要文章传达{found.now[TOLD.code]}家次，确认已读{found.now[READ.code]}家次。"
    )
    return Section("outreach", "宣传", words, found.figures(ALL))

"""Figures of the portal that show how far a task of the plan is: a small registry by code.

They are counted when somebody asks, all in one query, from the rows of the rooms that keep them;
nothing is stored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from cards.models import Card, Visit
from enterprises.models import Contact, Demand, Enterprise, Stage
from outreach.models import (
    Article,
    ArticlePost,
    ArticleReading,
    Briefing,
    CompanyVisit,
    Consultation,
    PlanMeeting,
    PlanTalk,
    SymposiumOpinion,
)

# Rows that are counted, by name; a figure is one of these numbers, or the share of one in another.
NUMBERS: Final[dict[str, Callable[[], "QuerySet[Any]"]]] = {
    "ledger": Demand.objects.all,
    "contacts": Contact.objects.all,
    "qualifying": Demand.objects.qualifying,
    "told": lambda: Demand.objects.qualifying().filter(told_at__isnull=False),
    "key": lambda: Demand.objects.qualifying().filter(is_key=True),
    "key_told": lambda: Demand.objects.qualifying().filter(is_key=True, told_at__isnull=False),
    "pilots": lambda: Demand.objects.filter(is_pilot=True),
    "pilots_concluded": lambda: Demand.objects.filter(
        is_pilot=True, stage__in=(Stage.CONCLUDED, Stage.HOLDING)
    ),
    "briefings": lambda: Briefing.objects.held(timezone.now()),
    "visits": CompanyVisit.objects.done,
    "opinions": lambda: SymposiumOpinion.objects.filter(symposium__cancelled_at__isnull=True),
    "articles": lambda: Article.objects.filter(published_at__isnull=False),
    "posts": ArticlePost.objects.all,
    "readings": ArticleReading.objects.all,
    "read": lambda: ArticleReading.objects.filter(read_at__isnull=False),
    "consultations": lambda: Consultation.objects.filter(closed_at__isnull=False),
    "archives": lambda: Enterprise.objects.filter(status=Enterprise.Status.VERIFIED),
    "submitted": lambda: Application.objects.filter(submitted_at__isnull=False),
    "endorsed": Application.objects.endorsed,
    "cards": Card.objects.live,
    "followups": lambda: Visit.objects.filter(done_on__isnull=False),
    "meetings": PlanMeeting.objects.all,
    "talks": PlanTalk.objects.all,
}


@dataclass(frozen=True)
class PlanFigure:
    """What is counted, in which unit, and where the rows behind it are listed.

    `of` makes it a share, in whole percent of that number. `is_officers`: the station's head has
    no such list.
    """

    code: str
    label: str
    unit: str
    page: str
    number: str = ""
    of: str = ""
    is_officers: bool = False

    @property
    def names(self) -> list[str]:
        return [name for name in (self.number or self.code, self.of) if name]

    @property
    def url(self) -> str:
        path, _, query = self.page.partition("?")
        return f"{reverse(path)}?{query}" if query else reverse(path)

    def value(self, counts: Mapping[str, int]) -> int:
        count = counts[self.number or self.code]
        if not self.of:
            return count
        return round(100 * count / counts[self.of]) if counts[self.of] else 0


FIGURES: Final = {
    figure.code: figure
    for figure in (
        PlanFigure("ledger", "需求台账", "户", "ledger:list"),
        PlanFigure("contacts", "台账联系记录", "条", "ledger:list"),
        PlanFigure("told", "已宣传企业", "户", "ledger:list?reached=told"),
        PlanFigure(
            "told_share", "宣传覆盖", "%", "ledger:list?reached=untold", "told", "qualifying"
        ),
        PlanFigure(
            "key_told_share", "重点企业宣传覆盖", "%", "ledger:list?key=yes", "key_told", "key"
        ),
        PlanFigure("pilots", "试点企业", "户", "ledger:list?pilot=yes"),
        PlanFigure("pilots_concluded", "试点企业已办结", "户", "ledger:list?pilot=yes"),
        PlanFigure("briefings", "开过的宣讲会", "场", "outreach:briefing_list"),
        PlanFigure("visits", "走访企业", "次", "outreach:visit_list"),
        PlanFigure("opinions", "座谈会收集的意见", "条", "outreach:opinion_list"),
        PlanFigure("articles", "发布的文章", "篇", "outreach:article_list"),
        PlanFigure("posts", "公众号、企业群发布", "次", "outreach:article_list"),
        PlanFigure("read_share", "政策传达已读", "%", "outreach:article_list", "read", "readings"),
        PlanFigure("consultations", "答复的咨询", "件", "outreach:consultation_figures"),
        PlanFigure("archives", "企业申办档案", "户", "enterprises:list", is_officers=True),
        PlanFigure("submitted", "提交过的申请", "件", "applications:list", is_officers=True),
        PlanFigure("endorsed", "审核通过的申请", "件", "applications:list", is_officers=True),
        PlanFigure("cards", "有效的旅行卡", "张", "cards:list"),
        PlanFigure("followups", "回访", "次", "cards:duty"),
        PlanFigure("meetings", "研判会议", "次", "outreach:plan_meetings"),
        PlanFigure("talks", "与市里对接", "次", "outreach:plan_talks"),
    )
}


@dataclass(frozen=True)
class Measured:
    """A figure as it stands now, against what a task wants of it."""

    figure: PlanFigure
    value: int
    goal: int | None = None

    @property
    def words(self) -> str:
        """试点企业3户，要3户."""
        unit = self.figure.unit
        want = f"，要{self.goal}{unit}" if self.goal else ""
        return f"{self.figure.label}{self.value}{unit}{want}"

    @property
    def is_reached(self) -> bool:
        return self.goal is not None and self.value >= self.goal


def measure(codes: Iterable[str]) -> dict[str, Measured]:
    """These figures as they stand, in one query; codes that nobody knows are left out."""
    figures = [FIGURES[code] for code in dict.fromkeys(codes) if code in FIGURES]
    counts = _counted({name for figure in figures for name in figure.names})
    return {figure.code: Measured(figure, figure.value(counts)) for figure in figures}


def _counted(names: set[str]) -> dict[str, int]:
    counts = dict.fromkeys(names, 0)
    arms = [
        NUMBERS[name]()
        .order_by()
        .annotate(number_name=Value(name))
        .values("number_name")
        .annotate(number_count=Count("pk"))
        .values_list("number_name", "number_count")
        for name in sorted(names)
    ]
    if arms:
        counts |= dict(arms[0].union(*arms[1:], all=True))
    return counts

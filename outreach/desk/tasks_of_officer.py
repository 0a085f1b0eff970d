"""What waits for the station's officers in this room, for its own page and for the home page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, DateTimeField, F, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.dates import near_moment_words
from outreach.event_tasks import NO_DAY, event_counts, event_tasks
from outreach.models import Article, CallBack, Consultation, PlanTask, Question
from outreach.self_test.services import document_in_force, ends_by

# How long before its end a rule is named.
AHEAD: Final = timedelta(days=30)
# How long before its day a task of the plan is named to whoever has it.
SOON: Final = timedelta(days=7)
NO_CLOCK: Final = Cast(Value(None), DateTimeField())


@dataclass(frozen=True)
class OfficerTask:
    """One line: what waits, where it is done, and by when if a clock runs."""

    title: str
    detail: str
    url: str
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()


# Title, unit and page of each kind of work, in the order in which it is shown.
KINDS: Final = {
    "call": ("请回电", "件", "outreach:call_back_list"),
    "question": ("请答复咨询", "件", "outreach:consultation_list"),
    "mine": ("转给您的咨询", "件", "outreach:consultation_list"),
    "draft": ("请补写常见问题", "条", "outreach:question_list"),
    "plan": ("推进任务快到期", "项", "outreach:plan"),
    "check": ("请复核文章", "篇", "outreach:article_list"),
    "review": ("请再核对常见问题", "条", "outreach:question_list"),
    "old": ("请再核对文章", "篇", "outreach:article_list"),
    "links": ("有链接失效", "处", "outreach:link_list"),
}


def tasks(user: User) -> list[OfficerTask]:
    """What there is to do, each kind with its number; two queries, however much it is."""
    counted: dict[str, tuple[int, datetime | None]] = {}
    events: dict[str, tuple[int, date | None]] = {}
    rows = [*_counts(user), *event_counts(user)]
    for kind, count, due_at, day in rows[0].union(*rows[1:], all=True):
        # PostgreSQL counts none of a kind as a row, SQLite as no row.
        if count and kind in KINDS:
            known, earliest = counted.get(kind, (0, None))
            counted[kind] = (known + count, due_at or earliest)
        elif count:
            events[kind] = (count, day)
    found = [_task(kind, *counted[kind]) for kind in KINDS if kind in counted]
    return [*found, *_ending(), *(OfficerTask(*line) for line in event_tasks(events))]


def _counts(user: User) -> "list[QuerySet[Any, Any]]":
    """For each kind of work one row with its number and the first deadline, or none."""
    today = timezone.localdate()
    checking = Article.objects.visible_to(user).filter(state=Article.State.CHECKING)
    shown = Article.objects.visible_to(user).on_show(today)
    questions = Question.objects.visible_to(user)
    plan = PlanTask.objects.visible_to(user).open().filter(owner=user)
    waiting = Consultation.objects.visible_to(user).open()
    return [
        _counted("call", CallBack.objects.visible_to(user).open(), F("due_at")),
        _counted("question", waiting.filter(owner__isnull=True), F("due_at")),
        _counted("mine", waiting.filter(owner=user), F("due_at")),
        _counted("draft", questions.unwritten()),
        _counted("plan", plan.filter(due_on__lte=today + SOON)),
        _counted("check", checking.exclude(edited_by=user)),
        _counted("review", questions.to_review(today)),
        _counted("old", Article.objects.visible_to(user).to_review(today)),
        _counted("links", questions.on_show().exclude(dead_links=[])),
        _counted("links", shown.exclude(dead_links=[])),
    ]


def _counted(kind: str, rows: "QuerySet[Any, Any]", due_at: Any = NO_CLOCK) -> "QuerySet[Any, Any]":
    grouped = rows.order_by().annotate(kind_of_work=Value(kind)).values("kind_of_work")
    counted = grouped.annotate(count=Count("pk"), first=Min(due_at), day=Min(NO_DAY))
    found: QuerySet[Any, Any] = counted.values_list("kind_of_work", "count", "first", "day")
    return found


def _task(kind: str, count: int, due_at: datetime | None) -> OfficerTask:
    title, unit, url = KINDS[kind]
    when = f"，最早的{near_moment_words(due_at)}前" if due_at else ""
    query = "?mine=1" if kind == "mine" else ""
    return OfficerTask(title, f"{count}{unit}{when}", reverse(url) + query, due_at)


def _ending() -> list[OfficerTask]:
    """The self-test's version and rules that end within a month, or have ended."""
    found = document_in_force()
    if found is None:
        return [OfficerTask("资格自测没有发布", "请发布一版", reverse("outreach:flow_list"))]
    flow, document = found
    day = timezone.localdate() + AHEAD
    return [
        OfficerTask("资格自测要更新", words, reverse("outreach:flow_list"))
        for words in ends_by(flow, document, day)
    ]

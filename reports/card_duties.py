"""What cards in use ask for: of an agent each thing, of an officer counts. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    Min,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.kinds import CARD_MAKING, Kind
from applications.models import Application
from cards.holding.radar import Rules
from cards.models import (
    Breach,
    Cancellation,
    Card,
    Filing,
    Lending,
    PeriodReport,
    Visit,
    VisitFinding,
)
from core.dates import day_words, months_later
from core.sealed_text import open_text, sealed_text
from core.text import brief
from enterprises.models import HandOver
from parameters.models import ParameterValue
from parameters.values import Parameters

WORDS: Final = 40
WEEK: Final = timedelta(days=7)
# Months are of different lengths: so many days more are read, and looked at one by one.
LONGER: Final = timedelta(days=3)
STALE_DAYS: Final = "cards.stale_days"
HAND_OVER: Final = "hand_over"


@dataclass(frozen=True)
class Duty:
    """One line: what is to be done, where, and its day in words."""

    url: str
    title: str
    detail: str
    label: str = ""
    badge: str = ""


# An agent's -------------------------------------------------------------------------------------

# By kind: the page where it is done, what it is called, and what its day says.
AGENT_KINDS: Final = {
    "breach": ("cards:breach", "{}：请说明", "{}前说明"),
    "finding": ("cards:finding", "整改：{}", "{}前答复"),
    "late": ("cards:lending", "{}的卡逾期未还", "应在{}前归还"),
    "out": ("cards:lending", "{}的领用，请他确认收到", "最晚{}归还"),
    "back": ("cards:lending", "{}的归还，请他确认", "应在{}前归还，已收回"),
    "report": ("cards:period_report", "{}登记表，请报送", "{}前报送"),
    "cancel": ("cards:cancellation", "{}的卡正在注销", "{}前注销"),
    "renewal": ("cards:card", "{}的卡要续办", "{}有一项到期"),
}
# What is late when its day has passed, and what it is called then.
LATE: Final = {
    "breach": "逾期未说明",
    "finding": "逾期未整改",
    "late": "逾期未还",
    "report": "逾期未报送",
    "cancel": "逾期未注销",
    "renewal": "已到期",
}


def of_agent(user: User, parameters: Parameters) -> list[Duty]:
    """Everything that waits for the enterprise, the earliest day first; in one query."""
    today = timezone.localdate()
    rules = Rules.of(parameters)
    first, *others = _of_agent(user, rules, today)
    rows = sorted(first.union(*others, all=True), key=lambda row: (row[2], row[0], row[1]))
    return [
        _duty(kind, pk, day, open_text(words), today)
        for kind, pk, day, words in rows
        if kind != "renewal" or rules.begin_on(day) <= today
    ]


def _of_agent(user: User, rules: Rules, today: date) -> Iterator["QuerySet[Any, Any]"]:
    breaches = Breach.objects.visible_to(user).open().filter(stated_at__isnull=True)
    yield _lines("breach", breaches, "statement_by", "kind")
    findings = VisitFinding.objects.visible_to(user).awaiting_enterprise()
    yield _lines("finding", findings, "due_on", sealed_text("words"))
    lendings = Lending.objects.visible_to(user)
    yield _lines("late", lendings.overdue(today), "return_by", sealed_text("borrower"))
    unconfirmed = lendings.owed().filter(return_by__gte=today, out_confirmed_at__isnull=True)
    yield _lines("out", unconfirmed, "return_by", sealed_text("borrower"))
    given_back = lendings.filter(back_at__isnull=False, back_confirmed_at__isnull=True)
    yield _lines("back", given_back, "return_by", sealed_text("borrower"))
    unsent = PeriodReport.objects.visible_to(user).filter(sent_at__isnull=True)
    yield _lines("report", unsent, "period__due_on", "period__label")
    cancelling = Cancellation.objects.visible_to(user).open()
    yield _lines("cancel", cancelling, "due_on", "card__holder_name")
    yield _lines("renewal", _to_renew(user, rules, today), "first_end_on", "holder_name")


def _to_renew(user: User, rules: Rules, today: date) -> "QuerySet[Card]":
    """Those of which something ends soon, with nothing under way for their holder."""
    ahead = months_later(today, min(rules.renewal_months, rules.window_months)) + LONGER
    kinds = (set(CARD_MAKING) | {Kind.CANCEL}) - {Kind.NEW}
    begun = Application.objects.open().filter(kind__in=kinds).values("applicant")
    ending = Card.objects.visible_to(user).filter(
        status=Card.Status.IN_USE, replaced_by__isnull=True, first_end_on__lte=ahead
    )
    return ending.exclude(applicant__isnull=False, applicant__in=begun)


def _lines(kind: str, rows: "QuerySet[Any]", day: str, words: Any) -> "QuerySet[Any, Any]":
    named = rows.order_by().annotate(
        line_kind=Value(kind, CharField()),
        line_day=F(day),
        line_words=Cast(words, CharField()),
    )
    found: QuerySet[Any, Any] = named.values_list("line_kind", "pk", "line_day", "line_words")
    return found


def _duty(kind: str, pk: int, day: date, words: str, today: date) -> Duty:
    view, title, until = AGENT_KINDS[kind]
    if kind == "breach":
        words = str(Breach.Kind(words).label)
    is_late = kind in LATE and day < today
    return Duty(
        reverse(view, args=[pk]),
        title.format(brief(words, WORDS)),
        until.format(day_words(day)),
        LATE[kind] if is_late else "",
        "late" if is_late else "",
    )


# An officer's -----------------------------------------------------------------------------------

# By kind: title, unit, page, and what a status tag says of it.
OFFICER_KINDS: Final = {
    "lending": ("卡逾期未还", "张", "cards:duty", "逾期"),
    "visit": ("回访逾期", "次", "cards:followup_month", "逾期"),
    "week": ("一周内到期的回访", "次", "cards:followup_month", ""),
    "answer": ("企业答复了整改，待核对", "项", "cards:followup_month", ""),
    "report": ("登记表逾期未报送", "份", "cards:missing_reports", "逾期"),
    "breach": ("违规在办", "件", "cards:breach_list", ""),
    "cancel": ("注销逾期", "件", "cards:cancellations", "逾期"),
    "filing": ("国家系统进度久未登记", "件", "cards:filings", ""),
}


@dataclass(frozen=True)
class OfficersWork:
    """Counts with links, how many things that is, and whether a hand-over is objected to."""

    duties: tuple[Duty, ...]
    total: int
    has_objections: bool
    # Of the counts that were asked for besides, by their kind.
    others: Mapping[str, int]


def of_officer(user: User, also: "Iterable[QuerySet[Any, Any]]" = ()) -> OfficersWork:
    """Read in one query, with the number of days after which a filing is stale.

    `also` are further branches of the same form: kind, count, first day.
    """
    today = timezone.localdate()
    counts: dict[str, int] = defaultdict(int)
    first_day: dict[str, date] = {}
    filings: list[tuple[int, date]] = []
    stale: list[tuple[date, int]] = []
    first, *others = (*_of_officer(user, today), *also)
    for kind, count, day in first.union(*others, all=True):
        # PostgreSQL counts none of a kind as a row without a day, SQLite as no row.
        if not count or day is None:
            continue
        if kind == STALE_DAYS:
            stale.append((day, count))
        elif kind == "filing":
            filings.append((count, day))
        else:
            counts[kind], first_day[kind] = count, day
    days = _holding(stale, today)
    for count, day in filings:
        if days is not None and (today - day).days > days:
            counts["filing"] += count
            first_day["filing"] = min(day, first_day.get("filing", day))
    duties = tuple(
        _counted_duty(kind, counts[kind], first_day[kind]) for kind in OFFICER_KINDS if counts[kind]
    )
    total = sum(counts[kind] for kind in OFFICER_KINDS)
    return OfficersWork(duties, total, bool(counts[HAND_OVER]), dict(counts))


def _of_officer(user: User, today: date) -> Iterator["QuerySet[Any, Any]"]:
    visits = Visit.objects.visible_to(user)
    coming = visits.open().filter(due_on__gte=today, due_on__lte=today + WEEK)
    findings = VisitFinding.objects.visible_to(user).awaiting_station()
    late_reports = PeriodReport.objects.visible_to(user).late(today)
    cancelling = Cancellation.objects.visible_to(user).open().filter(due_on__lt=today)
    yield counted("lending", Lending.objects.visible_to(user).overdue(today), F("return_by"))
    yield counted("visit", visits.overdue(today), F("due_on"))
    yield counted("week", coming, F("due_on"))
    yield counted("answer", findings, F("due_on"))
    yield counted("report", late_reports, F("period__due_on"))
    yield counted("breach", Breach.objects.visible_to(user).open(), F("happened_on"))
    yield counted("cancel", cancelling, F("due_on"))
    objected = HandOver.objects.objected_to()
    yield counted(HAND_OVER, objected, TruncDate("asked_at"))
    yield _by_day("filing", Filing.objects.visible_to(user).open(), TruncDate("last_entry_at"))
    values = ParameterValue.objects.filter(parameter__code=STALE_DAYS)
    kind = Value(STALE_DAYS, CharField())
    yield values.order_by().values_list(kind, Cast("value", IntegerField()), "valid_from")


def counted(kind: str, rows: "QuerySet[Any]", day: Any) -> "QuerySet[Any, Any]":
    grouped = rows.order_by().annotate(work=Value(kind, CharField())).values("work")
    summed = grouped.annotate(count=Count("pk"), first=Min(day, output_field=DateField()))
    found: QuerySet[Any, Any] = summed.values_list("work", "count", "first")
    return found


def _by_day(kind: str, rows: "QuerySet[Any]", day: Any) -> "QuerySet[Any, Any]":
    grouped = rows.order_by().annotate(work=Value(kind, CharField()), on=day).values("work", "on")
    found: QuerySet[Any, Any] = grouped.annotate(count=Count("pk")).values_list(
        "work", "count", "on"
    )
    return found


def _holding(values: list[tuple[date, int]], today: date) -> int | None:
    """The value that holds today, as `parameters.values` has it."""
    begun = [value for value in values if value[0] <= today]
    held = max(begun, default=None) or min(values, default=None)
    return held[1] if held else None


def _counted_duty(kind: str, count: int, first: date) -> Duty:
    title, unit, view, label = OFFICER_KINDS[kind]
    words = f"{count}{unit}，最早的{day_words(first)}"
    return Duty(reverse(view), title, words, label, "late" if label else "")

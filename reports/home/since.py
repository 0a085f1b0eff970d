"""What an officer reads over his lists: late by department, changed since yesterday, coverage.

All of it is counts, which go along in the one query of `card_duties.of_officer`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Case, CharField, Count, DateField, Min, QuerySet, Value, When
from django.db.models.functions import Concat, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.departments import known
from accounts.filters import midnight
from accounts.models import User
from applications.models import Application
from applications.workflow import Status
from cards.models import Filing
from enterprises.ledger.coverage import CoverageLine
from enterprises.models import Demand
from reports.card_duties import counted
from reviews.models import Opinion

LATE, SINCE, COVER = "late:", "since:", "cover:"
FILED: Final = f"{SINCE}filed"
# What happened to a case that now has this status.
HAPPENED: Final = {
    Status.SUBMITTED: "提交",
    Status.RETURNED: "退回补正",
    Status.IN_REVIEW: "送审",
    Status.SUPPLEMENTING: "要求补充",
    Status.ENDORSED: "审核通过",
    Status.DECLINED: "不予办理",
    Status.WITHDRAWN: "企业撤回",
}
# By the letter that says that it came so far.
COLUMNS: Final = {"t": "told_at", "a": "applied_at", "h": "held_at"}


@dataclass(frozen=True)
class LateDepartment:
    """A department with what it owes; the button chases all of it at once."""

    name: str
    code: str
    count: int

    @property
    def url(self) -> str:
        return f"{reverse('reviews:table_list')}?{urlencode({'awaited': self.code})}"

    @property
    def chase_url(self) -> str:
        return reverse("reviews:chase_department", args=[self.code])


@dataclass(frozen=True)
class Change:
    """How many cases something happened to since yesterday, and where they stand."""

    words: str
    url: str


def branches(user: User) -> "Iterator[QuerySet[Any, Any]]":
    """Branches of the union, each giving kind, count and first day."""
    yield _late(user)
    yield _moved(user)
    filings = Filing.objects.visible_to(user).open().filter(last_entry_at__gte=_yesterday())
    yield counted(FILED, filings, TruncDate("last_entry_at"))
    yield _covered(user)


def _yesterday() -> Any:
    return midnight(timezone.localdate() - timedelta(days=1))


def _late(user: User) -> "QuerySet[Any, Any]":
    owed = Opinion.objects.visible_to(user).ready().on_the_clock()
    late = owed.filter(due_at__lt=timezone.now())
    return _grouped(late, LATE, "department__code", "due_at")


def _moved(user: User) -> "QuerySet[Any, Any]":
    # By name, so that the index on status and since serves.
    moved = Application.objects.visible_to(user).filter(
        status__in=list(HAPPENED), status_since__gte=_yesterday()
    )
    return _grouped(moved, SINCE, "status", "status_since")


def _covered(user: User) -> "QuerySet[Any, Any]":
    """The ledger read once: how many came how far, so far by letters."""
    rows = Demand.objects.visible_to(user).qualifying().order_by()
    letters = (
        Case(When(**{f"{column}__isnull": False}, then=Value(letter)), default=Value(""))
        for letter, column in COLUMNS.items()
    )
    named = Concat(Value(COVER), *letters, output_field=CharField())
    grouped = rows.annotate(work=named).values("work")
    first = TruncDate(Min("added_at"))
    found: QuerySet[Any, Any] = grouped.annotate(count=Count("*"), first=first).values_list(
        "work", "count", "first"
    )
    return found


def _grouped(rows: "QuerySet[Any]", kind: str, column: str, moment: str) -> "QuerySet[Any, Any]":
    named = Concat(Value(kind), column, output_field=CharField())
    grouped = rows.order_by().annotate(work=named).values("work")
    first = Min(TruncDate(moment), output_field=DateField())
    found: QuerySet[Any, Any] = grouped.annotate(count=Count("pk"), first=first).values_list(
        "work", "count", "first"
    )
    return found


def late_departments(counts: Mapping[str, int]) -> list[LateDepartment]:
    """Those that owe something past its deadline, in their order."""
    found = [(one, counts.get(f"{LATE}{one.code}", 0)) for one in known()]
    return [LateDepartment(one.name, one.code, count) for one, count in found if count]


def changes(counts: Mapping[str, int]) -> list[Change]:
    """In the order of a case's life; a case counts once, where it stands now."""
    found = []
    for status, words in HAPPENED.items():
        if count := counts.get(f"{SINCE}{status}", 0):
            url = f"{reverse('applications:list')}?{urlencode({'status': status})}"
            found.append(Change(f"{words}{count}件", url))
    if filed := counts.get(FILED, 0):
        found.append(Change(f"国家系统有进展{filed}件", reverse("cards:filings")))
    return found


def coverage_of(counts: Mapping[str, int]) -> CoverageLine:
    """All that qualify, told, applied and holding, as the ledger's own page counts them."""
    far = {kind.removeprefix(COVER): n for kind, n in counts.items() if kind.startswith(COVER)}
    told, applied, holding = (
        sum(count for letters, count in far.items() if letter in letters) for letter in COLUMNS
    )
    return CoverageLine("全部", sum(far.values()), told, applied, holding)

"""Chasing (催办): one more reminder by the officer, once in two hours at most for an opinion."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from accounts.audit import record
from accounts.models import Department, User
from applications.workflow import UNDER_REVIEW, Status
from core.dates import moment_words
from reviews.assignments import load_roster, who_is_missing
from reviews.models import Opinion, Reminder, ReviewTable
from reviews.models.review import OpinionQuerySet
from reviews.reminders import send_chases
from workdays.calendar import Calendar, load_calendar, local

PATIENCE = timedelta(hours=2)


class ChaseRefused(Exception):
    """Nobody can be chased now; the text says why and when it will be possible."""


@dataclass(frozen=True)
class Chased:
    """Whom it went or will go to, from when, who was chased too lately, and where nobody is."""

    departments: list[str]
    goes_out_at: datetime
    is_sent: bool
    too_soon: list[str]
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Candidate:
    """An unsigned opinion as the officer's page offers it.

    `again_at` while it is too soon; `missing` says why nobody of the department could act.
    """

    opinion: Opinion
    again_at: datetime | None
    missing: str = ""

    @property
    def can_be_chased(self) -> bool:
        return self.again_at is None and not self.missing


def with_chases(opinions: OpinionQuerySet) -> OpinionQuerySet:
    """Adds `may_be_chased`, where its clock runs and its turn has come, and `last_chase`."""
    ready = Opinion.objects.ready().on_the_clock().filter(pk=OuterRef("pk"))
    newest = Reminder.objects.chases().filter(opinion=OuterRef("pk")).order_by("-moment")
    return opinions.annotate(
        may_be_chased=Exists(ready), last_chase=Subquery(newest.values("moment")[:1])
    )


def candidates(opinions: Iterable[Any], now: datetime) -> list[Candidate]:
    """Those of opinions `with_chases` that the officer may chase, the most urgent first."""
    found = [opinion for opinion in opinions if opinion.may_be_chased]
    found.sort(key=lambda opinion: (opinion.due_at, opinion.pk))
    roster = load_roster(local(now).date()) if found else None
    return [
        Candidate(
            opinion,
            _again_at(opinion.last_chase, now),
            missing=who_is_missing(roster, opinion.department) if roster else "",
        )
        for opinion in found
    ]


def _again_at(last: datetime | None, now: datetime) -> datetime | None:
    """Two hours after the last one went out, or, while it waits for the office, is to go out."""
    return last + PATIENCE if last and now < last + PATIENCE else None


@transaction.atomic
def chase(table: ReviewTable, opinion_ids: Iterable[int], *, by: User) -> Chased:
    """Remind those of the chosen opinions that wait for their department.

    Within office hours at once, otherwise when the station opens next. Raises ChaseRefused when
    none of them can be chased now.
    """
    locked = ReviewTable.objects.select_for_update().get(pk=table.pk)
    now, calendar, chosen = timezone.now(), load_calendar(), set(opinion_ids)
    if locked.application.status not in UNDER_REVIEW or not locked.is_open:
        raise ChaseRefused("这份审核表现在不在审核中，不需要催办。")
    opinions = with_chases(locked.opinions.select_related("department"))
    found = [one for one in candidates(opinions, now) if one.opinion.pk in chosen]
    if not found and locked.application.status == Status.SUPPLEMENTING:
        raise ChaseRefused("企业正在补充材料，选择的部门已暂停计时，或者已经签署，不需要催办。")
    if not found:
        raise ChaseRefused("选择的部门已经签署，或者还没有轮到，不需要催办。")
    return _chase(found, by=by, calendar=calendar, now=now)


@transaction.atomic
def chase_department(department: Department, *, by: User) -> Chased:
    """Remind whoever acts for this department of all that waits for it, in one message each.

    Raises ChaseRefused when nothing can be chased now.
    """
    now, calendar = timezone.now(), load_calendar()
    waiting = Opinion.objects.ready().on_the_clock().filter(department=department)
    tables = ReviewTable.objects.filter(pk__in=waiting.values("table"))
    locked = [table.pk for table in tables.select_for_update().order_by("pk")]
    opinions = Opinion.objects.filter(table__in=locked, department=department)
    found = candidates(with_chases(opinions.select_related("department")), now)
    if not found:
        raise ChaseRefused(f"现在没有等{department}签署的意见，不需要催办。")
    return _chase(found, by=by, calendar=calendar, now=now)


def _chase(found: list[Candidate], *, by: User, calendar: Calendar, now: datetime) -> Chased:
    """Remind of those of the found that can be chased; the caller holds their tables' locks."""
    ready = [one.opinion for one in found if one.can_be_chased]
    missing = list(dict.fromkeys(one.missing for one in found if one.missing))
    if not ready and missing:
        raise ChaseRefused("".join(missing))
    if not ready:
        again = min(one.again_at for one in found if one.again_at is not None)
        raise ChaseRefused(f"两小时内只能催办一次，{moment_words(again)}之后可以再催。")
    moment = calendar.next_open_moment(now)
    reminders = []
    for opinion in ready:
        reminder = Reminder.objects.create(
            opinion=opinion, kind=Reminder.Kind.CHASE, moment=moment, asked_by=by
        )
        record("opinion.chase", opinion, by=by, after={"moment": moment.isoformat()})
        reminders.append(reminder.pk)
    if moment <= now:
        send_chases(reminders, calendar, now)
    return Chased(
        departments=[str(opinion.department) for opinion in ready],
        goes_out_at=moment,
        is_sent=moment <= now,
        too_soon=[
            str(one.opinion.department)
            for one in found
            if one.again_at is not None and not one.missing
        ],
        missing=missing,
    )

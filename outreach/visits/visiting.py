"""A company visit: planned by coverage, noted on the way, with pictures and follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.refusals import Refusal
from core.dates import day_words
from core.versions import claim
from enterprises.ledger.services import note_contact
from enterprises.models import Contact, Demand
from files.services import Cleared, write
from outreach.models import CompanyVisit, CompanyVisitPage, CompanyVisitTask

# Nobody visits more in a day.
MOST_A_DAY: Final = 30
LONGEST_AHEAD: Final = timedelta(days=366)
MOST_PICTURES: Final = 30
MOST_WORDS: Final = 1000


class VisitingRefused(Refusal):
    """A visit cannot be planned or noted so."""


@dataclass(frozen=True)
class VisitNote:
    """What came of a visit."""

    done_at: datetime
    told: str
    asked: str = ""
    met_name: str = ""
    met_position: str = ""


@transaction.atomic
def plan(
    demands: Sequence[Demand], *, on: date, officers: Sequence[User], purpose: str, by: User
) -> int:
    """A visit to each, in this order behind those of the day; who has one planned gets no other.

    Raises VisitingRefused.
    """
    _require_day(on)
    planned = set(
        CompanyVisit.objects.open().filter(demand__in=demands).values_list("demand_id", flat=True)
    )
    fresh = [one for one in demands if one.pk not in planned]
    last = CompanyVisit.objects.open().filter(planned_on=on).aggregate(last=Max("route_order"))
    first = (last["last"] or 0) + 1
    if first + len(fresh) - 1 > MOST_A_DAY:
        raise VisitingRefused(f"一天最多安排{MOST_A_DAY}家，请分几天。")
    for place, demand in enumerate(fresh, start=first):
        visit = CompanyVisit.objects.create(
            demand=demand, planned_on=on, route_order=place, purpose=purpose, created_by=by
        )
        visit.officers.set(officers)
        record("visiting.plan", visit, by=by, after={"planned_for": on.isoformat()})
    return len(fresh)


def _require_day(on: date) -> None:
    today = timezone.localdate()
    if on < today:
        raise VisitingRefused("这一天已经过了，请填今天或以后的日期。", field="planned_on")
    if on > today + LONGEST_AHEAD:
        raise VisitingRefused("这一天在一年以后，请核对年份。", field="planned_on")


@transaction.atomic
def rearrange(
    visit: CompanyVisit, *, planned_on: date, officers: Sequence[User], purpose: str, by: User
) -> CompanyVisit:
    """Another day or other people. Raises VisitingRefused, Overtaken."""
    stored = _claim_open(visit)
    if planned_on != stored.planned_on:
        _require_day(planned_on)
    visit.planned_on, visit.purpose = planned_on, purpose
    visit.save(update_fields=["planned_on", "purpose", "version"])
    visit.officers.set(officers)
    record("visiting.rearrange", visit, by=by, after={"planned_for": planned_on.isoformat()})
    return visit


@transaction.atomic
def order_route(visits: Sequence[CompanyVisit], places: dict[int, int], *, by: User) -> None:
    """In which order the enterprises of a day are visited."""
    for visit in visits:
        place = places.get(visit.pk, visit.route_order)
        if place != visit.route_order:
            CompanyVisit.objects.filter(pk=visit.pk).update(route_order=place)
            record("visiting.route", visit, by=by, after={"place": place})


@transaction.atomic
def note_visit(visit: CompanyVisit, note: VisitNote, *, by: User) -> CompanyVisit:
    """Keep what came of it, and a contact in the ledger. Raises VisitingRefused, Overtaken."""
    _claim_open(visit)
    if note.done_at > timezone.now():
        raise VisitingRefused("走访时间还没有到，请核对。", field="done_at")
    visit.done_at, visit.done_by = note.done_at, by
    visit.told, visit.asked = note.told, note.asked
    visit.met_name, visit.met_position = note.met_name, note.met_position
    visit.save()
    note_contact(
        demand=visit.demand,
        by=by,
        kind=Contact.Kind.VISIT,
        at=note.done_at,
        words=_contact_words(note),
        is_telling=bool(note.told),
        nonce=f"visit:{visit.pk}",
    )
    record("visiting.note", visit, by=by)
    return visit


def _contact_words(note: VisitNote) -> str:
    met = f"上门走访，{note.met_name}{note.met_position}接待。" if note.met_name else "上门走访。"
    told = f"讲了：{note.told}" if note.told else ""
    asked = f"对方问：{note.asked}" if note.asked else ""
    return f"{met}{told} {asked}".strip()[:MOST_WORDS]


@transaction.atomic
def drop_visit(visit: CompanyVisit, *, words: str, by: User) -> CompanyVisit:
    """It does not take place. Raises VisitingRefused, Overtaken."""
    _claim_open(visit)
    visit.dropped_at, visit.drop_words = timezone.now(), words
    visit.save(update_fields=["dropped_at", "drop_words", "version"])
    record("visiting.drop", visit, by=by)
    return visit


def _claim_open(visit: CompanyVisit) -> CompanyVisit:
    stored = claim(visit)
    if not stored.is_open:
        raise VisitingRefused("这次走访已经记过或取消了。")
    return stored


@transaction.atomic
def add_pictures(visit: CompanyVisit, pictures: Sequence[Cleared], *, by: User) -> int:
    """Pictures, also afterwards. Raises VisitingRefused and files.refusals.FileRefused."""
    locked = CompanyVisit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    if locked.dropped_at is not None:
        raise VisitingRefused("这次走访已经取消，不能再加照片。", field="files")
    there = locked.pages.count()
    if there + len(pictures) > MOST_PICTURES:
        raise VisitingRefused(f"一次走访最多{MOST_PICTURES}张照片。", field="files")
    for position, picture in enumerate(pictures, start=there + 1):
        CompanyVisitPage.objects.create(visit=locked, file=write(picture, by=by), position=position)
    record("visiting.pictures", locked, by=by, after={"pages": len(pictures)})
    return len(pictures)


@transaction.atomic
def add_task(
    visit: CompanyVisit, *, words: str, owner: User, due_on: date, nonce: str, by: User
) -> CompanyVisitTask:
    """What was promised there. Sent twice it is one; raises VisitingRefused."""
    if due_on < timezone.localdate():
        raise VisitingRefused("这一天已经过了，请填今天或以后的日期。", field="due_on")
    task, is_new = CompanyVisitTask.objects.get_or_create(
        nonce=nonce,
        defaults={"visit": visit, "words": words, "owner": owner, "due_on": due_on},
    )
    if is_new:
        after = {"owner": owner.name, "due": day_words(due_on)}
        record("visiting.task", visit, by=by, after=after)
    return task


@transaction.atomic
def close_task(task: CompanyVisitTask, *, outcome: str, by: User) -> CompanyVisitTask:
    """What came of it. Raises VisitingRefused, Overtaken."""
    stored = claim(task)
    if stored.done_at is not None:
        raise VisitingRefused("这件事已经记为办好了。")
    task.outcome, task.done_at, task.done_by = outcome, timezone.now(), by
    task.save(update_fields=["outcome", "done_at", "done_by", "version"])
    record("visiting.task_close", task.visit, by=by)
    return task

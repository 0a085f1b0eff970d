"""A visit: who goes and when, what was seen there, and what the enterprise is to put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.duty.texts import checks_of
from cards.models import (
    FindingEntry,
    FindingPage,
    StationText,
    Visit,
    VisitFinding,
    VisitPage,
)
from cards.pictures import keep_pictures
from cards.refusals import Refusal
from core.dates import day_words
from core.versions import claim
from files.services import Cleared
from notices.services import notify

LONGEST_AHEAD = timedelta(days=366)


class VisitRefused(Refusal):
    """A visit or finding cannot be entered so."""


@dataclass(frozen=True)
class Check:
    """One line of the check list, with what was seen: yes, no, na, or nothing yet."""

    words: str
    answer: str = ""
    note: str = ""

    def as_json(self) -> dict[str, str]:
        return {"words": self.words, "answer": self.answer, "note": self.note}


def checks_for(visit: Visit) -> list[Check]:
    """The list as it was begun with; before that the station's newest."""
    if visit.checklist:
        return [Check(**line) for line in visit.checklist]
    return [
        Check(words)
        for words in checks_of(StationText.objects.newest(StationText.Code.CHECKLIST).text)
    ]


@transaction.atomic
def arrange(
    visit: Visit,
    *,
    kind: str,
    planned_for: date | None,
    assigned_to: User | None,
    by: User,
) -> Visit:
    """Who goes and when; the enterprise is told of the day. Raises VisitRefused, Overtaken."""
    stored = claim(visit)
    _require_open(stored)
    today = timezone.localdate()
    if planned_for is not None and planned_for != stored.planned_for:
        if planned_for < today:
            raise VisitRefused("约定日期已经过了，请填今天或以后的日期。", field="planned_for")
        if planned_for > today + LONGEST_AHEAD:
            raise VisitRefused("约定日期在一年以后，请核对年份。", field="planned_for")
    is_new_day = planned_for is not None and planned_for != stored.planned_for
    visit.kind, visit.planned_for, visit.assigned_to = kind, planned_for, assigned_to
    visit.save(update_fields=["kind", "planned_for", "assigned_to", "version"])
    after = {"planned_for": planned_for.isoformat() if planned_for else ""}
    record("followup.arrange", visit, by=by, after=after)
    if is_new_day:
        tell_of_day(visit)
    return visit


def tell_of_day(visit: Visit) -> None:
    """The enterprise hears on which day somebody comes or calls; the same day is told once."""
    if visit.planned_for is None:
        return
    notify(
        visit.enterprise.people(),
        cause=f"cards:visit:{visit.pk}:{visit.planned_for:%Y%m%d}",
        template="cards/followup/email/visit_arranged.txt",
        context={"visit": visit},
        path=visit.get_absolute_url(),
    )


@transaction.atomic
def save_checks(
    visit: Visit, *, checks: Sequence[Check], summary: str, person_met: str, by: User
) -> Visit:
    """Keep what was seen so far. Raises VisitRefused, Overtaken."""
    _require_open(claim(visit))
    visit.checklist = [check.as_json() for check in checks]
    visit.summary, visit.person_met = summary, person_met
    visit.save(update_fields=["checklist", "summary", "person_met", "version"])
    record("followup.checks", visit, by=by)
    return visit


@transaction.atomic
def add_pictures(visit: Visit, *, pictures: Sequence[Cleared], by: User) -> int:
    locked = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit.pk)
    if locked.dropped_at is not None:
        raise VisitRefused("这次回访已经取消，不能再加照片。")
    count = keep_pictures(pictures, VisitPage, enterprise=locked.enterprise, by=by, visit=locked)
    record("followup.pictures", locked, by=by, after={"pages": count})
    return count


@transaction.atomic
def finish(visit: Visit, *, done_on: date, by: User) -> Visit:
    """The visit was made on this day. Twice is once. Raises VisitRefused."""
    locked = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit.pk)
    if locked.done_on is not None and locked.done_by_id == by.pk:
        return locked
    _require_open(locked)
    today = timezone.localdate()
    if done_on > today:
        raise VisitRefused(f"完成日期{day_words(done_on)}还没有到，请核对。", field="done_on")
    if done_on < timezone.localdate(locked.created_at) - LONGEST_AHEAD:
        raise VisitRefused(f"完成日期{day_words(done_on)}离现在太远，请核对。", field="done_on")
    unanswered = [check.words for check in checks_for(locked) if not check.answer]
    if unanswered:
        raise VisitRefused(
            f"检查清单还有{len(unanswered)}项没有选：“{unanswered[0]}”"
            + ("等" if len(unanswered) > 1 else "")
            + "。没有看的请选“不涉及”，保存后再完成。"
        )
    locked.done_on, locked.done_by = done_on, by
    locked.version += 1
    locked.save(update_fields=["done_on", "done_by", "version"])
    record("followup.finish", locked, by=by, after={"done_on": done_on.isoformat()})
    return locked


@transaction.atomic
def drop(visit: Visit, *, words: str, by: User) -> None:
    """The visit is not needed. Twice is once. Raises VisitRefused."""
    locked = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit.pk)
    if locked.dropped_at is not None:
        return
    _require_open(locked)
    locked.dropped_at, locked.drop_words = timezone.now(), words
    locked.version += 1
    locked.save(update_fields=["dropped_at", "drop_words", "version"])
    record("followup.drop", locked, by=by, after={"reason": words})


def _require_open(visit: Visit) -> None:
    if visit.done_on is not None:
        who = visit.done_by.title if visit.done_by else ""
        raise VisitRefused(f"这次回访{day_words(visit.done_on)}已由{who}完成，不能再改。")
    if visit.dropped_at is not None:
        raise VisitRefused("这次回访已经取消，不能再改。")


# Findings ---------------------------------------------------------------------------------------


@transaction.atomic
def add_finding(visit: Visit, *, words: str, due_on: date, by: User) -> VisitFinding:
    """A task for the enterprise, told at once; the same words once more are the same task."""
    locked = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit.pk)
    if locked.dropped_at is not None:
        raise VisitRefused("这次回访已经取消，不能再加问题。")
    for there in locked.findings.all():
        if there.words == words:
            return there
    _require_due(due_on)
    finding = VisitFinding.objects.create(
        visit=locked, enterprise=locked.enterprise, words=words, due_on=due_on, remind_on=due_on
    )
    FindingEntry.objects.create(finding=finding, kind=FindingEntry.Kind.TOLD, words=words, by=by)
    record("followup.finding", finding, by=by, after={"due_on": due_on.isoformat()})
    _tell(finding, "told")
    return finding


@transaction.atomic
def answer_finding(
    finding: VisitFinding, *, words: str, pictures: Sequence[Cleared] = (), by: User
) -> VisitFinding:
    """The enterprise says what it did, with pictures. Raises VisitRefused."""
    locked = _lock(finding)
    if locked.answered_at is not None:
        last = locked.entries.last()
        if last is not None and last.words == words:
            return locked
        raise VisitRefused("已经答复过，正等服务站核对，现在不用再答复。")
    locked.answered_at, locked.remind_on = timezone.now(), None
    locked.save(update_fields=["answered_at", "remind_on"])
    entry = FindingEntry.objects.create(
        finding=locked, kind=FindingEntry.Kind.ANSWERED, words=words, by=by
    )
    keep_pictures(pictures, FindingPage, enterprise=locked.enterprise, by=by, entry=entry)
    record("followup.answer", locked, by=by, after={"pages": len(pictures)})
    visit = locked.visit
    officer = visit.done_by or visit.assigned_to or locked.entries.all()[0].by
    notify(
        [officer],
        cause=f"cards:finding:{locked.pk}:answer:{entry.pk}",
        template="cards/followup/email/finding_answered.txt",
        context={"finding": locked, "entry": entry},
        path=locked.get_absolute_url(),
        action_label="核对",
    )
    return locked


@transaction.atomic
def ask_again(finding: VisitFinding, *, words: str, due_on: date, by: User) -> VisitFinding:
    """The answer does not do; the enterprise is told what is still missing, and by when."""
    locked = _lock(finding)
    if locked.answered_at is None:
        last = locked.entries.last()
        if last is not None and (last.kind, last.words) == (FindingEntry.Kind.ASKED_AGAIN, words):
            return locked
        raise VisitRefused("企业还没有答复，不用再要求；可以等期限到了由系统提醒。")
    _require_due(due_on)
    locked.answered_at, locked.due_on, locked.remind_on = None, due_on, due_on
    locked.save(update_fields=["answered_at", "due_on", "remind_on"])
    FindingEntry.objects.create(
        finding=locked, kind=FindingEntry.Kind.ASKED_AGAIN, words=words, by=by
    )
    record("followup.ask_again", locked, by=by, after={"due_on": due_on.isoformat()})
    _tell(locked, f"again:{due_on:%Y%m%d}:{locked.entries.count()}")
    return locked


@transaction.atomic
def close_finding(finding: VisitFinding, *, words: str, by: User) -> None:
    """The officer has seen that it is put right. Twice is once."""
    locked = VisitFinding.objects.select_for_update(no_key=True, of=("self",)).get(pk=finding.pk)
    if locked.closed_at is not None:
        last = locked.entries.last()
        if last is not None and last.by_id != by.pk:
            raise VisitRefused(f"{last.by.title}已经销号，没有再办一次。")
        return
    locked.closed_at, locked.remind_on = timezone.now(), None
    locked.save(update_fields=["closed_at", "remind_on"])
    FindingEntry.objects.create(finding=locked, kind=FindingEntry.Kind.CLOSED, words=words, by=by)
    record("followup.close", locked, by=by)


def _lock(finding: VisitFinding) -> VisitFinding:
    locked = VisitFinding.objects.select_for_update(no_key=True, of=("self",)).get(pk=finding.pk)
    if locked.closed_at is not None:
        raise VisitRefused("这个问题已经销号，不用再办。")
    return locked


def _require_due(due_on: date) -> None:
    today = timezone.localdate()
    if due_on < today:
        raise VisitRefused("整改期限已经过了，请填今天或以后的日期。", field="due_on")
    if due_on > today + LONGEST_AHEAD:
        raise VisitRefused("整改期限在一年以后，请核对年份。", field="due_on")


def _tell(finding: VisitFinding, what: str) -> None:
    notify(
        finding.enterprise.people(),
        cause=f"cards:finding:{finding.pk}:{what}",
        template="cards/followup/email/finding.txt",
        context={"finding": finding, "entry": finding.entries.last()},
        path=finding.get_absolute_url(),
        action_label="查看并答复",
    )

"""Entries of a filing: `enter_step` alone writes the stage, `take_back` undoes the last entry."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Role, User
from applications.models import Application, ReturnReason
from applications.services.afterwards import note_afterwards
from applications.workflow import Status
from cards.filing.telling import tell_of
from cards.models import Card, Filing, FilingEvent, FilingPage, Source
from cards.workflow import FINAL, STEPS, Need, Stage, StepCode, StepEntry
from core.dates import day_words, near_moment_words
from enterprises.quota import require_room
from files.services import Cleared, write
from parameters.values import Parameters, load_parameters

# An account with the national system may be older than the case.
MAY_PRECEDE = frozenset({StepCode.REGISTERED})
# What happens once, in whichever stage.
ONCE = {StepCode.PAID: "paid_on", StepCode.INVOICED: "invoiced_on"}
# What a return makes undone.
UNDONE_BY_RETURN = ("accepted_on", "passed_on")
NATIONAL_NUMBER = re.compile(r"(?=[A-Za-z-]*[0-9])[A-Za-z0-9-]{1,40}")
DAYS = tuple(step.day for step in STEPS.values() if step.day)


class EntryRefused(Exception):
    """The entry cannot be made; the text says why and what to do. Nothing was written."""


class AlreadyEntered(EntryRefused):
    """The same page was sent before: a double click. Nothing was entered again."""


class NeedMissing(EntryRefused):
    """Something that the step asks for is not there; `need` says what."""

    def __init__(self, need: Need, message: str) -> None:
        super().__init__(message)
        self.need = need


@transaction.atomic
def filing_of(application: Application) -> Filing:
    """The filing, locked; made where there is none yet. Raises EntryRefused before the table."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.status != Status.ENDORSED:
        raise EntryRefused("这件申请还没有审核通过，不能登记国家系统的进度。")
    if not locked.is_for_a_card:
        raise EntryRefused(f"{locked.service.label}不在国家系统另行填报，没有进度可以登记。")
    found = Filing.objects.select_for_update().filter(application=locked).first()
    if found is None:
        found = Filing.of(locked)
        found.has_card = Card.objects.filter(application=locked).exists()
        settle(found)
        found.save()
    found.application = locked
    return found


@transaction.atomic
def enter_step(
    application: Application,
    step: StepCode,
    entry: StepEntry,
    *,
    by: User,
    nonce: str | None = None,
    reasons: Collection[ReturnReason] = (),
    pages: Sequence[Cleared] = (),
    seen: int | None = None,
    parameters: Parameters | None = None,
) -> FilingEvent:
    """Enter what happened in the national system.

    `seen` is the last entry that the page showed (0: none); `parameters` spare the query where
    several are entered at once. Raises EntryRefused where order, day,
    role or something missing forbids it or somebody else was first, AlreadyEntered for a page sent
    twice.
    """
    filing = filing_of(application)
    _refuse_twice(filing, nonce)
    _check_place(filing, step, by=by, seen=seen)
    _check_day(filing, step, entry.on)
    _check_needs(step, entry, reasons)
    if entry.number:
        _check_number(filing, entry.number, by=by)
    event = FilingEvent.objects.create(
        filing=filing,
        step=step,
        from_stage=filing.stage,
        to_stage=_target(filing, step),
        on=entry.on,
        source=entry.source or Source.SYSTEM,
        words=entry.words,
        facts=_facts(entry),
        by=by,
        nonce=nonce,
    )
    event.reasons.set(reasons)
    _keep_pages(event, pages, by=by)
    apply(filing, event)
    filing.last_entry_at = event.at
    settle(filing, parameters)
    _save(filing, by=by)
    after = {"stage": filing.stage, "on": entry.on.isoformat(), "source": event.source}
    before = {"stage": event.from_stage}
    record(f"filing.{step}", filing, by=by, before=before, after=after)
    tell_of(event)
    return event


@transaction.atomic
def take_back(
    application: Application, *, reason: str, by: User, seen: int | None = None
) -> FilingEvent:
    """Undo the last entry, which was a mistake: its row stays, and what it changed is undone.

    Its author may, and an officer. Raises EntryRefused.
    """
    filing = filing_of(application)
    last = filing.events.standing().select_related("by").last()
    if last is None:
        raise EntryRefused("还没有登记过，没有可以撤销的。")
    _refuse_overtaken(filing, by=by, seen=seen)
    if last.by_id != by.pk and by.role != Role.STATION_OFFICER:
        raise EntryRefused(f"这条是{last.by.title}登记的。登记错了的，请联系他本人或服务站撤销。")
    event = FilingEvent.objects.create(
        filing=filing,
        step=StepCode.TAKEN_BACK,
        from_stage=filing.stage,
        to_stage=last.from_stage,
        on=timezone.localdate(),
        source=last.source,
        words=reason,
        takes_back=last,
        by=by,
    )
    _replay(filing)
    filing.last_entry_at = event.at
    settle(filing)
    filing.save()
    record(
        "filing.taken_back",
        filing,
        by=by,
        before={"stage": event.from_stage, "step": last.step},
        after={"stage": filing.stage, "reason": reason},
    )
    return event


def apply(filing: Filing, event: FilingEvent) -> None:
    """Bring the filing to where this entry puts it; nothing is saved."""
    step = StepCode(event.step)
    if column := STEPS[step].day:
        setattr(filing, column, event.on)
    if step == StepCode.RETURNED:
        for column in UNDONE_BY_RETURN:
            setattr(filing, column, None)
    filing.national_number = event.facts.get("number") or filing.national_number
    filing.ready_place = event.facts.get("place") or filing.ready_place
    filing.collected_by = event.facts.get("person") or filing.collected_by
    if event.to_stage != filing.stage:
        filing.stage = event.to_stage
        if step not in MAY_PRECEDE:
            filing.stage_on = event.on


def _replay(filing: Filing) -> None:
    """Read the filing anew from the entries that stand."""
    fresh = Filing(application=filing.application)
    start = filing.application.status_since
    fresh.stage_on = timezone.localtime(start).date()
    for event in filing.events.standing():
        apply(fresh, event)
    for name in ("stage", "stage_on", "national_number", "ready_place", "collected_by", *DAYS):
        setattr(filing, name, getattr(fresh, name))


def settle(filing: Filing, parameters: Parameters | None = None) -> None:
    """What follows from the stage: reminders, and how the application's lists show it."""
    parameters = parameters or load_parameters()
    paid, passed = filing.paid_on, filing.passed_on
    filing.invoice_due_on = None
    if paid and filing.invoiced_on is None and filing.stage != Stage.STOPPED:
        # The ministry sends it after its own examination, so the days count from there.
        counted_from = max(paid, passed) if passed else paid
        filing.invoice_due_on = counted_from + timedelta(
            days=parameters.number("cards.invoice_days")
        )
    dues = [filing.invoice_due_on] if filing.invoice_due_on else []
    if filing.at not in FINAL:
        entered_on = timezone.localtime(filing.last_entry_at).date()
        dues.append(entered_on + timedelta(days=parameters.number("cards.stale_days") + 1))
    filing.next_nudge_on = min(dues, default=None)
    note_afterwards(filing.application, turn=filing.turn, words=filing.public_label)


def _refuse_twice(filing: Filing, nonce: str | None) -> None:
    if nonce and filing.events.filter(nonce=nonce).exists():
        raise AlreadyEntered("已经登记过了，无需再次操作。")


def _check_place(filing: Filing, step: StepCode, *, by: User, seen: int | None) -> None:
    if by.role not in STEPS[step].roles:
        raise EntryRefused("您的角色不能登记国家系统的进度。")
    _refuse_overtaken(filing, by=by, seen=seen)
    if filing.at not in STEPS[step].moves:
        raise EntryRefused(
            f"现在是“{filing.get_stage_display()}”，不能登记“{step.label}”。{_last_words(filing)}"
        )
    done_on = getattr(filing, ONCE[step]) if step in ONCE else None
    if done_on:
        raise EntryRefused(
            f"“{step.label}”已经登记过，日期是{day_words(done_on)}。{_last_words(filing)}"
        )


def _refuse_overtaken(filing: Filing, *, by: User, seen: int | None) -> None:
    """Whoever opened the page before somebody else's entry is told of it first."""
    last = filing.events.select_related("by").last()
    if seen is None or last is None or last.pk == seen:
        return
    if last.by_id != by.pk:
        raise EntryRefused(
            f"您打开这一页之后，{_said(last)}您这次的没有登记。请核对现在的情况，需要时再登记。"
        )


def _last_words(filing: Filing) -> str:
    last = filing.events.select_related("by").last()
    return _said(last) if last else ""


def _said(event: FilingEvent) -> str:
    return (
        f"{event.by.title}已于{near_moment_words(event.at)}登记"
        f"“{event.get_step_display()}”（{day_words(event.on)}）。"
    )


def _check_day(filing: Filing, step: StepCode, on: date) -> None:
    if on > timezone.localdate():
        raise EntryRefused("日期还没有到。请填写已经发生的日期。")
    if step not in MAY_PRECEDE and on < filing.stage_on:
        last = "审核通过" if not filing.filed_on else f"“{filing.get_stage_display()}”"
        raise EntryRefused(
            f"“{step.label}”的日期（{day_words(on)}）早于{last}的日期"
            f"（{day_words(filing.stage_on)}）。请核对；前面登记错了的，先撤销那一条。"
        )


ASKED = {
    Need.NUMBER: ("number", "请填写国家系统的申请编号。"),
    Need.PLACE: ("place", "请填写到哪里领卡。"),
    Need.PERSON: ("person", "请填写由谁领的卡。"),
    Need.WORDS: ("words", "请写明原因。"),
}


def _check_needs(step: StepCode, entry: StepEntry, reasons: Collection[ReturnReason]) -> None:
    for need in STEPS[step].needs:
        if need in ASKED:
            name, message = ASKED[need]
            if not getattr(entry, name).strip():
                raise NeedMissing(need, message)
        if need == Need.REASONS and not reasons and not entry.words.strip():
            raise NeedMissing(need, "请选择退回原因；清单里没有的，在说明中写明。")


def _check_number(filing: Filing, number: str, *, by: User) -> None:
    """Its form is not published: letters, digits, hyphens. Of each there is one."""
    if not NATIONAL_NUMBER.fullmatch(number):
        raise NeedMissing(
            Need.NUMBER,
            "国家系统的申请编号只有字母、数字和短横线，其中有数字。请照国家系统显示的填写。",
        )
    spelt = {number, number.upper(), number.lower()}
    others = Filing.objects.filter(national_number__in=spelt).exclude(pk=filing.pk)
    if not others.exists():
        return
    whose = others.visible_to(by).with_people().first()
    said = f"（{whose.application.applicant.name}，{whose.application.reference}）" if whose else ""
    raise NeedMissing(
        Need.NUMBER,
        f"编号{number}已经登记在另一件申请上{said}。请核对是哪一件的编号；那边登记错了的，先在那边撤销。",
    )


def _save(filing: Filing, *, by: User) -> None:
    """Raises NeedMissing where a colleague entered the same number a moment ago."""
    try:
        with transaction.atomic():
            filing.save()
    except IntegrityError:
        _check_number(filing, filing.national_number, by=by)
        raise


def _target(filing: Filing, step: StepCode) -> Stage:
    """Where it goes; whoever paid before the city accepted has nothing left to pay."""
    target = STEPS[step].moves[filing.at]
    return Stage.PAID if target == Stage.ACCEPTED and filing.paid_on else target


def _facts(entry: StepEntry) -> dict[str, Any]:
    told = {"number": entry.number, "place": entry.place, "person": entry.person}
    return {name: value for name, value in told.items() if value}


def _keep_pages(event: FilingEvent, pages: Sequence[Cleared], *, by: User) -> None:
    if pages:
        enterprise = event.filing.application.enterprise
        require_room(enterprise, sum(len(page.data) for page in pages))
    for position, page in enumerate(pages, start=1):
        FilingPage.objects.create(event=event, file=write(page, by=by), position=position)

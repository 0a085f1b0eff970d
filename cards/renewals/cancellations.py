"""Cancellation of a card: reported with a deadline, the card handed in, and it is done."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.kinds import CHANGED_ROLE, LEFT, LOST, REPLACED, RETIRED, Kind
from applications.models import Application
from applications.services.afterwards import note_afterwards, note_deadline
from applications.workflow import Status, Turn
from cards.holding.services import day_start, mark
from cards.models import Cancellation, Card, Custody, EventKind
from cards.renewals.beside import end_lending, require_successor
from cards.renewals.refusals import ServiceRefused
from cards.renewals.services import begin_on_card
from cards.workflow import AGENT
from core import text
from core.dates import day_words, near_moment_words
from parameters.values import load_parameters
from workdays.calendar import STATION_TIME

# A deadline in calendar days is the end of its day.
CLOSING = time(23, 59)
# The holder has no business with the card any more: the first event says so by itself.
GONE = frozenset({LEFT, RETIRED, CHANGED_ROLE})


@transaction.atomic
def report_cancellation(
    card: Card, *, cause: str, happened_on: date, words: str = "", by: User
) -> Cancellation:
    """Begin the cancellation: the draft, the deadline, and the card waits for it from now on.

    The one under way where there is one. Raises ServiceRefused, IntakeRefused, CardRefused.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    standing = Cancellation.objects.open().filter(card=locked).first()
    if standing is not None:
        return standing
    today = timezone.localdate()
    if happened_on > today:
        raise ServiceRefused("日期还没有到。请填写已经发生的日期。")
    if happened_on < locked.issued_on:
        raise ServiceRefused(f"日期早于发卡日期{day_words(locked.issued_on)}，请核对。")
    if cause == REPLACED:
        require_successor(locked)
    begun = begin_on_card(locked, kind=Kind.CANCEL, cause=cause, words=words, by=by)
    due_on = today + timedelta(days=load_parameters().number("cards.cancel_days"))
    note_deadline(begun.application, datetime.combine(due_on, CLOSING, STATION_TIME))
    cancellation = Cancellation.objects.create(
        card=locked,
        application=begun.application,
        happened_on=happened_on,
        due_on=due_on,
        reported_by=by,
        without_card="卡已遗失" if cause == LOST else "",
        next_reminder_on=_first_reminder(due_on, today),
    )
    label = begun.application.cause_label
    if cause in GONE:
        mark(locked, kind=EventKind.LEFT, by=by, effective_at=day_start(happened_on), detail=label)
    mark(locked, kind=EventKind.CANCEL_ASKED, by=by, detail=label)
    record(
        "cancellation.report",
        cancellation,
        by=by,
        after={"cause": label, "due_on": due_on.isoformat()},
    )
    return cancellation


@transaction.atomic
def receive_card(
    cancellation: Cancellation, *, on: date, handed_in_by: str, by: User
) -> Cancellation:
    """The station takes the card, and a receipt says so. Twice gives the same receipt.

    Raises ServiceRefused.
    """
    locked = _open_one(cancellation, "收卡")
    if locked.handed_in_on is not None:
        return locked
    _require_day(locked, on)
    locked.handed_in_on, locked.handed_in_by = on, text.name(handed_in_by)
    locked.received_by, locked.received_at = by, timezone.now()
    locked.without_card = ""
    _save(locked, "handed_in_on", "handed_in_by", "received_by", "received_at", "without_card")
    card = locked.card
    card.custody, card.custody_note = Custody.HANDED_IN, locked.receipt_number
    card.version += 1
    card.save(update_fields=["custody", "custody_note", "version"])
    end_lending(card, on=on, words=f"卡已交到服务站，回执{locked.receipt_number}", by=by)
    detail = f"{locked.handed_in_by}交来，回执{locked.receipt_number}"
    mark(card, kind=EventKind.HANDED_IN, by=by, effective_at=day_start(on), detail=detail)
    record("cancellation.receive", locked, by=by, after={"number": locked.receipt_number})
    if locked.application.status == Status.ENDORSED:
        _tell_lists(locked)
    return locked


@transaction.atomic
def excuse_card(cancellation: Cancellation, *, why: str, by: User) -> Cancellation:
    """Why no card can be handed in. Raises ServiceRefused."""
    locked = _open_one(cancellation, "登记交不回的原因")
    if locked.handed_in_on is not None:
        raise ServiceRefused(f"原卡已于{day_words(locked.handed_in_on)}交回，不用再写原因。")
    why = text.line(why)
    if locked.without_card == why:
        return locked
    locked.without_card = why
    _save(locked, "without_card")
    record("cancellation.excuse", locked, by=by, after={"words": why})
    if locked.application.status == Status.ENDORSED:
        _tell_lists(locked)
    return locked


@transaction.atomic
def complete(cancellation: Cancellation, *, on: date, by: User) -> Cancellation:
    """The city office has cancelled the card: it is over. Twice does no harm.

    Raises ServiceRefused, CardRefused.
    """
    done = Cancellation.objects.select_for_update().get(pk=cancellation.pk)
    if done.completed_on is not None:
        return done
    locked = _open_one(cancellation, "注销")
    if locked.application.status != Status.ENDORSED:
        raise ServiceRefused("注销申请还没有核准。请先预审、核准，再登记注销。")
    if not locked.is_card_settled:
        raise ServiceRefused("原卡还没有交回。请先收卡并开回执；交不回的，先写明原因。")
    _require_day(locked, on)
    locked.completed_on, locked.next_reminder_on = on, None
    _save(locked, "completed_on", "next_reminder_on")
    mark(
        locked.card,
        kind=EventKind.CANCELLED,
        by=by,
        effective_at=day_start(on),
        detail=locked.cause_label,
    )
    note_afterwards(locked.application, turn=Turn.OVER, words=f"已于{day_words(on)}注销")
    record("cancellation.complete", locked, by=by, after={"on": on.isoformat()})
    return locked


def drop(application: Application, *, by: User | None) -> None:
    """The application was withdrawn or declined: the card is what it was before."""
    found = Cancellation.objects.select_for_update().open().filter(application=application)
    locked = found.select_related("card").first()
    if locked is None:
        return
    locked.dropped_at, locked.next_reminder_on = timezone.now(), None
    _save(locked, "dropped_at", "next_reminder_on")
    if locked.card.status == Card.Status.CANCELLING:
        mark(locked.card, kind=EventKind.CANCEL_DROPPED, by=by, detail=application.state.label)
    record("cancellation.drop", locked, by=by, after={"status": application.status})


def approved(application: Application) -> None:
    """The station has agreed: the lists say what is still to be done."""
    found = Cancellation.objects.open().select_related("application")
    locked = found.filter(application=application).first()
    if locked is not None:
        locked.application = application
        _tell_lists(locked)


def _tell_lists(cancellation: Cancellation) -> None:
    what, who = cancellation.waits_for
    turn = Turn.AGENT if who == AGENT else Turn.OTHERS
    words = f"注销已核准。{what}" if turn == Turn.AGENT else "注销已核准，由服务站请市政府外办注销"
    note_afterwards(cancellation.application, turn=turn, words=words)


def _open_one(cancellation: Cancellation, act: str) -> Cancellation:
    """The locked row while it is open; raises ServiceRefused with who ended it and when."""
    locked = (
        Cancellation.objects.select_for_update(of=("self",))
        .select_related("card", "application", "received_by")
        .get(pk=cancellation.pk)
    )
    if locked.is_open:
        return locked
    last = locked.card.events.select_related("by").last()
    told = ""
    if last is not None:
        told = (
            f"{last.who}已于{near_moment_words(last.recorded_at)}登记“{last.get_kind_display()}”。"
        )
    raise ServiceRefused(f"这件注销{locked.waits_for[0]}，不能再{act}。{told}")


def _require_day(cancellation: Cancellation, on: date) -> None:
    if on > timezone.localdate():
        raise ServiceRefused("日期还没有到。请填写已经发生的日期。")
    if on < cancellation.happened_on:
        raise ServiceRefused(f"日期早于报告的{day_words(cancellation.happened_on)}，请核对。")


def _save(cancellation: Cancellation, *fields: str) -> None:
    cancellation.version += 1
    cancellation.save(update_fields=[*fields, "version"])


def _first_reminder(due_on: date, today: date) -> date:
    """So many days before the deadline, and not before tomorrow."""
    before = load_parameters().number("cards.cancel_remind_days")
    return max(due_on - timedelta(days=before), today + timedelta(days=1))

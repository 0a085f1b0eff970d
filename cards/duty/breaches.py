"""Breaches and measures: stated, answered, decided, reviewed, lifted; and what they suspend."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.kinds import MISUSED
from applications.services.intake import IntakeRefused
from cards.holding.services import CardRefused
from cards.models import Breach, BreachPage, Card, Measure
from cards.pictures import keep_pictures
from cards.refusals import Refusal
from cards.renewals.cancellations import report_cancellation
from core.dates import day_words, moment_words
from core.sweeping import each
from enterprises.models import Enterprise
from enterprises.suspending import set_suspension
from files.services import Cleared
from notices.services import notify
from parameters.values import number

LONGEST_MEASURE = timedelta(days=3660)


class BreachRefused(Refusal):
    """A breach, statement or measure cannot be entered so."""


@transaction.atomic
def state_breach(
    enterprise: Enterprise,
    *,
    kind: str,
    happened_on: date,
    facts: str,
    person: str = "",
    card: Card | None = None,
    pictures: Sequence[Cleared] = (),
    by: User,
) -> Breach:
    """Enter what happened, with evidence; the enterprise is told and asked for its statement.

    The same officer entering the same facts once more gives the breach that is there.
    """
    today = timezone.localdate()
    if happened_on > today:
        raise BreachRefused(
            f"发生日期{day_words(happened_on)}还没有到，请核对。", field="happened_on"
        )
    if card is not None and card.enterprise_id != enterprise.pk:
        raise BreachRefused("这张卡不是这个企业的，请重新选择。", field="card")
    if card is not None and happened_on < card.issued_on:
        raise BreachRefused(
            f"发生日期早于这张卡的发卡日期{day_words(card.issued_on)}，请核对。",
            field="happened_on",
        )
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    # Told apart here: what happened stands encrypted.
    for there in locked.breaches.filter(kind=kind, happened_on=happened_on):
        if there.facts == facts:
            return there
    breach = Breach.objects.create(
        enterprise=locked,
        card=card,
        kind=kind,
        person=person or (card.holder_name if card else ""),
        happened_on=happened_on,
        facts=facts,
        statement_by=today + timedelta(days=number("duty.statement_days")),
        created_by=by,
    )
    keep_pictures(pictures, BreachPage, enterprise=locked, by=by, breach=breach)
    record("duty.breach", breach, by=by, after={"kind": kind, "pages": len(pictures)})
    notify(
        locked.people(),
        cause=f"cards:breach:{breach.pk}",
        template="cards/duty/email/breach.txt",
        context={"breach": breach},
        path=breach.get_absolute_url(),
        action_label="查看并说明",
    )
    return breach


@transaction.atomic
def answer_breach(
    breach: Breach, *, statement: str, pictures: Sequence[Cleared] = (), by: User
) -> Breach:
    """The enterprise says what it has to say, once; more pictures may follow with the words."""
    locked = _lock_open(breach)
    if locked.stated_at is not None:
        if locked.statement == statement:
            return locked
        raise BreachRefused("本单位的说明已经提交，不能再改。还有要补充的，请联系服务站。")
    locked.statement, locked.stated_at, locked.stated_by = statement, timezone.now(), by
    locked.save(update_fields=["statement", "stated_at", "stated_by"])
    keep_pictures(
        pictures, BreachPage, enterprise=locked.enterprise, by=by, breach=locked, by_enterprise=True
    )
    record("duty.statement", locked, by=by, after={"pages": len(pictures)})
    notify(
        [locked.created_by],
        cause=f"cards:breach:{locked.pk}:statement",
        template="cards/duty/email/statement.txt",
        context={"breach": locked},
        path=locked.get_absolute_url(),
        action_label="查看说明",
    )
    return locked


@transaction.atomic
def take_measure(
    breach: Breach,
    *,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    review_on: date | None,
    words: str,
    by: User,
) -> Measure:
    """Decide a measure; the enterprise is told, and what suspends it takes effect on its day.

    The same measure from the same day once more is the one that is there.
    """
    locked = _lock_open(breach)
    there = locked.measures.filter(kind=kind, starts_on=starts_on, lifted_at__isnull=True).first()
    if there is not None and there.decided_by_id != by.pk:
        raise BreachRefused(
            f"{there.decided_by.title}已于{moment_words(there.decided_at)}决定了"
            f"“{there.get_kind_display()}”，没有再决定一次。"
        )
    if there is not None:
        return there
    _require_days(locked, kind, starts_on, ends_on, review_on)
    measure = Measure.objects.create(
        breach=locked,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        review_on=review_on,
        words=words,
        decided_by=by,
    )
    if kind == Measure.Kind.CANCEL:
        _ask_cancellation(locked, measure, by=by)
    record(
        "duty.measure",
        measure,
        by=by,
        after={
            "kind": kind,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else "",
        },
    )
    settle_suspension(locked.enterprise, by=by)
    _tell(measure, "measure", template="cards/duty/email/measure.txt")
    return measure


def _require_days(
    breach: Breach, kind: str, starts_on: date, ends_on: date | None, review_on: date | None
) -> None:
    today = timezone.localdate()
    if starts_on < breach.happened_on:
        raise BreachRefused(
            f"起始日期早于违规发生的{day_words(breach.happened_on)}，请核对。", field="starts_on"
        )
    if starts_on > today + LONGEST_MEASURE:
        raise BreachRefused("起始日期离今天十年以上，请核对年份。", field="starts_on")
    if kind == Measure.Kind.SUSPEND and ends_on is None:
        raise BreachRefused(
            "中止申办要写明到哪一天；没有期限的，请选“取消申办资格”。", field="ends_on"
        )
    if ends_on is not None and ends_on < starts_on:
        raise BreachRefused("结束日期早于起始日期，请核对。", field="ends_on")
    if ends_on is not None and ends_on < today:
        raise BreachRefused(f"结束日期{day_words(ends_on)}已经过了，请核对。", field="ends_on")
    if ends_on is not None and ends_on > starts_on + LONGEST_MEASURE:
        raise BreachRefused("期限超过十年，请核对年份。", field="ends_on")
    if review_on is not None and review_on < max(starts_on, today):
        raise BreachRefused("复查日期早于今天或起始日期，请核对。", field="review_on")
    if kind == Measure.Kind.CANCEL and breach.card_id is None:
        raise BreachRefused("这件违规没有写明是哪张卡，不能决定注销。", field="kind")


def _ask_cancellation(breach: Breach, measure: Measure, *, by: User) -> None:
    """Begin the cancellation itself, with its letter, deadline and reminders."""
    card = breach.card
    if card is None or card.status not in (Card.Status.IN_USE, Card.Status.LOST):
        return
    words = f"因违规（{breach.get_kind_display()}）由服务站决定注销：{measure.words}"
    try:
        report_cancellation(
            card, cause=MISUSED, happened_on=breach.happened_on, words=words[:500], by=by
        )
    except (IntakeRefused, CardRefused) as refused:
        raise BreachRefused(str(refused), field="kind") from refused


@transaction.atomic
def review_measure(measure: Measure, *, words: str, by: User) -> None:
    """Keep what the review found; twice is once."""
    locked = Measure.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.pk)
    if locked.reviewed_at is not None:
        return
    locked.reviewed_at, locked.review_words = timezone.now(), words
    locked.save(update_fields=["reviewed_at", "review_words"])
    record("duty.measure_review", locked, by=by)


@transaction.atomic
def lift_measure(measure: Measure, *, words: str, by: User) -> None:
    """End a measure before its time; the enterprise is told. Twice is once."""
    locked = Measure.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.pk)
    if locked.lifted_at is not None:
        return
    if locked.kind in (Measure.Kind.TALK, Measure.Kind.NOTICE, Measure.Kind.CANCEL):
        raise BreachRefused(f"“{locked.get_kind_display()}”是一次性的措施，不能解除。")
    locked.lifted_at, locked.lifted_by, locked.lift_words = timezone.now(), by, words
    locked.save(update_fields=["lifted_at", "lifted_by", "lift_words"])
    record("duty.measure_lift", locked, by=by, after={"reason": words})
    settle_suspension(locked.breach.enterprise, by=by)
    _tell(locked, "lifted", template="cards/duty/email/lifted.txt")


@transaction.atomic
def close_breach(breach: Breach, *, outcome: str, by: User) -> None:
    """The station has done with it; measures run on. Twice is once."""
    locked = Breach.objects.select_for_update(no_key=True, of=("self",)).get(pk=breach.pk)
    if locked.closed_at is not None:
        if locked.closed_by_id != by.pk:
            raise BreachRefused("这件违规刚刚已由同事办结，请刷新页面查看。")
        return
    locked.closed_at, locked.closed_by, locked.outcome = timezone.now(), by, outcome
    locked.save(update_fields=["closed_at", "closed_by", "outcome"])
    record("duty.breach_close", locked, by=by, after={"outcome": outcome})


@transaction.atomic
def settle_suspension(enterprise: Enterprise, *, by: User | None = None) -> bool:
    """Enter at the enterprise what of its measures suspends it now, or next.

    Of those in effect the one that lasts longest; where none is, the first to begin. Called when
    a measure changes, and daily for those of which one ended while another was to come.
    """
    today = timezone.localdate()
    standing = [
        measure
        for measure in Measure.objects.suspending().filter(breach__enterprise=enterprise)
        if measure.ends_on is None or measure.ends_on >= today
    ]
    begun = [measure for measure in standing if measure.starts_on <= today]
    found = (
        max(begun, key=lambda one: one.ends_on or date.max)
        if begun
        else min(standing, key=lambda one: one.starts_on, default=None)
    )
    if found is None:
        return set_suspension(enterprise, starts_on=None, ends_on=None, reason="", by=by)
    reason = f"{found.breach.get_kind_display()}，{found.words}"[:300]
    return set_suspension(
        enterprise, starts_on=found.starts_on, ends_on=found.ends_on, reason=reason, by=by
    )


def settle_lapsed(today: date) -> int:
    """Suspensions whose last day has passed give way to the next, or to none; how many changed."""
    lapsed = Enterprise.objects.filter(suspended_until__lt=today)
    return sum(each(lapsed, settle_suspension, what="中止申办到期"))


def _lock_open(breach: Breach) -> Breach:
    locked = Breach.objects.select_for_update(no_key=True, of=("self",)).get(pk=breach.pk)
    if locked.closed_at is not None:
        raise BreachRefused("这件违规已经办结，不能再改。")
    return locked


def _tell(measure: Measure, what: str, *, template: str) -> None:
    breach = measure.breach
    notify(
        breach.enterprise.people(),
        cause=f"cards:measure:{measure.pk}:{what}",
        template=template,
        context={"measure": measure, "breach": breach},
        path=breach.get_absolute_url(),
        action_label="查看",
    )

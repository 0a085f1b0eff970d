"""Services of cards: entering one, and marking what happens to it (ADR 0047)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Applicant, Application
from cards.holding.ends import faults_of_order
from cards.holding.moves import MOVES
from cards.holding.numbers import holder_hash, plain_number, require_number
from cards.holding.radar import look_anew, look_at
from cards.holding.refusals import CardRefused
from cards.models import (
    Cancellation,
    Card,
    CardEconomy,
    CardEvent,
    CardRequest,
    Custody,
    EventKind,
    Filing,
)
from core import text
from core.crypto import keyed_hash
from core.dates import day_words, moment_words
from enterprises.ledger.stages import advance
from enterprises.models import Enterprise, Stage
from workdays.calendar import STATION_TIME

__all__ = [
    "CardRefused",
    "day_start",
    "faults_of_days",
    "holder_hash",
    "issue_card",
    "mark",
    "plain_number",
    "require_alone",
    "require_days",
    "require_passport",
]


@transaction.atomic
def issue_card(
    *,
    number: str,
    issued_on: date,
    card_until: date,
    by: User,
    economies: Mapping[str, date | None],
    application: Application | None = None,
    applicant: Applicant | None = None,
    enterprise: Enterprise | None = None,
    holder_name: str = "",
    passport_number: str = "",
    passport_until: date | None = None,
    id_number: str = "",
    custody: str = Custody.ENTERPRISE,
    custody_note: str = "",
    kind: str = EventKind.ISSUED,
    nonce: str | None = None,
) -> Card:
    """Enter a card that was handed out; what the application or applicant knows is taken over.

    The same `nonce` again gives the card that it made. Raises CardRefused.
    """
    seen = _seen(nonce)
    if seen:
        return seen.card
    if application is not None:
        applicant, enterprise = application.applicant, application.enterprise
    if applicant is not None:
        enterprise = enterprise or applicant.enterprise
        holder_name = holder_name or applicant.name
        id_number = applicant.id_number
        passport_number = passport_number or applicant.passport_number
        passport_until = passport_until or applicant.passport_expires_on
    if enterprise is None or not holder_name or not passport_number:
        raise CardRefused("请选择企业和申请人，或者填写持卡人和绑定的护照号码。")
    number, passport_number = plain_number(number), plain_number(passport_number)
    if applicant is not None:
        require_passport(passport_number, applicant)
    require_number(number, passport_number=passport_number)
    require_days(issued_on, card_until, passport_until, economies)
    card = Card(
        enterprise=enterprise,
        applicant=applicant,
        application=application,
        holder_name=holder_name,
        holder_hash=holder_hash(id_number, passport_number),
        number=number,
        number_hash=keyed_hash(number),
        passport_number=passport_number,
        passport_hash=keyed_hash(passport_number),
        issued_on=issued_on,
        card_until=card_until,
        passport_until=passport_until,
        custody=custody,
        custody_note=custody_note,
    )
    require_alone(card)
    card.reckon()
    look_at(card, economies.items(), (), timezone.localdate())
    try:
        with transaction.atomic():
            card.save()
    except IntegrityError:
        # Somebody was quicker by a moment: now his card is there to be named.
        require_alone(card)
        raise
    CardEconomy.objects.bulk_create(
        CardEconomy(card=card, economy=code, valid_until=until) for code, until in economies.items()
    )
    effective_at = day_start(issued_on)
    CardEvent.objects.create(card=card, kind=kind, effective_at=effective_at, by=by, nonce=nonce)
    after = {"ends_on": card.ends_on.isoformat(), "economies": sorted(economies)}
    record("card.issue", card, by=by, after=after)
    if application is not None:
        Filing.objects.filter(application=application).update(has_card=True)
    advance(enterprise=enterprise, to=Stage.HOLDING, by=by)
    _succeed(card, by=by)
    return card


@transaction.atomic
def mark(
    card: Card,
    *,
    kind: str,
    by: User | None,
    effective_at: datetime | None = None,
    detail: str = "",
    nonce: str | None = None,
    ok: bool = True,
    reason_code: str = "",
    actor: str = "",
) -> CardEvent:
    """Write an event, and the status that follows from it; the only writer of `Card.status`.

    The same `nonce` again gives the event that it made. Raises CardRefused where the card is in
    no state for it, and the words say who was first; or when the time is impossible.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    seen = _seen(nonce)
    if seen:
        return seen
    now = timezone.now()
    effective_at = effective_at or now
    _require_moment(locked, effective_at, now)
    move = MOVES.get(kind) if ok else None
    before = locked.status
    if move:
        if locked.status not in move.sources:
            raise CardRefused(_too_late(locked, kind))
        locked.status = card.status = _target(locked, kind)
        locked.version = card.version = locked.version + 1
        look_anew(locked)
        locked.save(update_fields=["status", "version", "first_end_on", "next_radar_on"])
    event = CardEvent.objects.create(
        card=locked,
        kind=kind,
        effective_at=effective_at,
        by=by,
        detail=text.line(detail)[:500],
        nonce=nonce,
        ok=ok,
        reason_code=reason_code,
        actor=actor,
    )
    record(
        "card.mark",
        locked,
        by=by,
        before={"status": before},
        after={"event": EventKind(kind).label, "status": locked.status, "ok": ok},
    )
    return event


def _succeed(card: Card, *, by: User) -> None:
    """The card that 续办, 换卡 or 补卡 began with says which one came after it."""
    if card.application_id is None:
        return
    request = CardRequest.objects.filter(application=card.application_id, card__isnull=False)
    found = request.select_related("card").first()
    if found is None or found.card is None or found.card.replaced_by_id is not None:
        return
    old = found.card
    old.replaced_by = card
    old.version += 1
    old.save(update_fields=["replaced_by", "version"])
    mark(old, kind=EventKind.REPLACED, by=by, detail=f"新卡{card.masked_number}")


def day_start(day: date) -> datetime:
    """The first moment of a day by the station's clock, for what is known by its day alone."""
    return datetime.combine(day, time.min, STATION_TIME)


def require_days(
    issued_on: date,
    card_until: date,
    passport_until: date | None,
    economies: Mapping[str, date | None],
) -> None:
    """Refuse days that cannot be, or that have not come. Raises CardRefused with the field."""
    for fault in faults_of_days(issued_on, card_until, passport_until, economies):
        raise fault


def faults_of_days(
    issued_on: date,
    card_until: date | None,
    passport_until: date | None,
    economies: Mapping[str, date | None],
) -> Iterator[CardRefused]:
    """Everything that is wrong with the days of a card, each with its field."""
    if issued_on > timezone.localdate():
        yield CardRefused(
            f"发卡日期{day_words(issued_on)}还没有到，请对照卡面填写。", field="issued_on"
        )
    yield from faults_of_order(
        issued_on=issued_on,
        card_until=card_until,
        passport_until=passport_until,
        economies=economies,
    )


def require_passport(passport_number: str, applicant: Applicant) -> None:
    """A card is tied to the passport that its applicant has. Raises CardRefused."""
    if passport_number != applicant.passport_number:
        raise CardRefused(
            "护照号码与申请人登记的不一致。卡只和它绑定的护照一起有效："
            "申请人换过护照的，请先在申请人页面更正护照，再登记卡；填错的，请对照护照改正。",
            field="passport_number",
        )


def require_alone(card: Card) -> None:
    """Refuse a number that is entered already, and a second live card of one person."""
    others = Card.objects.exclude(pk=card.pk).select_related("enterprise")
    same = others.filter(number_hash=card.number_hash).first()
    if same:
        raise CardRefused(
            f"这个卡号已经登记过：{_whose(same, card)}，{day_words(same.created_at)}登记。"
            "请在卡片列表里按卡号查找。",
            field="number",
        )
    own = others.live().filter(holder_hash=card.holder_hash).first()
    own = own or others.live().filter(passport_hash=card.passport_hash).first()
    if own:
        raise CardRefused(
            f"{_whose(own, card)}还有一张{own.get_status_display()}的卡（{own.masked_number}）。"
            "一个人只能有一张卡：旧卡先注销，再登记新卡。",
            field="number",
        )


def _whose(other: Card, card: Card) -> str:
    """Whose it is, for who may see that; a stranger's card is named by nothing."""
    if other.enterprise_id != card.enterprise_id:
        return "持卡人在别的企业"
    return other.holder_name


def _seen(nonce: str | None) -> CardEvent | None:
    if not nonce:
        return None
    return CardEvent.objects.select_related("card").filter(nonce=nonce).first()


def _require_moment(card: Card, effective_at: datetime, now: datetime) -> None:
    if effective_at > now:
        raise CardRefused(f"填写的时间{moment_words(effective_at)}还没有到。", field="effective_at")
    if timezone.localtime(effective_at).date() < card.issued_on:
        raise CardRefused(
            f"填写的时间{moment_words(effective_at)}早于发卡日期{day_words(card.issued_on)}，请核对。",
            field="effective_at",
        )


def _target(card: Card, kind: str) -> str:
    """The status that follows; who drops a cancellation has a lost card still lost, and who finds
    one that is to be cancelled still has to hand it in."""
    if kind == EventKind.FOUND and Cancellation.objects.open().filter(card=card).exists():
        return Card.Status.CANCELLING
    if kind == EventKind.CANCEL_DROPPED:
        turns = card.events.filter(kind__in=(EventKind.LOST, EventKind.FOUND), ok=True)
        last = turns.order_by("id").last()
        if last is not None and last.kind == EventKind.LOST:
            return Card.Status.LOST
    return MOVES[kind].target


def _too_late(card: Card, kind: str) -> str:
    """Why this cannot be now, and who entered what stands in the way."""
    label = EventKind(kind).label
    last = card.events.filter(kind__in=MOVES, ok=True).select_related("by").last()
    words = f"这张卡{card.get_status_display()}，不能再登记“{label}”。"
    if last is None:
        return words
    return (
        f"{words}{moment_words(last.recorded_at)}{last.who}"
        f"已经登记了“{last.get_kind_display()}”，请先看卡片记录。"
    )

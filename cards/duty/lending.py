"""Register of use: a card handed out and taken back, and what both sides confirm.

Each step is an event of the card too (`cards.holding.services.mark`), and so is an attempt that
was refused, with a reason of a closed list.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from cards.duty.rules import return_days_of
from cards.holding.services import mark
from cards.models import (
    Card,
    CardEvent,
    ConfirmationLink,
    EventKind,
    Keeper,
    Lending,
    RefusalReason,
)
from cards.refusals import Refusal
from core.crypto import keyed_hash
from core.dates import day_words, moment_words
from materials.economies import NAMES
from parameters.values import number

TOKEN_BYTES = 24
# How the trail names somebody without an account.
BORROWER = "领用人（凭链接）"
BORROWER_HERE = "领用人（在保管人手机上）"
LONGEST_TRIP = timedelta(days=366)
DETAIL = 500


class LendingRefused(Refusal):
    """A card cannot be handed out or taken back so.

    `reason` where the card itself stands in the way: then the refused attempt is kept.
    """

    def __init__(
        self, words: str, *, field: str | None = None, reason: RefusalReason | None = None
    ) -> None:
        super().__init__(words, field=field)
        self.reason = reason


class LendingLinkRefused(Exception):
    """The address is unknown, too old, used or revoked: the same to whoever opens it."""

    def __init__(self) -> None:
        super().__init__(
            "这个链接已经失效：可能过期了、已经确认过，或者被换成了新的。"
            "请联系单位的保管人，需要时请他重新发一个。"
        )


@dataclass(frozen=True)
class Trip:
    """What a card is asked for."""

    purpose: str
    economies: Sequence[str]
    ends_on: date


# Handing out -------------------------------------------------------------------------------------


def lend(
    card: Card,
    *,
    keeper: Keeper,
    trip: Trip,
    out_at: datetime,
    by: User,
    borrower: str = "",
    nonce: str,
) -> Lending:
    """Hand the card out; the same `nonce` again gives the lending that it made.

    Raises LendingRefused. Where the card stands in the way, the attempt is kept before that.
    """
    try:
        return _lend(
            card, keeper=keeper, trip=trip, out_at=out_at, by=by, borrower=borrower, nonce=nonce
        )
    except LendingRefused as refused:
        if refused.reason is not None:
            _keep_refusal(card, trip=trip, refused=refused, by=by, nonce=nonce)
        raise


@transaction.atomic
def _lend(
    card: Card,
    *,
    keeper: Keeper,
    trip: Trip,
    out_at: datetime,
    by: User,
    borrower: str,
    nonce: str,
) -> Lending:
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    made = locked.lendings.filter(nonce=nonce).first()
    if made is not None:
        return made
    _require_sense(locked, keeper, trip, out_at)
    _require_card(locked, trip, out_at)
    days = return_days_of(locked.enterprise, timezone.localdate(out_at))
    return_by = trip.ends_on + timedelta(days=days)
    try:
        with transaction.atomic():
            lending = Lending.objects.create(
                card=locked,
                enterprise=locked.enterprise,
                keeper=keeper,
                borrower=borrower or locked.holder_name,
                purpose=trip.purpose,
                economies=[code for code in NAMES if code in set(trip.economies)],
                trip_ends_on=trip.ends_on,
                return_by=return_by,
                out_at=out_at,
                remind_on=return_by,
                nonce=nonce,
                created_by=by,
            )
    except IntegrityError:
        raise LendingRefused(_lent_words(locked), reason=RefusalReason.LENT) from None
    mark(
        locked,
        kind=EventKind.LENT,
        by=by,
        effective_at=out_at,
        detail=f"{lending.economy_names}，{trip.purpose}，最晚{day_words(return_by)}归还"[:DETAIL],
        nonce=f"{nonce}:out",
    )
    return lending


def _require_sense(card: Card, keeper: Keeper, trip: Trip, out_at: datetime) -> None:
    """What was typed agrees with itself, whatever card it is."""
    now = timezone.now()
    day = timezone.localdate(out_at)
    if keeper.enterprise_id != card.enterprise_id or keeper.ended_on is not None:
        raise LendingRefused("这位保管人现在不保管本单位的卡，请重新选择。", field="keeper")
    if out_at > now:
        raise LendingRefused(
            f"领用时间{moment_words(out_at)}还没有到。卡交出去时再登记。", field="out_at"
        )
    if day < card.issued_on:
        raise LendingRefused(
            f"领用时间早于发卡日期{day_words(card.issued_on)}，请核对。", field="out_at"
        )
    if not trip.economies:
        raise LendingRefused("请勾选要去的经济体。", field="economies")
    twice = [code for code, times in Counter(trip.economies).items() if times > 1]
    if twice:
        name = NAMES.get(twice[0], twice[0])
        raise LendingRefused(f"{name}填了两次，请只留一次。", field="economies")
    if trip.ends_on < day:
        raise LendingRefused(
            f"预计回国日期{day_words(trip.ends_on)}早于领用日期{day_words(day)}，请核对。",
            field="trip_ends_on",
        )
    if trip.ends_on > day + LONGEST_TRIP:
        raise LendingRefused(
            f"预计回国日期{day_words(trip.ends_on)}离领用一年以上，请核对年份。",
            field="trip_ends_on",
        )


def _require_card(card: Card, trip: Trip, out_at: datetime) -> None:
    """The card is good for this trip, and in the keeper's hands."""
    statuses = {
        Card.Status.LOST: (RefusalReason.LOST, "这张卡已经挂失，不能领用。找回的，请先登记找回。"),
        Card.Status.CANCELLING: (RefusalReason.CANCELLING, "这张卡正在注销，不能再领用。"),
        Card.Status.CANCELLED: (RefusalReason.CANCELLED, "这张卡已经注销，不能领用。"),
    }
    if found := statuses.get(Card.Status(card.status)):
        raise LendingRefused(found[1], reason=found[0])
    if card.ends_on < timezone.localdate(out_at):
        raise LendingRefused(
            f"这张卡{day_words(card.ends_on)}已经到期，不能领用。请办理续办，或先办签证。",
            reason=RefusalReason.OVER,
        )
    if card.lendings.out().exists():
        raise LendingRefused(_lent_words(card), reason=RefusalReason.LENT)
    later = card.lendings.filter(back_at__gt=out_at).order_by("out_at").first()
    if later is not None:
        raise LendingRefused(
            f"这张卡{moment_words(later.out_at)}到{moment_words(later.back_at)}由"
            f"{later.borrower}领用，和您填写的领用时间{moment_words(out_at)}重叠，请核对时间。",
            field="out_at",
            reason=RefusalReason.OVERLAPS,
        )
    _require_economies(card, trip)
    if card.ends_on < trip.ends_on:
        raise LendingRefused(
            f"这张卡{day_words(card.ends_on)}到期，早于预计回国日期{day_words(trip.ends_on)}，"
            "回国前就不能用了。请改行程，或另办签证。",
            field="trip_ends_on",
            reason=RefusalReason.ENDS_MEANWHILE,
        )


def _require_economies(card: Card, trip: Trip) -> None:
    on_back = {one.economy: one for one in card.economies.all()}
    absent = [NAMES.get(code, code) for code in trip.economies if code not in on_back]
    if absent:
        raise LendingRefused(
            f"卡背没有{'、'.join(absent)}，持这张卡不能免签进入，没有办理领用。请另办签证；"
            "只去别的经济体的，请去掉它再登记。",
            field="economies",
            reason=RefusalReason.NO_ECONOMY,
        )
    for code in trip.economies:
        ends_on = on_back[code].ends_on
        if ends_on < min(trip.ends_on, card.ends_on):
            raise LendingRefused(
                f"{NAMES[code]}在卡上只到{day_words(ends_on)}，早于预计回国日期"
                f"{day_words(trip.ends_on)}，没有办理领用。请改行程，或另办签证。",
                field="economies",
                reason=RefusalReason.ECONOMY_OVER,
            )


def _lent_words(card: Card) -> str:
    lending = card.lendings.out().first()
    if lending is None:
        return "这张卡刚刚有人登记领用，请刷新页面查看。"
    return (
        f"这张卡{moment_words(lending.out_at)}已由{lending.borrower}领用，还没有归还，"
        f"最晚{day_words(lending.return_by)}归还。请先登记归还，再登记新的领用。"
    )


def _keep_refusal(card: Card, *, trip: Trip, refused: LendingRefused, by: User, nonce: str) -> None:
    """A row for the refused attempt, in a transaction of its own; a double click adds no second."""
    names = "、".join(NAMES.get(code, code) for code in dict.fromkeys(trip.economies))
    mark(
        card,
        kind=EventKind.LENDING_REFUSED,
        by=by,
        detail=f"{names}，{trip.purpose}：{refused}"[:DETAIL],
        nonce=f"{nonce}:{refused.reason}",
        ok=False,
        reason_code=str(refused.reason),
    )


# Taking back -------------------------------------------------------------------------------------


def take_back(
    card: Card, *, keeper: Keeper, back_at: datetime, note: str, by: User, nonce: str
) -> Lending:
    """The keeper has the card in his hands again. Twice is once. Raises LendingRefused."""
    try:
        return _take_back(card, keeper=keeper, back_at=back_at, note=note, by=by, nonce=nonce)
    except LendingRefused as refused:
        if refused.reason is not None:
            trip = Trip("登记归还", (), timezone.localdate())
            _keep_refusal(card, trip=trip, refused=refused, by=by, nonce=nonce)
        raise


@transaction.atomic
def _take_back(
    card: Card, *, keeper: Keeper, back_at: datetime, note: str, by: User, nonce: str
) -> Lending:
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    lending = locked.lendings.out().select_for_update(no_key=True, of=("self",)).first()
    if lending is None:
        last = locked.lendings.order_by("-back_at").first()
        if last is not None and CardEvent.objects.filter(nonce=f"{nonce}:back").exists():
            return last
        raise LendingRefused(
            "这张卡没有领用出去的记录，不能登记归还。"
            + (f"上一次已于{moment_words(last.back_at)}归还。" if last else "请先登记领用。"),
            reason=RefusalReason.NOT_RETURNABLE,
        )
    if keeper.enterprise_id != locked.enterprise_id or keeper.ended_on is not None:
        raise LendingRefused("这位保管人现在不保管本单位的卡，请重新选择。", field="keeper")
    if back_at > timezone.now():
        raise LendingRefused(f"归还时间{moment_words(back_at)}还没有到。", field="back_at")
    if back_at < lending.out_at:
        raise LendingRefused(
            f"归还时间{moment_words(back_at)}早于领用时间{moment_words(lending.out_at)}，请核对。",
            field="back_at",
        )
    lending.back_at, lending.back_keeper, lending.back_note = back_at, keeper, note
    lending.remind_on = None
    lending.save(update_fields=["back_at", "back_keeper", "back_note", "remind_on"])
    lending.links.live().filter(what=ConfirmationLink.What.OUT).update(revoked_at=timezone.now())
    mark(
        locked,
        kind=EventKind.TAKEN_BACK,
        by=by,
        effective_at=back_at,
        detail=note,
        nonce=f"{nonce}:back",
    )
    return lending


# Both sides confirm ------------------------------------------------------------------------------


@transaction.atomic
def confirm(lending: Lending, *, what: str, way: str, by: User | None, actor: str) -> Lending:
    """The borrower says that he has the card, or has given it back. Twice is once.

    `by` is the account of whose phone it was; None where he came by the link. Raises
    LendingRefused where there is nothing to confirm.
    """
    locked = Lending.objects.select_for_update(no_key=True).get(pk=lending.pk)
    is_out = what == ConfirmationLink.What.OUT
    if (locked.out_confirmed_at if is_out else locked.back_confirmed_at) is not None:
        return locked
    if not is_out and locked.back_at is None:
        raise LendingRefused("卡还没有登记归还，请先由保管人登记收回。")
    if is_out and locked.back_at is not None:
        raise LendingRefused("这次领用已经归还，不用再确认收到。")
    now = timezone.now()
    if is_out:
        locked.out_confirmed_at, locked.out_way = now, way
        locked.save(update_fields=["out_confirmed_at", "out_way"])
    else:
        locked.back_confirmed_at, locked.back_way = now, way
        locked.save(update_fields=["back_confirmed_at", "back_way"])
    locked.links.live().filter(what=what).update(revoked_at=now)
    with done_by(actor):
        mark(
            locked.card,
            kind=EventKind.BORROWED if is_out else EventKind.RETURNED,
            by=by,
            detail=Lending.Way(way).label,
            actor=f"{locked.borrower}（领用人）"[:60],
            nonce=f"lending:{locked.pk}:{what}",
        )
    return locked


@transaction.atomic
def give_link(lending: Lending, *, by: User) -> tuple[str, ConfirmationLink]:
    """The token of a new link for what is to be confirmed now; the one before ends.

    It is not stored, and not shown again. Raises LendingRefused where all is confirmed.
    """
    locked = Lending.objects.select_for_update(no_key=True).get(pk=lending.pk)
    if locked.is_confirmed:
        raise LendingRefused("领用人已经确认，不用再发链接。")
    what = ConfirmationLink.What.OUT if locked.is_out else ConfirmationLink.What.BACK
    now = timezone.now()
    locked.links.live().update(revoked_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ConfirmationLink.objects.create(
        lending=locked,
        what=what,
        token_hash=keyed_hash(token),
        created_by=by,
        expires_at=now + timedelta(days=number("duty.link_days")),
    )
    record("duty.give_link", locked, by=by, after={"until": link.expires_at.isoformat()})
    return token, link


def link_of(token: str) -> ConfirmationLink:
    """The link with this token while it works. Raises LinkRefused."""
    links = ConfirmationLink.objects.live().filter(token_hash=keyed_hash(token))
    link = links.select_related("lending__card", "lending__enterprise", "created_by").first()
    if link is None or not link.created_by.is_active:
        raise LendingLinkRefused
    return link


@transaction.atomic
def confirm_by_link(link: ConfirmationLink) -> Lending:
    """The borrower confirms by his link, which works once. Raises LinkRefused, LendingRefused."""
    locked = ConfirmationLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if locked.used_at or locked.revoked_at or locked.expires_at <= timezone.now():
        raise LendingLinkRefused
    locked.used_at = timezone.now()
    locked.save(update_fields=["used_at"])
    return confirm(locked.lending, what=locked.what, way=Lending.Way.LINK, by=None, actor=BORROWER)

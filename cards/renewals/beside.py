"""What goes on beside the cancellation of a card: its successor, and the register of use."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.kinds import CARD_MAKING
from applications.models import Application
from applications.services import moves
from applications.workflow import Status
from cards.holding.services import day_start, mark
from cards.models import Card, ConfirmationLink, EventKind
from cards.renewals.refusals import ServiceRefused


def begun_on(card: Card) -> list[Application]:
    """续办, 换卡 and 补卡 of this card that are not decided yet."""
    found = Application.objects.open().filter(card_request__card=card, kind__in=CARD_MAKING)
    return list(found.order_by("id"))


def require_successor(card: Card) -> None:
    """Refuse to cancel a good card for a new one that nobody has approved. Raises ServiceRefused.

    A card that is lost or over loses nothing by it.
    """
    if card.status != Card.Status.IN_USE or card.is_over:
        return
    approved = Application.objects.filter(
        card_request__card=card, kind__in=CARD_MAKING, status=Status.ENDORSED
    )
    if approved.exists():
        return
    begun = begun_on(card)
    if begun:
        case = begun[0]
        then = f"{case.service.label}（{case.reference}）核准以后，再来办旧卡注销。"
    else:
        then = "请先办续办或换卡，核准以后再来办旧卡注销。"
    raise ServiceRefused(f"现在不用注销旧卡：旧卡照常使用，到期为止。{then}")


@transaction.atomic
def close_drafts(
    card: Card, *, words: str, by: User
) -> tuple[list[Application], list[Application]]:
    """The holder has no business with a card: his drafts for a new one are closed.

    What was submitted is left to people: the second list. Both name cases of this card alone.
    """
    closed, left = [], []
    for application in begun_on(card):
        if application.status == Status.DRAFT:
            moves.withdraw(application, reason=f"持卡人{words}，原卡注销", by=by)
            closed.append(application)
        else:
            left.append(application)
    return closed, left


def end_lending(card: Card, *, on: date, words: str, by: User) -> None:
    """A card that the station has is lent to nobody any more; the register says where it went."""
    lending = card.lendings.out().select_for_update(no_key=True, of=("self",)).first()
    if lending is None:
        return
    now = timezone.now()
    at = now if on == timezone.localdate() else max(day_start(on), lending.out_at)
    lending.back_at, lending.back_keeper = at, lending.keeper
    lending.back_note, lending.remind_on = words, None
    lending.save(update_fields=["back_at", "back_keeper", "back_note", "remind_on"])
    lending.links.live().filter(what=ConfirmationLink.What.OUT).update(revoked_at=now)
    mark(card, kind=EventKind.TAKEN_BACK, by=by, effective_at=at, detail=words)

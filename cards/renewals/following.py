"""What happens to a card when the application that concerns it moves; see its AppConfig."""

from django.db.models import Q

from applications.kinds import Kind
from applications.models import Applicant, StatusChange
from applications.workflow import Status
from cards.models import Card
from cards.renewals.cancellations import approved, drop

# With one of these in hand nobody begins anew; one that is being cancelled makes room.
IN_HAND = (Card.Status.IN_USE, Card.Status.LOST)
ENDED = frozenset({Status.WITHDRAWN, Status.DECLINED})


def follow(change: StatusChange) -> None:
    """A cancellation that comes to nothing lets the card be used; one agreed to goes on."""
    if change.application.kind != Kind.CANCEL:
        return
    if change.to_status in ENDED:
        drop(change.application, by=change.by)
    elif change.to_status == Status.ENDORSED:
        approved(change.application)


def why_not_new(applicant: Applicant) -> str:
    """Who has a card renews or exchanges it; the reason in a sentence, empty where he has none."""
    own = Q(applicant=applicant) | Q(holder_hash=applicant.id_number_hash)
    cards = Card.objects.filter(own, enterprise=applicant.enterprise_id, status__in=IN_HAND)
    card = cards.first()
    if card is None:
        return ""
    what = (
        "挂失的，请办补卡；找回了的，请登记找回"
        if card.status == Card.Status.LOST
        else ("快到期或已到期的，请办续办；护照或信息变了的，请办换卡")
    )
    return (
        f"{applicant.name}已有一张商务旅行卡（{card.masked_number}），一个人只能有一张，不能再新办。"
        f"{what}：打开这张卡，选“这张卡要办什么”。"
    )

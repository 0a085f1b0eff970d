"""Why a card cannot be handed out now whatever is typed, and where that is changed."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from cards.models import Card
from core.dates import day_words, moment_words

WORDS: Final = {
    Card.Status.LOST: ("这张卡已经挂失，不能领用。找回的，先登记找回。", "看这张卡"),
    Card.Status.CANCELLING: ("这张卡正在注销，不能再领用。", "看这张卡"),
    Card.Status.CANCELLED: ("这张卡已经注销，不能领用。", "看这张卡"),
}


@dataclass(frozen=True)
class LendingStop:
    words: str
    url: str
    act: str


def stop_of(card: Card) -> LendingStop | None:
    """`cards.duty.lending` refuses the same, and keeps the attempt."""
    if found := WORDS.get(Card.Status(card.status)):
        words, act = found
        return LendingStop(words, card.get_absolute_url(), act)
    lending = card.lendings.out().first()
    if lending is None:
        return None
    words = (
        f"这张卡{moment_words(lending.out_at)}已由{lending.borrower}领用，还没有归还，"
        f"最晚{day_words(lending.return_by)}归还。先登记归还，再登记新的领用。"
    )
    return LendingStop(words, reverse("cards:lending_return", args=[card.pk]), "登记归还")

"""Which events change a card's status, from which to which: the one table of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cards.models import LIVE, Card, EventKind

S = Card.Status


@dataclass(frozen=True)
class CardMove:
    sources: frozenset[str]
    target: str


MOVES: Final[Mapping[str, CardMove]] = {
    EventKind.LOST: CardMove(frozenset({S.IN_USE, S.CANCELLING}), S.LOST),
    EventKind.FOUND: CardMove(frozenset({S.LOST}), S.IN_USE),
    EventKind.CANCEL_ASKED: CardMove(frozenset({S.IN_USE, S.LOST}), S.CANCELLING),
    EventKind.CANCEL_DROPPED: CardMove(frozenset({S.CANCELLING}), S.IN_USE),
    EventKind.CANCELLED: CardMove(frozenset(LIVE), S.CANCELLED),
}

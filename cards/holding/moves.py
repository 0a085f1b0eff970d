"""Which events change a card's status, from which to which: the one table of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cards.models import LIVE, Card, EventKind

S = Card.Status


@dataclass(frozen=True)
class Move:
    sources: frozenset[str]
    target: str


MOVES: Final[Mapping[str, Move]] = {
    EventKind.LOST: Move(frozenset({S.IN_USE, S.CANCELLING}), S.LOST),
    EventKind.FOUND: Move(frozenset({S.LOST}), S.IN_USE),
    EventKind.CANCEL_ASKED: Move(frozenset({S.IN_USE, S.LOST}), S.CANCELLING),
    EventKind.CANCEL_DROPPED: Move(frozenset({S.CANCELLING}), S.IN_USE),
    EventKind.CANCELLED: Move(frozenset(LIVE), S.CANCELLED),
}

"""The numbers of one card, shown in this session for a while after a click."""

from accounts.audit import record
from accounts.requests import SignedInRequest
from cards.models import Card
from core.shown_for_a_while import is_shown, show_for_a_while

KEY = "revealed_card"


def reveal_for_a_while(request: SignedInRequest, card: Card) -> None:
    """One card at a time; the audit trail says who saw its numbers."""
    record("card.reveal", card, by=request.user)
    show_for_a_while(request, KEY, card.pk)


def is_revealed(request: SignedInRequest, card: Card) -> bool:
    return is_shown(request, KEY, card.pk)

"""The numbers of one card, shown in this session for a while after a click."""

from datetime import timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.audit import record
from accounts.requests import SignedInRequest
from cards.models import Card

SHOWN_FOR = timedelta(minutes=10)
KEY = "revealed-card"


def reveal_for_a_while(request: SignedInRequest, card: Card) -> None:
    """One card at a time; the audit trail says who saw its numbers."""
    record("card.reveal", card, by=request.user)
    until = timezone.now() + SHOWN_FOR
    request.session[KEY] = [card.pk, until.isoformat()]


def is_revealed(request: SignedInRequest, card: Card) -> bool:
    kept = request.session.get(KEY)
    until = parse_datetime(kept[1]) if kept and kept[0] == card.pk else None
    return until is not None and timezone.now() < until

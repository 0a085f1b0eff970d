"""Ends of cards as days in a person's calendar: it names neither holder nor enterprise."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils import timezone

from accounts.models import User
from cards.holding.radar import Rules, standing_ends
from cards.models import Card
from core.dates import months_later
from parameters.values import load_parameters
from reviews.calendar_days import CalendarDay

AHEAD_MONTHS: Final = 18
MOST_CARDS: Final = 200


def calendar_days(user: User) -> Iterator[CalendarDay]:
    """Of the cards that this person sees when each end comes, and when to begin to renew."""
    today = timezone.localdate()
    rules = Rules.of(load_parameters(today))
    cards = Card.objects.visible_to(user).ending_by(months_later(today, AHEAD_MONTHS))
    for card in cards.prefetch_related("economies", "radar_marks")[:MOST_CARDS]:
        for end in standing_ends(card):
            if end.day >= today:
                yield _day(card, f"end-{end.subject}", f"{end.label}到期", end.day)
                begin = max(rules.begin_on(end.day), card.issued_on)
                yield _day(card, f"begin-{end.subject}", f"{end.label}到期，今天起续办", begin)


def _day(card: Card, what: str, words: str, day: date) -> CalendarDay:
    return CalendarDay(
        f"card-{card.pk}-{what}",
        f"商务旅行卡（尾号{card.number[-4:]}）：{words}",
        card.get_absolute_url(),
        day,
    )

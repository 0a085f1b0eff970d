"""A card as an import compares and writes it: its state, in JSON values by column."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Count
from django.utils import timezone

from cards.holding.economies_read import parse_economies, write_economies
from cards.holding.radar import look_at, settled_of
from cards.models import Card, CardEconomy, CardEvent, RadarMark
from core.crypto import keyed_hash
from imports.kinds import State

Economies = dict[str, date | None]
# Fields of a card that a row may set, by the column that holds them.
FIELDS: Final = ("holder_name", "passport_number", "custody", "custody_note")
DAYS: Final = ("issued_on", "card_until", "passport_until")
WRITTEN_FIELDS: Final = (
    *FIELDS,
    *DAYS,
    "passport_hash",
    "holder_hash",
    "applicant",
    "ends_on",
    "first_end_on",
    "next_radar_on",
    "version",
)


def economies_of(cards: Iterable[Card]) -> dict[int, Economies]:
    """The economies of these cards, by the cards' numbers: as values, since rows are many."""
    found: dict[int, Economies] = defaultdict(dict)
    rows = CardEconomy.objects.filter(card__in=[card.pk for card in cards])
    for pk, code, until in rows.values_list("card", "economy", "valid_until"):
        found[pk][code] = until
    return found


def state_of(card: Card, economies: Economies) -> State:
    """A card as an import compares it; with its enterprise."""
    return {
        "credit_code": card.enterprise.credit_code,
        "enterprise": card.enterprise.name,
        "holder_name": card.holder_name,
        "number": card.number,
        "passport_number": card.passport_number,
        **{code: day.isoformat() if (day := getattr(card, code)) else "" for code in DAYS},
        "economies": write_economies(economies),
        "custody": card.custody,
        "custody_note": card.custody_note,
        "holder": card.holder_hash,
        "applicant": card.applicant_id,
    }


def settled_ends(cards: Iterable[Card]) -> dict[int, list[tuple[str, date]]]:
    """What of these cards' ends somebody has dealt with, by the cards' numbers."""
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for mark in RadarMark.objects.filter(card__in=[card.pk for card in cards]):
        found[mark.card_id] += settled_of([mark])
    return found


def filled(
    card: Card, state: State, enterprise_pk: int, settled: Collection[tuple[str, date]] = ()
) -> Card:
    """The card with everything that follows from what it is; the radar looks at it anew."""
    card.enterprise_id = enterprise_pk
    for code in FIELDS:
        setattr(card, code, state[code])
    card.number = state["number"]
    card.issued_on = date.fromisoformat(state["issued_on"])
    card.card_until = date.fromisoformat(state["card_until"])
    card.passport_until = as_day(state["passport_until"])
    card.number_hash = keyed_hash(card.number)
    card.passport_hash = keyed_hash(card.passport_number)
    card.holder_hash = state["holder"]
    card.applicant_id = state["applicant"]
    card.reckon()
    look_at(card, parse_economies(state["economies"]).items(), settled, timezone.localdate())
    return card


def as_day(kept: str) -> date | None:
    return date.fromisoformat(kept) if kept else None


def relied_on(targets: Sequence[int]) -> set[int]:
    """Cards of which more is known than the import said: an event, or a row of another table."""
    cards = Card.objects.filter(pk__in=targets)
    events = cards.annotate(count=Count("events")).filter(count__gt=1)
    found = set(events.values_list("pk", flat=True))
    for relation in Card._meta.related_objects:
        model: Any = relation.related_model
        if model not in (CardEvent, CardEconomy):
            rows = model._default_manager.filter(**{f"{relation.field.name}__in": targets})
            found |= set(rows.values_list(f"{relation.field.name}_id", flat=True))
    return found

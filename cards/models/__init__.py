"""The rows of this room; import them from here."""

from cards.models.cards import (
    LIVE,
    Card,
    CardEconomy,
    CardEvent,
    CardPage,
    CardQuerySet,
    Custody,
    EventKind,
)
from cards.models.filings import (
    EconomyApproval,
    Filing,
    FilingEvent,
    FilingPage,
    FilingQuerySet,
    Source,
)

__all__ = [
    "LIVE",
    "Card",
    "CardEconomy",
    "CardEvent",
    "CardPage",
    "CardQuerySet",
    "Custody",
    "EconomyApproval",
    "EventKind",
    "Filing",
    "FilingEvent",
    "FilingPage",
    "FilingQuerySet",
    "Source",
]

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
from cards.models.renewals import Cancellation, CancellationQuerySet, CardRequest, LossReport

__all__ = [
    "LIVE",
    "Cancellation",
    "CancellationQuerySet",
    "Card",
    "CardEconomy",
    "CardEvent",
    "CardPage",
    "CardQuerySet",
    "CardRequest",
    "Custody",
    "EconomyApproval",
    "EventKind",
    "Filing",
    "FilingEvent",
    "FilingPage",
    "FilingQuerySet",
    "LossReport",
    "Source",
]

"""The rows of this room; import them from here."""

from cards.models.filings import (
    EconomyApproval,
    Filing,
    FilingEvent,
    FilingPage,
    FilingQuerySet,
    Source,
)

__all__ = [
    "EconomyApproval",
    "Filing",
    "FilingEvent",
    "FilingPage",
    "FilingQuerySet",
    "Source",
]

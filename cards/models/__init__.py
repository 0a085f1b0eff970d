"""The rows of this room; import them from here."""

from cards.models.breaches import SUSPENDING, Breach, BreachPage, Measure
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
from cards.models.holding import HolderLink, RadarMark
from cards.models.lendings import ConfirmationLink, Lending, RefusalReason
from cards.models.period_reports import PeriodReport, ReportPeriod
from cards.models.renewals import Cancellation, CancellationQuerySet, CardRequest, LossReport
from cards.models.rules import CollectionLetter, Keeper, ManagementRules, RulesPage
from cards.models.station_texts import StationText
from cards.models.visits import (
    Feedback,
    FeedbackLink,
    FindingEntry,
    FindingPage,
    Visit,
    VisitFinding,
    VisitPage,
)

__all__ = [
    "LIVE",
    "SUSPENDING",
    "Breach",
    "BreachPage",
    "Cancellation",
    "CancellationQuerySet",
    "Card",
    "CardEconomy",
    "CardEvent",
    "CardPage",
    "CardQuerySet",
    "CardRequest",
    "CollectionLetter",
    "ConfirmationLink",
    "Custody",
    "EconomyApproval",
    "EventKind",
    "Feedback",
    "FeedbackLink",
    "Filing",
    "FilingEvent",
    "FilingPage",
    "FilingQuerySet",
    "FindingEntry",
    "FindingPage",
    "HolderLink",
    "Keeper",
    "Lending",
    "LossReport",
    "ManagementRules",
    "Measure",
    "PeriodReport",
    "RadarMark",
    "RefusalReason",
    "ReportPeriod",
    "RulesPage",
    "Source",
    "StationText",
    "Visit",
    "VisitFinding",
    "VisitPage",
]

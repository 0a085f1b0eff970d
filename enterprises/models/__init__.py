"""The rows of this room; import them from here."""

from enterprises.models.enterprises import (
    FROM_LICENCE,
    NAMING,
    Enterprise,
    EnterpriseAgent,
    EnterpriseAgentQuerySet,
    EnterpriseQuerySet,
    HandOver,
    HandOverQuerySet,
    ProofPage,
    StandingDocument,
    StandingDocumentQuerySet,
    StandingPage,
    of_visible,
)
from enterprises.models.ledger import Demand, DemandQuerySet, Stage
from enterprises.models.ledger_filters import BLANK
from enterprises.models.ledger_log import Contact, DemandChange, SavedFilter

__all__ = [
    "BLANK",
    "FROM_LICENCE",
    "NAMING",
    "Contact",
    "Demand",
    "DemandChange",
    "DemandQuerySet",
    "Enterprise",
    "EnterpriseAgent",
    "EnterpriseAgentQuerySet",
    "EnterpriseQuerySet",
    "HandOver",
    "HandOverQuerySet",
    "ProofPage",
    "SavedFilter",
    "Stage",
    "StandingDocument",
    "StandingDocumentQuerySet",
    "StandingPage",
    "of_visible",
]

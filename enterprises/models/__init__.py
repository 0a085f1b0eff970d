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
)

__all__ = [
    "FROM_LICENCE",
    "NAMING",
    "Enterprise",
    "EnterpriseAgent",
    "EnterpriseAgentQuerySet",
    "EnterpriseQuerySet",
    "HandOver",
    "HandOverQuerySet",
    "ProofPage",
    "StandingDocument",
    "StandingDocumentQuerySet",
    "StandingPage",
]

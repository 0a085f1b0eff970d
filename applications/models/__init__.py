"""The rows of this room; import them from here."""

from applications.models.applications import (
    Applicant,
    Application,
    ApplicationQuerySet,
    StatusChange,
)
from applications.models.consents import Consent, ConsentLink, ConsentPage
from applications.models.corrections import Correction, ReturnReason, SheetReading
from applications.models.materials import (
    Material,
    MaterialPage,
    NamedApplicant,
    ProposedPassport,
    Repair,
)

__all__ = [
    "Applicant",
    "Application",
    "ApplicationQuerySet",
    "Consent",
    "ConsentLink",
    "ConsentPage",
    "Correction",
    "Material",
    "MaterialPage",
    "NamedApplicant",
    "ProposedPassport",
    "Repair",
    "ReturnReason",
    "SheetReading",
    "StatusChange",
]

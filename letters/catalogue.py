"""All kinds of letter, in the order in which an enterprise meets them."""

from collections.abc import Mapping
from typing import Final

from applications.models import Application
from letters.codes import LetterCode
from letters.kind import LetterKind
from letters.kinds.application import ApplicationLetter
from letters.kinds.authorisation import Authorisation
from letters.kinds.commitment import Commitment
from letters.kinds.insurance import InsuranceStatement
from letters.kinds.profile import CompanyProfile
from letters.kinds.receipt import Receipt
from letters.kinds.rules import ManagementRulesLetter
from letters.kinds.statement import Cancelling, EarlyPrint, Reissue, Replacement

KINDS: Final[Mapping[str, LetterKind]] = {
    kind.code.value: kind
    for kind in (
        ApplicationLetter(),
        CompanyProfile(),
        Commitment(),
        ManagementRulesLetter(),
        InsuranceStatement(),
        Authorisation(),
        Replacement(),
        Reissue(),
        EarlyPrint(),
        Cancelling(),
        Receipt(),
    )
}
# What is written for the enterprise itself, in no case.
OF_ENTERPRISE: Final = (
    LetterCode.APPLICATION,
    LetterCode.PROFILE,
    LetterCode.COMMITMENT,
    LetterCode.RULES,
    LetterCode.INSURANCE,
    LetterCode.AUTHORISATION,
)


def kinds_for(application: Application) -> list[LetterKind]:
    return [kind for kind in KINDS.values() if kind.fits(application)]

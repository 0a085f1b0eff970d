"""Submitting several applications of one enterprise, each for itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from applications.models import Application
from applications.services.moves import submit
from applications.services.perform import AlreadyDone, MoveRefused


@dataclass(frozen=True)
class CaseOutcome:
    """What became of one of them; `words` say why where it was refused."""

    application: Application
    is_done: bool
    words: str


def submit_each(applications: Iterable[Application], *, by: User) -> list[CaseOutcome]:
    """One that is refused holds no other up."""
    outcomes = []
    for application in applications:
        try:
            submit(application, by=by)
        except AlreadyDone:
            outcomes.append(CaseOutcome(application, True, "已提交，由服务站预审。"))
        except MoveRefused as refusal:
            outcomes.append(CaseOutcome(application, False, str(refusal)))
        else:
            outcomes.append(CaseOutcome(application, True, "已提交，由服务站预审。"))
    return outcomes

"""Sending several applications to the departments at once, each for itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from applications.models import Application
from applications.services.perform import AlreadyDone, MoveRefused
from reviews.services.circulation import circulate


@dataclass(frozen=True)
class Outcome:
    """What became of one of them; `words` say why where it was refused."""

    application: Application
    is_done: bool
    words: str


def circulate_each(applications: Iterable[Application], *, by: User) -> list[Outcome]:
    """Open a table for each; one that is refused holds no other up."""
    outcomes = []
    for application in applications:
        try:
            form = circulate(application, by=by)
        except AlreadyDone:
            outcomes.append(Outcome(application, True, "已送部门审核。"))
        except MoveRefused as refusal:
            outcomes.append(Outcome(application, False, str(refusal)))
        else:
            outcomes.append(
                Outcome(application, True, f"{form.number}已送四个部门，时限开始计算。")
            )
    return outcomes

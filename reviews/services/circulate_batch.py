"""Sending several applications to the departments at once, each for itself."""

from collections.abc import Collection, Iterable, Mapping

from accounts.departments import in_words, parallel
from accounts.models import User
from applications.dossier.pre_review import load_pre_review
from applications.dossier.sheets import Sheet
from applications.models import Application
from applications.services.batch import CaseOutcome
from applications.services.perform import AlreadyDone, MoveRefused
from applications.workflow import Status
from reviews.services.circulation import circulate


def not_gone_through(applications: Iterable[Application]) -> list[tuple[Application, list[Sheet]]]:
    """Applications in pre-review with sheets that were not gone through, and these sheets."""
    waiting = [one for one in applications if one.status == Status.SUBMITTED]
    found = [(one, load_pre_review(one).unread) for one in waiting]
    return [(one, sheets) for one, sheets in found if sheets]


def circulate_each(
    applications: Iterable[Application],
    *,
    by: User,
    despite_unread: Mapping[int, Collection[int]],
) -> list[CaseOutcome]:
    """Open a table for each; one that is refused holds no other up.

    `despite_unread` holds by application what was not gone through and is sent all the same.
    """
    outcomes, count = [], in_words(parallel())
    applications = list(applications)
    for application in applications:
        try:
            table = circulate(
                application,
                by=by,
                despite_unread=despite_unread.get(application.pk, ()),
                is_one_of_several=len(applications) > 1,
            )
        except AlreadyDone:
            outcomes.append(CaseOutcome(application, True, "已送部门审核。"))
        except MoveRefused as refusal:
            outcomes.append(CaseOutcome(application, False, str(refusal)))
        else:
            outcomes.append(
                CaseOutcome(application, True, f"{table.number}已送{count}个部门，时限开始计算。")
            )
    return outcomes

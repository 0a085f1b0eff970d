"""Readers of opinions: who may read every department's words, the police opinion among them.

`OpinionQuerySet.readable_by` and `ReviewTableQuerySet.downloadable_by` rest on this one rule.
"""

from accounts.models import User


def reads_every_opinion(user: User) -> bool:
    """The station, and the liaison of the last department, which decides on what the others said.

    Besides: a liaison reads his own department's (`readable_by`), and the enterprise's agent gets
    the concluded table's PDF with all opinions in it (`downloadable_by`).
    """
    if user.department is not None:
        return user.is_liaison and user.department.signs_last
    return user.is_officer or user.is_supervisor

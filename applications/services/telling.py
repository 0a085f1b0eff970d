"""Telling everything at once: what is asked of the officer before a letter goes out."""

from collections.abc import Collection, Sequence

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.dossier.pre_review import load_pre_review
from applications.dossier.sheets import Sheet
from applications.models import Application, StatusChange
from applications.services import moves
from applications.services.perform import MoveRefused, lock_for
from applications.workflow import Action


class LetterNotGoneThrough(MoveRefused):
    """These sheets have neither been gone through nor been said to be without a problem."""

    def __init__(self, left: Sequence[Sheet]) -> None:
        names = "、".join(sheet.title for sheet in left)
        super().__init__(
            f"还有{len(left)}项没有逐条核对：{names}，没有退回。请核对完，或确认这几项也看过。"
        )


@transaction.atomic
def tell_at_once(
    application: Application,
    *,
    by: User,
    seen: Collection[int],
    despite_unread: Collection[int] = (),
    why: str = "",
) -> StatusChange:
    """Return the application once all of it was gone through, or is said to be.

    `despite_unread` numbers the sheets that the officer says he has looked at without a problem to
    tell; the trail keeps them. `why` is needed where a problem is told only now of what has not
    changed since the last letter. Raises LetterNotGoneThrough and MoveRefused.
    """
    review = load_pre_review(lock_for(application, Action.RETURN, by=by))
    left = review.left_out
    if not {sheet.number for sheet in left} <= set(despite_unread):
        raise LetterNotGoneThrough(left)
    if review.overlooked and not why.strip():
        raise MoveRefused(
            "有的问题上次告知时没有提出，材料也没有变动，没有退回。请写明为什么现在才提出。"
        )
    if left:
        after = {"materials": [sheet.number for sheet in left]}
        record("correction.say_read", application, by=by, after=after)
    return moves.send_back(application, by=by, seen=seen, why=why.strip())

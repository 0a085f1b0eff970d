"""What happens to a card when the application that concerns it moves; see its AppConfig."""

from applications.kinds import Kind
from applications.models import StatusChange
from applications.workflow import Status
from cards.renewals.cancellations import approved, drop

ENDED = frozenset({Status.WITHDRAWN, Status.DECLINED})


def follow(change: StatusChange) -> None:
    """A cancellation that comes to nothing lets the card be used; one agreed to goes on."""
    if change.application.kind != Kind.CANCEL:
        return
    if change.to_status in ENDED:
        drop(change.application, by=change.by)
    elif change.to_status == Status.ENDORSED:
        approved(change.application)

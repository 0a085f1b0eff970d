"""Everything that the page of a filing shows, gathered in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Role, User
from applications.progress import ProgressStep
from cards.filing.board import Board, board_of
from cards.filing.durations import own_ranges
from cards.filing.next_steps import NextEntry, card_of, next_entry
from cards.filing.progress import Stop, progress_of_filing, stops_of, waits_ahead
from cards.models import Card, Filing, FilingEvent
from cards.workflow import STEPS, Stage, StepCode, steps_from
from parameters.values import load_parameters

BEFORE_THE_MINISTRY = frozenset({Stage.TO_REGISTER, Stage.TO_FILE, Stage.RETURNED, Stage.ACCEPTED})


@dataclass(frozen=True)
class Overview:
    filing: Filing
    progress: Sequence[ProgressStep]
    next: NextEntry
    # What else may be entered now, beside the next step.
    others: Sequence[tuple[str, str]]
    stops: Sequence[Stop]
    events: Sequence[FilingEvent]
    board: Board
    can_take_back: bool
    asks_receipt: bool
    card: Card | None

    @property
    def asks_card(self) -> bool:
        """It is in the enterprise's hands, and nobody entered it."""
        return self.card is None and self.filing.at in {Stage.COLLECTED, Stage.ISSUED}

    @property
    def shows_package(self) -> bool:
        """Package and copy sheet are of use now; kinds without a table have both as well."""
        return self.filing.at in BEFORE_THE_MINISTRY

    @property
    def seen(self) -> int:
        return self.events[0].pk if self.events else 0


def overview_of(filing: Filing, user: User) -> Overview:
    """As this reader sees it; whoever enters nothing gets no buttons."""
    parameters = load_parameters()
    events = events_of(filing)
    standing = [event for event in events if event.stands]
    entry = next_entry(filing, parameters, is_agent=user.is_agent)
    may_enter = user.role in (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)
    allowed = steps_from(filing.at, user.role) if may_enter else []
    done = {StepCode.PAID: filing.paid_on, StepCode.INVOICED: filing.invoiced_on}
    others = [
        (code.value, STEPS[code].act)
        for code in allowed
        if code not in entry.steps and not done.get(code)
    ]
    last = standing[-1] if standing else None
    receipts = (StepCode.PAID, StepCode.RECEIPT)
    return Overview(
        filing=filing,
        progress=progress_of_filing(filing),
        next=entry,
        others=[one for one in others if one[0] != StepCode.RECEIPT or filing.paid_on],
        stops=stops_of(filing, standing, parameters, own_ranges(waits_ahead(filing))),
        events=events[::-1],
        board=board_of(filing),
        can_take_back=may_enter and last is not None and (last.by_id == user.pk or user.is_officer),
        asks_receipt=filing.paid_on is not None
        and not any(event.step in receipts and event.pages.all() for event in standing),
        card=card_of(filing),
    )


def events_of(filing: Filing) -> list[FilingEvent]:
    """The oldest first, with whoever entered them, reasons and pictures; in three queries."""
    if not filing.pk:
        return []
    events = filing.events.select_related("by", "taken_back_by", "takes_back").prefetch_related(
        "reasons", "pages"
    )
    return list(events)

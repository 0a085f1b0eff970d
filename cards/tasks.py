"""Periodic work on filings, cards and what is done with them."""

from collections.abc import Callable
from typing import Final

from celery import shared_task

from cards.filing.nudges import remind_of_filings
from cards.followup.digests import care
from cards.holding.radar_sweep import sweep
from cards.renewals.reminders import remind_of_cancellations
from core.sweeping import each

# Each with what it says of the same morning; whoever hears of several has one mail (`together`).
MORNING: Final[tuple[Callable[[], object], ...]] = (
    remind_of_filings,
    remind_of_cancellations,
    sweep,
    care,
)


@shared_task(name="cards.morning")
def morning() -> None:
    """Once a day. What was missed is made good the next morning."""
    each(MORNING, lambda part: part(), what="早上的提醒")

"""The sections of a report in order, one module each: what it counts and how it says it."""

from collections.abc import Callable, Sequence
from typing import Final

from reports.stage.content import ReportSection
from reports.stage.periods import Period
from reports.stage.sections import (
    applications,
    cards,
    consultations,
    coverage,
    follow_up,
    opinions,
    outreach,
    returns,
    times,
)

SECTIONS: Final[Sequence[Callable[[Period], ReportSection]]] = (
    coverage.build,
    applications.build,
    times.build,
    returns.build,
    cards.build,
    outreach.build,
    consultations.build,
    opinions.build,
    follow_up.build,
)

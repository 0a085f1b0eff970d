"""What follows the table in the national system: filings, their entries, the economies."""

from itertools import count as counting

from applications.workflow import Turn
from cards.models import EconomyApproval, Filing, FilingEvent
from cards.workflow import Stage, StepCode
from tests.benchmarks.scale.plan import DAY, FIRST, Case, day, moment
from tests.benchmarks.scale.seeding.room import Room

UNDER_WAY = {
    Turn.AGENT: (Stage.TO_FILE, Stage.RETURNED, Stage.ACCEPTED, Stage.READY),
    Turn.OTHERS: (Stage.FILED, Stage.PAID, Stage.PASSED, Stage.PRINTED),
}
# Step, the stage that it led to, and so many days after the table.
ENTERED = (
    (StepCode.FILED, Stage.TO_FILE, Stage.FILED, 4),
    (StepCode.PASSED, Stage.PAID, Stage.PASSED, 20),
    (StepCode.ISSUED, Stage.COLLECTED, Stage.ISSUED, 60),
)
GRANTED = ("JPN", "VNM")


class Filings(Room):
    def prepare(self) -> None:
        self.filings = self.store.sheet(
            Filing,
            "id", "application_id", "stage", "stage_on", "national_number", "filed_on",
            "accepted_on", "paid_on", "passed_on", "issued_on", "granted_count", "last_entry_at",
            "next_nudge_on", "has_card",
        )  # fmt: skip
        self.events = self.store.sheet(
            FilingEvent,
            "id", "filing_id", "step", "from_stage", "to_stage", "on", "by_id", "at",
            source="system",
        )  # fmt: skip
        self.event_numbers = counting(FIRST)
        self.approvals = self.store.sheet(
            EconomyApproval,
            "filing_id", "economy", "on", "at",
            state="granted", source="system", by_id=self.world.officers[0].pk,
        )  # fmt: skip

    def case(self, case: Case) -> None:
        if not case.is_endorsed or not case.afterwards:
            return
        is_over = case.afterwards == Turn.OVER
        stage = Stage.ISSUED if is_over else UNDER_WAY[Turn(case.afterwards)][case.number // 2 % 4]
        last = case.ended + (60 if is_over else case.number % 25) * DAY
        last = min(last, self.plan.now)
        days = [day(case.ended + after * DAY) if is_over else None for after in (8, 10, 20, 60)]
        self.filings.add((
            case.pk, case.pk, stage, day(last), f"SQ{case.pk:09d}", day(case.ended + 4 * DAY),
            *days, len(GRANTED) if is_over else 0, moment(last),
            None if is_over else day(self.plan.now + case.number % 20 * DAY),
            int(self.world.has_card(case)),
        ))  # fmt: skip
        for step, before, after, late in ENTERED[: 3 if is_over else 1]:
            at = case.ended + late * DAY
            self.events.add((
                next(self.event_numbers), case.pk, step, before, after, day(at), case.agent,
                moment(at),
            ))  # fmt: skip
        if is_over:
            at = case.ended + 30 * DAY
            for economy in GRANTED:
                self.approvals.add((case.pk, economy, day(at), moment(at)))

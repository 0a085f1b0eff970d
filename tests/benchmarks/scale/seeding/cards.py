"""Cards with their economies and events, what the radar said, cancellations and losses."""

from itertools import count as counting

from applications.kinds import Kind
from applications.models import Application
from applications.workflow import Status, Turn
from cards.models import (
    Cancellation,
    Card,
    CardEconomy,
    CardEvent,
    CardRequest,
    EventKind,
    HolderLink,
    LossReport,
    RadarMark,
)
from tests.benchmarks.scale.plan import DAY, FIRST, Case, day, moment, person
from tests.benchmarks.scale.seeding.room import Room
from tests.factories import CardFactory

ECONOMIES = ("JPN", "VNM", "SGP")
LIFE = 5 * 365 * DAY
ISSUED_AFTER = 60 * DAY
# Every so many: lost, with a link of the holder's, cancelled by an application; of the latter the
# newest are under way.
LOST, LINKED, CANCELLED, CANCELLING = 200, 10, 20, 20
S = Card.Status


class Cards(Room):
    def prepare(self) -> None:
        world, store = self.world, self.store
        pattern = CardFactory.create(applicant=world.application.applicant)
        self.cards = store.sheet(
            Card,
            "id", "enterprise_id", "applicant_id", "application_id", "holder_name", "holder_hash",
            "number_hash", "passport_hash", "issued_on", "card_until", "ends_on", "status",
            "custody", "first_end_on", "next_radar_on", "created_at",
            pattern=pattern, passport_until=None,
        )  # fmt: skip
        self.economies = store.sheet(CardEconomy, "card_id", "economy")
        self.events = store.sheet(
            CardEvent, "id", "card_id", "kind", "effective_at", "recorded_at", "by_id", nonce=None
        )
        self.event_numbers = counting(FIRST)
        self.marks = store.sheet(
            RadarMark,
            "card_id", "ends_on", "marked_on", "officers_told_on",
            subject="card", kind="told", months=3,
        )  # fmt: skip
        self.links = store.sheet(HolderLink, "card_id", "token_hash", "created_by_id", "created_at")
        self.losses = store.sheet(
            LossReport,
            "card_id", "noticed_at", "reported_at", "reported_by_id", "found_at",
            how="lost", last_holder="张样例",
        )  # fmt: skip
        self._prepare_cancellations()
        self.cancelling_from = self.plan.newest_cards(CANCELLING * CANCELLED)

    def _prepare_cancellations(self) -> None:
        self.applications = self.store.sheet(
            Application,
            "id", "enterprise_id", "applicant_id", "status", "status_since", "submitted_at",
            "created_by_id", "handled_by_id", "created_at", "afterwards", "follows_id",
            pattern=self.world.application,
            kind=Kind.CANCEL, cause="left", needs_table=False, due_at=None, due_days=None,
        )  # fmt: skip
        self.requests = self.store.sheet(
            CardRequest, "application_id", "card_id", words="持卡人离职"
        )
        self.cancellations = self.store.sheet(
            Cancellation,
            "card_id", "application_id", "happened_on", "due_on", "reported_at", "reported_by_id",
            "handed_in_on", "handed_in_by", "received_by_id", "received_at", "completed_on",
            "next_reminder_on",
        )  # fmt: skip

    def case(self, case: Case) -> None:
        if not self.world.has_card(case):
            return
        issued = case.ended + ISSUED_AFTER
        until = issued + LIFE
        is_expired = until < self.plan.now
        is_cancelled = case.number % 3 == 0 if is_expired else False
        asks = case.number % CANCELLED == 1
        is_cancelling = asks and not is_expired and case.number >= self.cancelling_from
        is_cancelled = is_cancelled or (asks and not is_cancelling)
        is_lost = case.number % LOST == 2 and not is_cancelled
        status = S.IN_USE
        if is_cancelled:
            status = S.CANCELLED
        elif is_cancelling:
            status = S.CANCELLING
        elif is_lost:
            status = S.LOST
        ends, at = day(until), moment(issued)
        # What ended long ago was dealt with.
        first_end = None if is_cancelled or until < self.plan.now - 365 * DAY else ends
        soon = first_end and self.plan.now < until < self.plan.now + 365 * DAY
        self.cards.add((
            case.pk, case.firm, case.pk, case.pk, person(case.number), f"{case.pk:064x}",
            f"{case.pk:064x}", f"{case.pk:064x}", day(issued), ends, ends, status,
            "handed_in" if is_cancelled else "enterprise", first_end,
            day(self.plan.now + 30 * DAY) if soon else None, at,
        ))  # fmt: skip
        for economy in ECONOMIES:
            self.economies.add((case.pk, economy))
        self._event(case, EventKind.ISSUED, issued)
        if is_lost:
            self._event(case, EventKind.LOST, issued + 90 * DAY)
            self.losses.add((
                case.pk, moment(issued + 89 * DAY), moment(issued + 90 * DAY), case.agent, None,
            ))  # fmt: skip
        if is_expired and not is_cancelled:
            told = day(until - 90 * DAY)
            self.marks.add((case.pk, ends, told, told))
        if case.number % LINKED == 3:
            self.links.add((case.pk, f"{case.pk:064x}", case.agent, at))
        if asks:
            self._cancellation(case, issued + 100 * DAY, is_open=is_cancelling)

    def _event(self, case: Case, kind: str, at: int) -> None:
        when = moment(min(at, self.plan.now))
        self.events.add((next(self.event_numbers), case.pk, kind, when, when, case.agent))

    def _cancellation(self, case: Case, at: int, *, is_open: bool) -> None:
        at = min(at, self.plan.now - 3 * DAY)
        pk, when = case.pk + self.plan.count, moment(at)
        status = Status.SUBMITTED if is_open else Status.ENDORSED
        self.applications.add((
            pk, case.firm, case.pk, status, when, when, case.agent, case.agent, when,
            "" if is_open else Turn.OVER, case.pk,
        ))  # fmt: skip
        self.requests.add((pk, case.pk))
        done = None if is_open else day(at + 5 * DAY)
        self.cancellations.add((
            case.pk, pk, day(at), day(at + 10 * DAY), when, case.agent, done,
            "" if is_open else person(case.number), None if is_open else self.world.officer(pk),
            None if is_open else moment(at + 5 * DAY), done,
            day(self.plan.now + 2 * DAY) if is_open else None,
        ))  # fmt: skip
        self._event(case, EventKind.CANCEL_ASKED, at)
        if not is_open:
            self._event(case, EventKind.CANCELLED, at + 5 * DAY)

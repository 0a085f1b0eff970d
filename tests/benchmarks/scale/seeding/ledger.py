"""The demand ledger: a row an enterprise and half as many besides, contacts, stages."""

from itertools import count as counting

from enterprises.models import Contact, Demand, DemandChange, SavedFilter, Stage
from finding.words import company_core
from materials.economies import ECONOMIES
from tests.benchmarks.scale.plan import DAY, FIRST, company, day, moment, person
from tests.benchmarks.scale.seeding.room import Room
from tests.factories import DemandFactory

CONTACTS = 3
STAGES = (Stage.HOLDING, Stage.HOLDING, Stage.CONCLUDED, Stage.SUBMITTED, Stage.TOLD,
          Stage.INTERESTED, Stage.UNTOUCHED)  # fmt: skip
KINDS = ("private", "private", "district", "municipal", "central")
# Of the calls that are to be made some are due; the others lie ahead.
WITH_STEP, OVERDUE = 4, 25


class Ledger(Room):
    def prepare(self) -> None:
        self.rows = self.store.sheet(
            Demand,
            "id", "enterprise_id", "name", "name_core", "credit_code", "kind", "trade", "town",
            "economies", "stage", "is_qualified", "is_key", "next_step", "next_on", "owner_id",
            "contact_name", "told_at", "applied_at", "held_at", "heard_at", "added_at",
            pattern=DemandFactory.create(contact_phone="13900001234"), nonce=None,
        )  # fmt: skip
        self.contacts = self.store.sheet(
            Contact, "demand_id", "kind", "at", "recorded_at", "by_id", "nonce",
            words="介绍了办卡条件和材料，对方说回去商量。", is_telling=True,
        )  # fmt: skip
        self.changes = self.store.sheet(DemandChange, "demand_id", "was", "became", "by_id", "at")
        self.numbers = counting(FIRST + 10 * self.plan.enterprises)
        SavedFilter.objects.create(
            owner=self.world.officers[0], name="待联系", query={"stage": ["untouched"]}
        )

    def firm(self, number: int) -> None:
        self._row(FIRST + number, number, enterprise=FIRST + number)
        if number % 2 == 0:
            self._row(next(self.numbers), number + 7, enterprise=None)

    def _row(self, pk: int, number: int, *, enterprise: int | None) -> None:
        now = self.plan.now
        name = f"重庆市万州区{company(number)}有限公司"
        stage = STAGES[number % len(STAGES)] if enterprise else Stage.UNTOUCHED
        begun = now - (number * 31 % 2500 + 40) * DAY
        told = moment(begun + DAY) if stage != Stage.UNTOUCHED else None
        has_come = stage in {Stage.SUBMITTED, Stage.CONCLUDED, Stage.HOLDING}
        has_step = number % WITH_STEP == 0
        ahead = -number % 20 if number % OVERDUE == 0 else number % 300 + 1
        pair = ECONOMIES[number % 16].code, ECONOMIES[(number * 7 + 3) % 16].code
        self.rows.add((
            pk, enterprise, name, company_core(name),
            f"91500101{number:010d}" if enterprise else "", KINDS[number % 5],
            f"行业{number % 30}", f"镇街{number % 52}", f'["{pair[0]}", "{pair[1]}"]', stage,
            (None, 1, 1, 0)[number % 4], int(number % 40 == 0), "再打电话" if has_step else "",
            day(now + ahead * DAY) if has_step else None,
            self.world.officer(number) if number % 5 else None, person(number), told,
            moment(begun + 60 * DAY) if has_come else None,
            moment(begun + 200 * DAY) if stage == Stage.HOLDING else None, told, moment(begun),
        ))  # fmt: skip
        if told is None:
            return
        officer = self.world.officer(number)
        for place in range(CONTACTS):
            at = moment(min(begun + (1 + place * 100) * DAY, now))
            kind = ("call", "visit", "briefing")[place]
            self.contacts.add((pk, kind, at, at, officer, f"scale-{pk}-{place}"))
        self.changes.add((pk, Stage.UNTOUCHED, Stage.TOLD, officer, told))
        if stage != Stage.TOLD:
            self.changes.add((pk, Stage.TOLD, stage, officer, told))

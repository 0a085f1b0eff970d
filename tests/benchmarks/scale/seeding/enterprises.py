"""Enterprises with an agent and the four standing documents each; a few wait to be verified."""

from accounts.models import User
from enterprises.models import Enterprise, EnterpriseAgent, StandingDocument, StandingPage
from materials.catalogue import ENTERPRISE_NUMBERS
from tests.benchmarks.scale.plan import DAY, FIRST, company, moment, person
from tests.benchmarks.scale.seeding.room import Room

PENDING = 5
DOCUMENTS = len(ENTERPRISE_NUMBERS)
YEARS = 9


class Enterprises(Room):
    def prepare(self) -> None:
        world = self.world
        self.rows = self.store.sheet(
            Enterprise,
            "id", "name", "credit_code", "contact_name", "status", "decided_at", "waiting_since",
            "created_at",
            pattern=world.enterprise,
            decided_by_id=world.officers[0].pk,
        )  # fmt: skip
        self.agents = self.store.sheet(
            User, "id", "username", "email", "name", "created_at", pattern=world.agent
        )
        self.agencies = self.store.sheet(
            EnterpriseAgent, "id", "user_id", "enterprise_id", "created_at"
        )
        now = moment(self.plan.now)
        self.documents = [
            self.store.sheet(
                StandingDocument,
                "id", "enterprise_id", "created_at",
                kind=kind,
                frozen_at=None,
                dated_on=None,
                is_endless=True,
                valid_until=None,
            )
            for kind in ENTERPRISE_NUMBERS
        ]  # fmt: skip
        self.pages = self.store.sheet(StandingPage, "document_id", "file_id", position=1)
        self.now = now

    def firm(self, number: int) -> None:
        pk, name = FIRST + number, person(number * 13)
        begun = (
            self.plan.now
            - (YEARS * 365 * (self.plan.enterprises - number) // self.plan.enterprises + 1) * DAY
        )
        at = moment(begun)
        waits = number >= self.plan.enterprises - min(PENDING, self.plan.enterprises // 5)
        status = Enterprise.Status.PENDING if waits else Enterprise.Status.VERIFIED
        self.rows.add((
            pk, f"重庆市万州区{company(number)}有限公司", f"91500101{number:010d}", name, status,
            None if waits else at, at if waits else None, at,
        ))  # fmt: skip
        mailbox = f"agent{number}@scale.example"
        self.agents.add((pk, mailbox, mailbox, name, at))
        self.agencies.add((pk, pk, pk, at))
        for place, sheet in enumerate(self.documents):
            document = pk * DOCUMENTS + place
            sheet.add((document, pk, at))
            self.pages.add((document, self.world.file(at)))

"""Ten rows of the audit trail a case, and a seal on every five hundred."""

from itertools import count as counting

from accounts.models import AuditEvent, AuditSeal
from tests.benchmarks.scale.plan import FIRST, HOUR, Case, moment, person
from tests.benchmarks.scale.seeding.room import Room

# Action, and the room's model that it was done on.
DONE = (
    ("application.submit", "applications.application"),
    ("application.download", "applications.application"),
    ("material.view", "applications.application"),
    ("application.circulate", "applications.application"),
    ("opinion.sign", "reviews.opinion"),
    ("opinion.sign", "reviews.opinion"),
    ("opinion.reveal", "reviews.opinion"),
    ("opinion.sign", "reviews.opinion"),
    ("table.conclude", "reviews.reviewtable"),
    ("table.download", "reviews.reviewtable"),
)
SEALED_TOGETHER = 500


class Audit(Room):
    def prepare(self) -> None:
        self.numbers = counting(FIRST)
        self.events = self.store.sheet(
            AuditEvent,
            "id", "at", "actor_id", "actor_label", "action", "object_type", "object_id",
            "object_label",
            origin="10.20.30.40",
            before={"status": "submitted"},
            after={"status": "in_review", "reason": "材料齐全"},
        )  # fmt: skip
        self.seals = self.store.sheet(
            AuditSeal,
            "first_event_id", "last_event_id", "digest", "sealed_at", count=SEALED_TOGETHER,
        )  # fmt: skip
        people = [
            self.world.agent,
            *self.world.officers,
            *(one for some in self.world.liaisons.values() for one in some),
        ]
        self.people = [(one.pk, one.title) for one in people]

    def case(self, case: Case) -> None:
        label = f"{case.pk} {person(case.number)}"
        for place, (action, kind) in enumerate(DONE):
            number = next(self.numbers)
            at = moment(case.created + place * 3 * HOUR)
            actor, title = self.people[(case.number + place) % len(self.people)]
            self.events.add((number, at, actor, title, action, kind, str(case.pk), label))
            if number % SEALED_TOGETHER == SEALED_TOGETHER - 1 and number - FIRST > SEALED_TOGETHER:
                self.seals.add((number - SEALED_TOGETHER + 1, number, f"{number:064x}", at))

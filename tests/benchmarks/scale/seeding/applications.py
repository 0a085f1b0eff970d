"""Applicants, applications with their moves, corrections, consents, materials and pages."""

from itertools import count as counting

from applications.models import (
    Applicant,
    Application,
    Consent,
    Correction,
    Material,
    MaterialPage,
    NamedApplicant,
    SheetReading,
    StatusChange,
)
from applications.workflow import Action, Status, Turn
from tests.benchmarks.scale.plan import DAY, FIRST, HOUR, Case, day, moment, person
from tests.benchmarks.scale.seeding.enterprises import DOCUMENTS
from tests.benchmarks.scale.seeding.room import Room
from tests.factories import ConsentFactory, CorrectionFactory

# Materials whose page is kept in the case: photo, signature, passport.
WITH_PAGE = (8, 9, 10)
MATERIALS = 10
READ = 3
WORDS: dict[str, str] = {
    Turn.OVER: "已发卡",
    Turn.AGENT: "待缴费",
    Turn.OTHERS: "外交部审核中",
}
S, A = Status, Action


class Applications(Room):
    def prepare(self) -> None:
        world, store = self.world, self.store
        pattern = world.application
        self.applicants = store.sheet(
            Applicant,
            "id", "enterprise_id", "name", "id_number_hash", "created_at", "passport_expires_on",
            pattern=pattern.applicant,
        )  # fmt: skip
        self.applications = store.sheet(
            Application,
            "id", "enterprise_id", "applicant_id", "kind", "status", "status_since", "due_days",
            "due_at", "submitted_at", "created_by_id", "handled_by_id", "created_at", "afterwards",
            "afterwards_words",
            pattern=pattern,
        )  # fmt: skip
        self.changes = store.sheet(
            StatusChange,
            "id", "application_id", "action", "from_status", "to_status", "by_id", "at", "reason",
        )  # fmt: skip
        self.change_numbers = counting(FIRST)
        told = CorrectionFactory.create(application=pattern, created_by=world.officers[0])
        self.corrections = store.sheet(
            Correction,
            "application_id", "number", "reason_id", "told_in_id", "created_at", "sent_at",
            "resolved_at",
            pattern=told,
        )  # fmt: skip
        consent = pattern.consents.first() or ConsentFactory.create(application=pattern)
        self.consents = store.sheet(
            Consent, "application_id", "person", "given_at", "entered_by_id", pattern=consent
        )
        self.materials = [
            store.sheet(Material, "id", "application_id", "document_id", pattern=one)
            for one in pattern.materials.order_by("number")
        ]
        self.pages = store.sheet(MaterialPage, "material_id", "file_id", position=1)
        self.named = store.sheet(NamedApplicant, "document_id", "applicant_id")
        self.readings = store.sheet(
            SheetReading, "application_id", "number", "at", by_id=world.officers[0].pk
        )

    def case(self, case: Case) -> None:
        created = moment(case.created)
        name = person(case.number)
        self.applicants.add((
            case.pk, case.firm, name, f"{case.pk:064x}", created,
            day(case.created + 8 * 365 * DAY),
        ))  # fmt: skip
        ended = moment(case.ended)
        due_days, due_at = self._due(case)
        is_draft = case.status == S.DRAFT
        self.applications.add((
            case.pk, case.firm, case.pk, case.kind, case.status,
            created if is_draft else ended, due_days, due_at,
            None if is_draft else moment(case.submitted), case.agent, case.agent, created,
            case.afterwards, WORDS.get(case.afterwards, ""),
        ))  # fmt: skip
        if not is_draft:
            self._moves(case)
            self.consents.add((case.pk, name, created, case.agent))
        self._materials(case, created)
        if case.status == S.SUBMITTED:
            for number in range(READ):
                self.readings.add((case.pk, number, ended))

    def _due(self, case: Case) -> tuple[int | None, str | None]:
        if case.status in {S.SUBMITTED, S.RETURNED, S.SUPPLEMENTING}:
            return 2, moment(case.ended + 4 * DAY)
        return None, moment(case.circulated + 3 * DAY) if case.status == S.IN_REVIEW else None

    def _moves(self, case: Case) -> None:
        officer, at = self.world.officer(case.number), case.submitted
        self._move(case, A.SUBMIT, S.DRAFT, S.SUBMITTED, case.agent, at)
        if case.is_returned or case.status == S.RETURNED:
            told = self._move(case, A.RETURN, S.SUBMITTED, S.RETURNED, officer, at + HOUR)
            is_open = case.status == S.RETURNED
            self._corrections(case, told, at + HOUR, is_open=is_open)
            if is_open:
                return
            self._move(case, A.RESUBMIT, S.RETURNED, S.SUBMITTED, case.agent, at + 2 * HOUR)
        if case.has_table:
            self._move(case, A.CIRCULATE, S.SUBMITTED, S.IN_REVIEW, officer, case.circulated)
        if case.is_paused:
            at = case.circulated + 2 * HOUR
            self._move(case, A.ASK_SUPPLEMENT, S.IN_REVIEW, S.SUPPLEMENTING, officer, at)
            if case.status != S.SUPPLEMENTING:
                at += 4 * HOUR
                self._move(case, A.SUPPLEMENT, S.SUPPLEMENTING, S.IN_REVIEW, case.agent, at)
        if case.status in {S.ENDORSED, S.DECLINED}:
            self._move(case, A.CONCLUDE, S.IN_REVIEW, case.status, None, case.ended)
        elif case.status == S.WITHDRAWN:
            self._move(case, A.WITHDRAW, S.SUBMITTED, S.WITHDRAWN, case.agent, case.ended)

    def _move(
        self, case: Case, action: str, before: str, after: str, by: int | None, at: int
    ) -> int:
        number = next(self.change_numbers)
        reason = "情况有变化" if action == A.WITHDRAW else ""
        self.changes.add((number, case.pk, action, before, after, by, moment(at), reason))
        return number

    def _corrections(self, case: Case, told: int, at: int, *, is_open: bool) -> None:
        sent, resolved = moment(at), None if is_open else moment(at + HOUR)
        reasons = self.world.reasons
        for place in range(2):
            reason = reasons[(case.number + place) % len(reasons)]
            number = (case.number + place) % MATERIALS + 1
            self.corrections.add((case.pk, number, reason, told, sent, sent, resolved))

    def _materials(self, case: Case, at: str) -> None:
        first, papers = case.pk * MATERIALS, case.firm * DOCUMENTS
        for place, sheet in enumerate(self.materials):
            document = papers + place if place < DOCUMENTS else None
            sheet.add((first + place, case.pk, document))
        for number in WITH_PAGE:
            self.pages.add((first + number - 1, self.world.file(at)))
        self.named.add((papers, case.pk))

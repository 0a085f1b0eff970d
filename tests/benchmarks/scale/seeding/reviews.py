"""Review tables with five opinions each, void rounds, pauses, revisions, reminders, changes."""

from itertools import count as counting

from applications.workflow import Status
from reviews.models import (
    AssignmentChange,
    Leave,
    Opinion,
    Pause,
    Phrase,
    Reminder,
    ReviewTable,
    Revision,
)
from tests.benchmarks.scale.plan import DAY, FIRST, HOUR, Case, date_of, moment
from tests.benchmarks.scale.rows import Sheet
from tests.benchmarks.scale.seeding.room import Room

WORDS = "经核查，该企业经营正常，申请人系该单位在职人员，所报材料与我单位掌握的情况一致，同意办理。"
ANSWERS = {"result": "未发现异常", "since": "2018-05-01", "note": "近三年依法纳税，无欠税记录"}
T = ReviewTable.Status
# Every so many opinions went to other hands, were reminded of.
HANDED_ON, REMINDED = 25, 5


class Reviews(Room):
    def prepare(self) -> None:
        world, store = self.world, self.store
        self.tables = store.sheet(
            ReviewTable,
            "id", "application_id", "number", "round", "verification_code", "status",
            "circulated_by_id", "circulated_at", "due_at", "concluded_at", "voided_at",
            "void_cause", "void_reason",
            pattern=world.table,
        )  # fmt: skip
        self.opinions = [
            store.sheet(
                Opinion,
                "id", "table_id", "due_at", "owner_id", "assignee_id", "lapsed_at", "signed_at",
                "signed_by_id", "conclusion",
                pattern=one,
                words=WORDS,
                answers=ANSWERS,
            )
            for one in world.opinions
        ]  # fmt: skip
        self.pauses = store.sheet(
            Pause,
            "id",
            "table_id",
            "started_at",
            "ended_at",
            "by_id",
            reason="补充近六个月社保证明",
        )
        self.going_on = store.sheet(Pause.going_on.through, "pause_id", "department_id")
        self.pause_numbers = counting(FIRST)
        self.revisions = store.sheet(
            Revision, "table_id", "opinion_id", "file_id", "sha256", "created_at", sequence=5
        )
        self.reminders = store.sheet(
            Reminder,
            "opinion_id",
            "moment",
            "created_at",
            "sent_at",
            kind="last_day",
            told="联络员",
        )
        self.changes = store.sheet(
            AssignmentChange, "opinion_id", "to_user_id", "at", why="circulated"
        )
        for department in world.departments:
            Phrase.objects.create(department=department, text=f"{department.name}同意办理。")
        for place, user in enumerate(world.liaisons[world.departments[1].pk]):
            first = date_of(self.plan.now - (200 + place) * DAY)
            Leave.objects.create(
                user=user, first_day=first, last_day=first, entered_by=world.officers[0]
            )

    def case(self, case: Case) -> None:
        if not case.has_table:
            return
        if case.has_void_round:
            self._round(case, case.pk + self.plan.count, 1, T.VOID, ReviewTable.VoidCause.CORRECTED)
        number = 2 if case.has_void_round else 1
        if case.status == Status.WITHDRAWN:
            self._round(case, case.pk, number, T.VOID, ReviewTable.VoidCause.WITHDRAWN)
        else:
            self._round(case, case.pk, number, T.OPEN if case.is_open else T.CONCLUDED, "")
        if case.is_paused and case.status != Status.WITHDRAWN:
            self._pause(case)

    def _round(self, case: Case, pk: int, number: int, status: str, cause: str) -> None:
        is_void, is_over = status == T.VOID, status == T.CONCLUDED
        ended = moment(case.circulated + 5 * HOUR if is_void else case.ended)
        due = moment(case.circulated + 3 * DAY)
        self.tables.add((
            pk, case.pk, f"万州ABTC审〔{2010 + case.created // DAY // 365}〕{case.number:07d}号",
            number, f"S{pk:011d}", status, self.world.officer(case.number),
            moment(case.circulated), due, ended if is_over else None, ended if is_void else None,
            cause or ReviewTable.VoidCause.CORRECTED, "表上的信息要更正" if is_void else "",
        ))  # fmt: skip
        signs = len(self.opinions) if is_over else case.number % len(self.opinions)
        for place, sheet in enumerate(self.opinions):
            self._opinion(sheet, case, pk, place, due, ended if is_void else None,
                          is_signed=place < signs and not is_void)  # fmt: skip
        revision = self.world.file(ended)
        last = pk * 5 + 4 if is_over else None
        self.revisions.add((pk, last, revision, f"{revision:064x}", ended))

    def _opinion(
        self, sheet: Sheet, case: Case, table: int, place: int, due: str, lapsed: str | None, *,
        is_signed: bool,
    ) -> None:  # fmt: skip
        pk, department = table * 5 + place, self.world.departments[place]
        who = self.world.liaison(department, case.number)
        signed = None
        if is_signed:
            span = case.ended - case.circulated if not case.is_open else DAY
            signed = moment(case.circulated + span * (place + 1) // 5)
        refused = place == 4 and case.status == Status.DECLINED
        conclusion = ("disagree" if refused else "agree") if is_signed else ""
        sheet.add((
            pk, table, due, who, who, lapsed, signed, who if is_signed else None, conclusion,
        ))  # fmt: skip
        if pk % REMINDED == 0 and not lapsed:
            self.reminders.add((pk, due, due, due))
        if pk % HANDED_ON == 0:
            self.changes.add((pk, who, moment(case.circulated)))

    def _pause(self, case: Case) -> None:
        number, started = next(self.pause_numbers), case.circulated + 2 * HOUR
        is_open = case.status == Status.SUPPLEMENTING
        ended = None if is_open else moment(started + 4 * HOUR)
        self.pauses.add((number, case.pk, moment(started), ended, self.world.officer(case.number)))
        if is_open:
            self.going_on.add((number, self.world.departments[0].pk))

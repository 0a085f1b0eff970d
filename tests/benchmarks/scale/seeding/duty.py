"""Duty and follow-up: registers and rules, reports, breaches and measures, visits, feedback."""

from itertools import count as counting

from cards.models import (
    Breach,
    CollectionLetter,
    Feedback,
    FeedbackLink,
    FindingEntry,
    Keeper,
    Lending,
    ManagementRules,
    Measure,
    PeriodReport,
    ReportPeriod,
    Visit,
    VisitFinding,
)
from tests.benchmarks.scale.plan import DAY, FIRST, Case, date_of, day, moment, person
from tests.benchmarks.scale.seeding.room import Room

GIVEN = {"uses": 2, "economies": "日本", "late": 0, "note": ""}
REPORTED = {
    "card": 1, "holder": "张样例", "number": "C****0001", "issued_on": "2022-01-05",
    "ends_on": "2027-01-04", "status": "在用", "custody": "企业集中保管",
    **GIVEN, "register": GIVEN,
}  # fmt: skip
PERIODS, PERIOD_DAYS = 3, 120
# Every so many enterprises had a breach; every so many cards were lent, visited, answered about;
# every so many visits found something.
BREACHED, LENT, VISITED, ANSWERED, FOUND = 20, 4, 3, 10, 10
# What is open does not grow with what is over.
OUT, VISITS_OPEN, BREACHES_OPEN, UNSENT = 100, 60, 10, 40


class Duty(Room):
    def prepare(self) -> None:
        world, store = self.world, self.store
        officer, today = world.officers[0].pk, date_of(self.plan.now)
        self.keepers = store.sheet(
            Keeper, "id", "enterprise_id", "name", "since", "created_by_id",
            phone="13800000000", post="综合办公室",
        )  # fmt: skip
        self.rules = store.sheet(
            ManagementRules, "enterprise_id", "created_by_id", "in_force_since",
            way="template", text="商务旅行卡由综合办公室统一保管。" * 40, template_version=1,
            return_days=7, keeper="综合办公室", place="保险柜",
        )  # fmt: skip
        self.letters = store.sheet(
            CollectionLetter, "enterprise_id", "collects_on", "created_by_id",
            collector="王领卡", phone="13800000000", holders="张样例", text="承诺函全文" * 60,
            text_version=1,
        )  # fmt: skip
        self.periods = [
            ReportPeriod.objects.create(
                kind="period", label=f"第{place + 1}期", due_on=today.replace(year=today.year + 1),
                starts_on=date_of(self.plan.now - (place + 1) * PERIOD_DAYS * DAY),
                ends_on=date_of(self.plan.now - (place * PERIOD_DAYS + 1) * DAY),
            )
            for place in range(PERIODS)
        ]  # fmt: skip
        self.reports = store.sheet(
            PeriodReport, "enterprise_id", "period_id", "sent_at", "sent_by_id", "file_id",
            "remind_on", rows=[REPORTED],
        )  # fmt: skip
        self.breaches = store.sheet(
            Breach, "id", "enterprise_id", "happened_on", "statement_by", "closed_at",
            "closed_by_id", "outcome", "created_at",
            kind="not_returned", facts="卡逾期没有交回，电话联系后交回。", created_by_id=officer,
        )  # fmt: skip
        self.measures = store.sheet(
            Measure, "breach_id", "starts_on", "decided_at",
            kind="talk", words="约谈单位负责人", decided_by_id=officer,
        )  # fmt: skip
        self._prepare_cards(officer)

    def _prepare_cards(self, officer: int) -> None:
        store = self.store
        self.lendings = store.sheet(
            Lending, "card_id", "enterprise_id", "keeper_id", "borrower", "trip_ends_on",
            "return_by", "out_at", "out_confirmed_at", "back_at", "back_keeper_id", "remind_on",
            "nonce", "created_by_id", "created_at", purpose="参加展会", economies=["JPN"],
        )  # fmt: skip
        self.visits = store.sheet(
            Visit, "id", "enterprise_id", "card_id", "cause", "due_on", "done_on", "done_by_id",
            "summary", "created_at",
            kind="call", why="issued", assigned_to_id=officer, created_by_id=officer,
            checklist=[{"words": "卡由谁保管", "answer": "yes", "note": ""}],
        )  # fmt: skip
        self.visit_numbers = counting(FIRST)
        self.findings = store.sheet(
            VisitFinding, "id", "visit_id", "enterprise_id", "due_on", "answered_at", "closed_at",
            "created_at", words="登记簿没有逐次填写，请补齐。",
        )  # fmt: skip
        self.entries = store.sheet(
            FindingEntry, "finding_id", "at", kind="closed", words="已补齐", by_id=officer
        )
        self.feedback_links = store.sheet(
            FeedbackLink, "id", "card_id", "token_hash", "created_by_id", "created_at",
            "expires_at", "used_at",
        )  # fmt: skip
        self.feedbacks = store.sheet(
            Feedback,
            "link_id",
            "card_id",
            "given_at",
            gate="fast",
            economies=["JPN"],
        )

    def firm(self, number: int) -> None:
        pk, now = FIRST + number, self.plan.now
        begun = now - 400 * DAY
        self.keepers.add((pk, pk, person(number * 17), day(begun), pk))
        self.rules.add((pk, pk, day(begun)))
        self.letters.add((pk, day(begun + 60 * DAY), pk))
        for place, period in enumerate(self.periods):
            at = moment(now - place * PERIOD_DAYS * DAY - DAY // 2)
            if place == 0 and number < UNSENT:
                self.reports.add((pk, period.pk, None, None, None, day(now + 5 * DAY)))
            else:
                self.reports.add((pk, period.pk, at, pk, self.world.file(at), None))
        if number % BREACHED == 0:
            self._breach(pk, number)

    def _breach(self, pk: int, number: int) -> None:
        is_open = number < BREACHES_OPEN * BREACHED
        at = self.plan.now - (5 if is_open else 200 + number % 2000) * DAY
        self.breaches.add((
            pk, pk, day(at), day(at + 10 * DAY), None if is_open else moment(at + 30 * DAY),
            None if is_open else self.world.officer(number),
            "" if is_open else "已约谈，予以办结", moment(at),
        ))  # fmt: skip
        self.measures.add((pk, day(at + DAY), moment(at + DAY)))

    def case(self, case: Case) -> None:
        if not self.world.has_card(case):
            return
        issued = case.ended + 60 * DAY
        if case.number % LENT == 0:
            self._lending(case, issued + 30 * DAY)
        if case.number % VISITED == 0:
            self._visit(case, issued + 90 * DAY)
        if case.number % ANSWERED == 0:
            at = moment(min(issued + 200 * DAY, self.plan.now))
            self.feedback_links.add((case.pk, case.pk, f"{case.pk:064x}", case.agent, at, at, at))
            self.feedbacks.add((case.pk, case.pk, at))

    def _lending(self, case: Case, at: int) -> None:
        is_out = case.number >= self.plan.newest_cards(OUT * LENT)
        at = self.plan.now - (case.number % 20 + 5) * DAY if is_out else at
        back = at + 20 * DAY
        self.lendings.add((
            case.pk, case.firm, case.firm, person(case.number), day(at + 10 * DAY),
            day(at + 17 * DAY), moment(at), moment(at + 60), None if is_out else moment(back),
            None if is_out else case.firm, day(self.plan.now + 2 * DAY) if is_out else None,
            f"scale-{case.pk}", case.agent, moment(at),
        ))  # fmt: skip

    def _visit(self, case: Case, at: int) -> None:
        number = next(self.visit_numbers)
        is_open = case.number >= self.plan.newest_cards(VISITS_OPEN * VISITED)
        due = self.plan.now + (case.number % 30 - 5) * DAY if is_open else at
        done = None if is_open else day(min(due, self.plan.now))
        self.visits.add((
            number, case.firm, case.pk, f"issued:{case.pk}", day(due), done,
            None if is_open else self.world.officer(number),
            "" if is_open else "卡由综合办公室保管，登记簿齐全。", moment(due - 30 * DAY),
        ))  # fmt: skip
        if number % FOUND == 0 and not is_open:
            at_text, closed = moment(due), moment(due + 10 * DAY)
            self.findings.add((
                number, number, case.firm, day(due + 15 * DAY), closed, closed, at_text,
            ))  # fmt: skip
            self.entries.add((number, closed))

"""Facts of a case for its one page, gathered in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from accounts.models import User
from applications.models import Application, Correction, Material
from applications.next_steps import officers_step
from applications.progress import ProgressStep, progress_of
from applications.time_limits import ANSWERED_BY_ENTERPRISE, due_words, remaining_of
from applications.workflow import Action, Status, Turn
from cards.filing.next_steps import NextEntry, next_entry
from cards.filing.progress import progress_of_filing
from cards.models import Card, Filing
from enterprises.documents import NextStep
from enterprises.models import EnterpriseAgent
from materials.catalogue import item_name
from parameters.values import load_parameters
from reports.case.spoken import spoken
from reviews.models import Opinion, ReviewTable
from reviews.time_limits import left_for, turn_of_last
from workdays.calendar import Calendar, load_calendar
from workdays.clock import Remaining

# How a department stands with its opinion, with the badge of its tag.
SIGNED, DRAFTED, NOT_BEGUN, AHEAD = "已签署", "草稿，还没签署", "还没有填", "还没有轮到"


@dataclass(frozen=True)
class DepartmentState:
    """One department on one round; `words` only where the reader may read them."""

    opinion: Opinion
    state: str
    badge: str
    remaining: Remaining | None = None
    words: str = ""

    @property
    def is_waited_for(self) -> bool:
        return self.state in (DRAFTED, NOT_BEGUN) and not self.opinion.is_held


@dataclass(frozen=True)
class Round:
    table: ReviewTable
    departments: Sequence[DepartmentState]


@dataclass(frozen=True)
class MaterialState:
    """One material as it stands; `asked` are what the enterprise is to put right in it."""

    number: int
    name: str
    words: str
    asked: int


@dataclass(frozen=True)
class CaseContact:
    """Whom to ring about it, and for what; an enterprise's numbers are masked until asked for."""

    person: User | None
    what: str
    remaining: Remaining | None = None


class CaseFacts:
    """Everything that the page shows but the time line. Fetch the case by `with_case_facts`."""

    def __init__(self, application: Application, reader: User) -> None:
        self.application, self.reader = application, reader
        self.is_draft = application.state == Status.DRAFT
        # The station reads the file; a department's leader what concerns the table.
        self.sees_file = reader.is_of_station and not self.is_draft
        self._calendar: Calendar = load_calendar()
        self._now: datetime = timezone.now()

    @cached_property
    def rounds(self) -> list[Round]:
        """The newest first."""
        opinions = Opinion.objects.with_clock().with_readability(self.reader)
        people = opinions.select_related("department", "assignee", "signed_by")
        found = ReviewTable.objects.visible_to(self.reader).filter(application=self.application)
        tables = found.order_by("-round").prefetch_related(
            Prefetch("opinions", people.order_by("department__position"))
        )
        return [self._round(table) for table in tables]

    def _round(self, table: ReviewTable) -> Round:
        # One case, one object: its status is asked of every opinion.
        table.application = self.application
        turn = turn_of_last(table)
        states = []
        for opinion in table.opinions.all():
            opinion.table = table
            states.append(self._department(opinion, is_ahead=opinion.is_last and turn is None))
        return Round(table, states)

    def _department(self, opinion: Opinion, *, is_ahead: bool) -> DepartmentState:
        if opinion.is_signed:
            conclusion = f"{opinion.get_conclusion_display()}，{SIGNED}"
            badge = "done" if opinion.agrees else "void"
            words = opinion.words if getattr(opinion, "is_readable", False) else ""
            return DepartmentState(opinion, conclusion, badge, words=words)
        if not opinion.table.is_open:
            return DepartmentState(opinion, "没有签署", "void")
        if is_ahead:
            return DepartmentState(opinion, AHEAD, "void")
        state = DRAFTED if opinion.drafted_at else NOT_BEGUN
        left = left_for(opinion, self._calendar, self._now)
        return DepartmentState(opinion, state, "wait", left)

    @cached_property
    def open_round(self) -> Round | None:
        return next((one for one in self.rounds if one.table.is_open), None)

    @cached_property
    def awaited(self) -> list[DepartmentState]:
        """Departments whose signature is waited for now."""
        found = self.open_round.departments if self.open_round else []
        return [one for one in found if one.is_waited_for]

    @cached_property
    def materials(self) -> list[MaterialState]:
        """What was handed in; nothing of a draft."""
        if not self.sees_file:
            return []
        current = Q(pages__superseded_at__isnull=True)
        found = Material.objects.filter(application=self.application).annotate(
            page_count=Count("pages", filter=current)
        )
        rows: list[Any] = list(found.defer("facts").select_related("document"))
        return [
            MaterialState(one.number, one.kind.name, _material_words(one), self._asked(one.number))
            for one in rows
        ]

    def _asked(self, number: int) -> int:
        return sum(one.number == number for one in self.open_corrections)

    @cached_property
    def open_corrections(self) -> list[Correction]:
        is_asked = self.application.state in ANSWERED_BY_ENTERPRISE
        if not (self.sees_file and is_asked):
            return []
        return list(self.application.corrections.open().order_by("number", "pk"))

    @cached_property
    def filing(self) -> Filing | None:
        is_filed = self.application.state == Status.ENDORSED and self.application.is_for_a_card
        return Filing.of(self.application) if is_filed and self.reader.is_of_station else None

    @cached_property
    def entry(self) -> NextEntry | None:
        if self.filing is None:
            return None
        return next_entry(self.filing, load_parameters(), is_agent=False)

    @property
    def card(self) -> Card | None:
        return getattr(self.application, "card", None) if self.reader.is_of_station else None

    @cached_property
    def next_step(self) -> NextStep:
        """What happens next, who does it, by when: one answer, wherever the case is."""
        if self.is_draft:
            return NextStep("还没有提交：企业备齐材料、取得申请人同意后提交。", "企业经办人")
        if self.entry is not None:
            return NextStep(self.entry.what, self.entry.who, self.entry.when)
        step = officers_step(self.application)
        if self.application.state == Status.SUPPLEMENTING:
            # Departments that go on meanwhile stand below, with their own time left.
            return NextStep(step.what, step.who, due_words(self.application))
        if self.awaited:
            names = "、".join(str(one.opinion.department) for one in self.awaited)
            return NextStep(f"等{names}签署意见。", f"{names}联络员", self._until)
        return NextStep(step.what, step.who, self._until or step.when)

    @property
    def _until(self) -> str:
        return self.remaining.words if self.remaining else ""

    @cached_property
    def remaining(self) -> Remaining | None:
        return remaining_of(self.application, self._calendar, self._now)

    @property
    def can_archive(self) -> bool:
        return self.sees_file and self.application.is_over

    @property
    def progress(self) -> tuple[ProgressStep, ...]:
        if self.filing is not None:
            return progress_of_filing(self.filing)
        application = self.application
        return progress_of(application.state, has_table=application.needs_table)

    @property
    def spoken(self) -> str:
        signed = self.open_round.departments if self.open_round else []
        return spoken(
            self.application,
            waiting=[str(one.opinion.department) for one in self.awaited],
            signed=sum(one.opinion.is_signed for one in signed),
            asked=[item_name(one.number) for one in self.open_corrections],
            reason=self._why_declined,
            entry=self.entry,
        )

    @cached_property
    def _why_declined(self) -> str:
        if self.application.state != Status.DECLINED or not self.reader.is_of_station:
            return ""
        moves = self.application.changes.filter(action=Action.DECLINE).order_by("-pk")
        return moves.values_list("reason", flat=True).first() or ""

    @cached_property
    def callers(self) -> list[CaseContact]:
        """Who acts for each department that is waited for; nobody by name: the directory says."""
        return [
            CaseContact(one.opinion.acts_by_name, str(one.opinion.department), one.remaining)
            for one in self.awaited
        ]

    @cached_property
    def agents(self) -> list[CaseContact]:
        """Those who act for the enterprise, whose work it is first."""
        if not self.reader.is_of_station:
            return []
        found = EnterpriseAgent.objects.in_use().filter(enterprise=self.application.enterprise_id)
        agents = [one.user for one in found.select_related("user")]
        agents.sort(key=lambda one: one.pk != self.application.handled_by_id)
        return [CaseContact(one, "企业经办人") for one in agents]

    @property
    def waits_for_enterprise(self) -> bool:
        application = self.application
        if application.state == Status.ENDORSED:
            return application.afterwards in {"", Turn.AGENT}
        return application.is_editable


def _material_words(material: Any) -> str:
    if material.by_review_table:
        return "由审核表替代"
    if material.document is not None:
        return f"企业材料第{material.document.version}版"
    return f"{material.page_count}页" if material.page_count else "没有上传"

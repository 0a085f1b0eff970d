"""The board of sixteen economies: what was reported of each, and entering more of it.

No report is no refusal. A newer report supersedes the one before, which stays on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application
from cards.filing.services import AlreadyEntered, EntryRefused, filing_of, settle
from cards.models import EconomyApproval, Filing
from cards.workflow import Stage
from core.dates import day_words, near_moment_words
from materials.economies import ECONOMIES, NAMES

State = EconomyApproval.State
# Look of a cell: what is done, what somebody has said against it, what nobody has said.
SHAPES: Mapping[str, str] = {
    State.UNKNOWN: "unknown",
    State.GRANTED: "granted",
    State.REFUSED: "refused",
    State.NOT_APPLICABLE: "none",
}
BEFORE_FILING = frozenset({Stage.TO_REGISTER, Stage.TO_FILE})


@dataclass(frozen=True)
class EconomyCell:
    """One economy as it stands; `approval` is None where nobody reported anything."""

    code: str
    name: str
    approval: EconomyApproval | None

    @property
    def state(self) -> str:
        return self.approval.state if self.approval else State.UNKNOWN

    @property
    def shape(self) -> str:
        return SHAPES[self.state]

    @property
    def label(self) -> str:
        return str(State(self.state).label)

    @property
    def is_granted(self) -> bool:
        return self.state == State.GRANTED

    @property
    def on(self) -> date | None:
        return self.approval.on if self.approval else None

    @property
    def valid_until(self) -> date | None:
        return self.approval.valid_until if self.approval else None


@dataclass(frozen=True)
class Board:
    cells: Sequence[EconomyCell]

    @property
    def granted(self) -> list[EconomyCell]:
        return [cell for cell in self.cells if cell.is_granted]

    @property
    def missing(self) -> list[EconomyCell]:
        """Those that would not be on a card printed now."""
        return [cell for cell in self.cells if not cell.is_granted]

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def words(self) -> str:
        counted = dict.fromkeys(State, 0)
        for cell in self.cells:
            counted[State(cell.state)] += 1
        others = [
            f"{counted[state]}个{state.label}"
            for state in (State.REFUSED, State.NOT_APPLICABLE, State.UNKNOWN)
            if counted[state]
        ]
        return "，".join([f"{self.total}个经济体中{counted[State.GRANTED]}个已批准", *others])

    @property
    def last_pk(self) -> int:
        """Of the newest report; what a page showed."""
        return max((cell.approval.pk for cell in self.cells if cell.approval), default=0)


def board_of(filing: Filing) -> Board:
    """As it stands, in one query."""
    found = {}
    if filing.pk:
        current = filing.approvals.current().select_related("by")
        found = {approval.economy: approval for approval in current}
    return Board([EconomyCell(one.code, one.name, found.get(one.code)) for one in ECONOMIES])


@dataclass(frozen=True)
class EconomyReport:
    """What somebody says of one economy."""

    economy: str
    state: str
    on: date | None = None
    valid_until: date | None = None
    words: str = ""


@transaction.atomic
def report_economies(
    application: Application,
    reports: Sequence[EconomyReport],
    *,
    source: str,
    by: User,
    seen: int | None = None,
) -> list[EconomyApproval]:
    """Enter what was reported; all of it or nothing. `seen` is the newest report on the page.

    Returns the reports that say something new. Raises EntryRefused, and AlreadyEntered where
    everything stood there already.
    """
    filing = filing_of(application)
    board = board_of(filing)
    _refuse_place(filing, board, by=by, seen=seen)
    _refuse_twice(reports)
    for report in reports:
        _check(filing, report)
    cells = {cell.code: cell for cell in board.cells}
    new = [report for report in reports if not _stands(cells[report.economy].approval, report)]
    if not new:
        raise AlreadyEntered("这些情况已经登记过了，没有改动。")
    entered = _supersede(filing, new, source=source, by=by)
    filing.granted_count = filing.approvals.current().filter(state=State.GRANTED).count()
    filing.last_entry_at = timezone.now()
    settle(filing)
    filing.save()
    told = {NAMES[one.economy]: one.get_state_display() for one in entered}
    record("filing.economies", filing, by=by, after={"economies": told, "source": source})
    return entered


def _supersede(
    filing: Filing, reports: Sequence[EconomyReport], *, source: str, by: User
) -> list[EconomyApproval]:
    """What stood of these economies stays as history, and the reports stand in its place."""
    standing = filing.approvals.current()
    named = [report.economy for report in reports]
    standing.filter(economy__in=named).update(superseded_at=timezone.now())
    return EconomyApproval.objects.bulk_create(
        EconomyApproval(
            filing=filing,
            economy=report.economy,
            state=report.state,
            on=report.on,
            valid_until=report.valid_until,
            words=report.words,
            source=source,
            by=by,
        )
        for report in reports
    )


def _stands(approval: EconomyApproval | None, report: EconomyReport) -> bool:
    if approval is None:
        return report.state == State.UNKNOWN
    return (approval.state, approval.on, approval.valid_until, approval.words) == (
        report.state,
        report.on,
        report.valid_until,
        report.words,
    )


def _refuse_place(filing: Filing, board: Board, *, by: User, seen: int | None) -> None:
    if filing.at in BEFORE_FILING:
        raise EntryRefused("还没有在国家系统提交，各经济体还没有收到这件申请。请先登记提交。")
    if seen is None or board.last_pk <= seen:
        return
    others = filing.approvals.filter(pk__gt=seen).exclude(by=by).select_related("by")
    if (first := others.first()) is not None:
        raise EntryRefused(
            f"您打开这一页之后，{first.by.title}已于{near_moment_words(first.at)}登记"
            f"“{first}”。您这次的没有登记，请核对现在的情况，需要时再登记。"
        )


def _refuse_twice(reports: Sequence[EconomyReport]) -> None:
    codes = [report.economy for report in reports]
    unknown = [code for code in codes if code not in NAMES]
    if unknown:
        raise EntryRefused("经济体不在16个之内，请重新选择。")
    twice = [NAMES[code] for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if twice:
        raise EntryRefused(f"{'、'.join(twice)}写了两次。每个经济体一次只登记一种情况。")
    if not codes:
        raise EntryRefused("还没有选择经济体。")


def _check(filing: Filing, report: EconomyReport) -> None:
    name = NAMES[report.economy]
    if report.state == State.GRANTED and report.on is None:
        raise EntryRefused(f"{name}：请填写批准的日期。")
    if report.on is not None and report.on > timezone.localdate():
        raise EntryRefused(f"{name}：日期还没有到。请填写已经发生的日期。")
    if report.on is not None and filing.filed_on and report.on < filing.filed_on:
        raise EntryRefused(
            f"{name}：日期（{day_words(report.on)}）早于在国家系统提交的日期"
            f"（{day_words(filing.filed_on)}）。请核对。"
        )
    if report.valid_until is None:
        return
    if report.state != State.GRANTED:
        raise EntryRefused(f"{name}：没有批准的，不填有效期。")
    if report.on is not None and report.valid_until <= report.on:
        raise EntryRefused(f"{name}：有效期应晚于批准的日期。请核对。")

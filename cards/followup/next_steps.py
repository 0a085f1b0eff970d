"""What an enterprise has to do next about its cards, in the order of urgency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cards.models import Breach, Keeper, Lending, ManagementRules, PeriodReport, VisitFinding
from cards.workflow import AGENT
from core.dates import day_words


@dataclass(frozen=True)
class FollowUpStep:
    what: str
    who: str
    when: str = ""
    url: str = ""
    act: str = ""


def next_step(
    *,
    rules: ManagementRules | None,
    keepers: Sequence[Keeper],
    out: Sequence[Lending],
    unsent: Sequence[PeriodReport],
    breaches: Sequence[Breach],
    findings: Sequence[VisitFinding],
) -> FollowUpStep:
    """The first of these that waits for the enterprise, with the page where it is done."""
    for breach in breaches:
        if breach.stated_at is None:
            what = f"服务站登记了“{breach.get_kind_display()}”，请看过事实后作出说明。"
            until = day_words(breach.statement_by)
            return FollowUpStep(what, AGENT, until, breach.get_absolute_url(), "查看并说明")
    late = [lending for lending in out if lending.overdue_days]
    if late:
        one = late[0]
        what = f"{one.borrower}的卡已逾期{one.overdue_days}天，请催回，收到后登记归还。"
        return FollowUpStep(what, "保管人", "今天", one.get_absolute_url(), "查看这次领用")
    for finding in findings:
        if finding.answered_at is None:
            what = "服务站回访时提出了问题，请整改后答复。"
            until = day_words(finding.due_on)
            return FollowUpStep(what, AGENT, until, finding.get_absolute_url(), "查看并答复")
    return _usual(rules, keepers, unsent)


def _usual(
    rules: ManagementRules | None, keepers: Sequence[Keeper], unsent: Sequence[PeriodReport]
) -> FollowUpStep:
    if unsent:
        report = unsent[0]
        what = f"请报送{report.period}登记表：从登记簿生成，核对后报送。"
        until: date = report.period.due_on
        return FollowUpStep(what, AGENT, day_words(until), report.get_absolute_url(), "填写并报送")
    if rules is None:
        return FollowUpStep("先有管理办法：按范本写一份，或者上传本单位的。", AGENT)
    if not keepers:
        return FollowUpStep("登记由谁保管卡，然后就能登记领用和归还。", AGENT)
    return FollowUpStep("出境前登记领用，回国后登记归还；双方都确认。", "保管人和领用人")

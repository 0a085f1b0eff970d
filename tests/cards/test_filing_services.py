"""Entries of a filing: in order, on days that can be, once, by whoever was first."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application, ReturnReason
from cards.filing.services import (
    AlreadyEntered,
    EntryRefused,
    enter_step,
    filing_of,
    take_back,
)
from cards.models import Filing
from cards.workflow import Stage, StepCode
from enterprises.models import Enterprise
from notices.models import Notice
from tests.cards.conftest import ago, endorse, entry
from tests.factories import ApplicantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def endorsed(applicant: Any, agent: User) -> Application:
    return endorse(applicant, days=20)


def filed(application: Application, by: User) -> None:
    enter_step(application, StepCode.FILED, entry(15, number="SQ20260001"), by=by)


# Written out by hand: from each stage, what may be entered and where it leads.
TABLE = {
    ("to_register", "registered"): "to_file",
    ("to_register", "filed"): "filed",
    ("to_file", "filed"): "filed",
    ("filed", "returned"): "returned",
    ("accepted", "returned"): "returned",
    ("paid", "returned"): "returned",
    ("returned", "refiled"): "filed",
    ("filed", "accepted"): "accepted",
    ("accepted", "paid"): "paid",
    ("filed", "paid"): "filed",
    ("returned", "paid"): "returned",
    ("filed", "passed"): "passed",
    ("accepted", "passed"): "passed",
    ("paid", "passed"): "passed",
    ("paid", "printed"): "printed",
    ("passed", "printed"): "printed",
    ("passed", "ready"): "ready",
    ("printed", "ready"): "ready",
    ("passed", "collected"): "collected",
    ("printed", "collected"): "collected",
    ("ready", "collected"): "collected",
    ("ready", "issued"): "issued",
    ("collected", "issued"): "issued",
}
FOR_FILED = ("filed", "returned", "accepted", "paid", "passed", "printed", "ready", "collected")
TABLE |= {(stage, "receipt"): stage for stage in (*FOR_FILED, "issued")}
TABLE |= {(stage, "invoiced"): stage for stage in (*FOR_FILED, "issued")}
TABLE |= {(stage, "stopped"): "stopped" for stage in ("to_register", "to_file", *FOR_FILED)}
WHOLE = {"number": "SQ1", "place": "市政府外办", "person": "经办人甲", "words": "企业不再需要。"}


@pytest.mark.parametrize("stage", Stage.values)
def test_each_step_is_entered_from_its_stages_alone(
    stage: str, endorsed: Application, agent: User
) -> None:
    for step in StepCode.values:
        if step == "taken_back":
            continue
        filing = filing_of(endorsed)
        Filing.objects.filter(pk=filing.pk).update(
            stage=stage, paid_on=None, invoiced_on=None, stage_on=ago(10)
        )
        target = TABLE.get((stage, step))
        if target is None:
            with pytest.raises(EntryRefused):
                enter_step(endorsed, StepCode(step), entry(5, **WHOLE), by=agent)
        else:
            enter_step(endorsed, StepCode(step), entry(5, **WHOLE), by=agent)
        filing.refresh_from_db()
        assert filing.stage == (target or stage), step


def test_an_entry_says_who_when_and_is_in_the_trail_once(
    endorsed: Application, agent: User
) -> None:
    filed(endorsed, agent)
    filing = endorsed.filing
    event = filing.events.get()
    assert (filing.stage, filing.national_number, filing.filed_on) == (
        "filed",
        "SQ20260001",
        ago(15),
    )
    assert (event.by, event.on, event.source) == (agent, ago(15), "system")
    assert AuditEvent.objects.filter(action="filing.filed").count() == 1


def test_nothing_is_entered_before_the_table_is_signed(submitted: Application, agent: User) -> None:
    with pytest.raises(EntryRefused, match="还没有审核通过"):
        filed(submitted, agent)
    assert not Filing.objects.exists()


def test_a_day_to_come_is_refused(endorsed: Application, agent: User) -> None:
    with pytest.raises(EntryRefused, match="日期还没有到"):
        enter_step(endorsed, StepCode.FILED, entry(-1, number="SQ1"), by=agent)


def test_a_day_before_the_step_before_is_refused(endorsed: Application, agent: User) -> None:
    with pytest.raises(EntryRefused, match="早于审核通过的日期"):
        enter_step(endorsed, StepCode.FILED, entry(21, number="SQ1"), by=agent)
    filed(endorsed, agent)
    with pytest.raises(EntryRefused, match="早于“市外办审核中”的日期"):
        enter_step(endorsed, StepCode.ACCEPTED, entry(16), by=agent)


def test_an_account_may_be_older_than_the_case(endorsed: Application, agent: User) -> None:
    enter_step(endorsed, StepCode.REGISTERED, entry(400), by=agent)
    assert endorsed.filing.registered_on == ago(400)
    with pytest.raises(EntryRefused, match="早于审核通过"):
        enter_step(endorsed, StepCode.FILED, entry(30, number="SQ1"), by=agent)


def test_what_the_step_needs_is_asked_for(endorsed: Application, agent: User) -> None:
    with pytest.raises(EntryRefused, match="申请编号"):
        enter_step(endorsed, StepCode.FILED, entry(3), by=agent)
    filed(endorsed, agent)
    with pytest.raises(EntryRefused, match="退回原因"):
        enter_step(endorsed, StepCode.RETURNED, entry(3), by=agent)


def test_a_return_keeps_its_reasons_and_is_filed_again(
    endorsed: Application, agent: User, officer: User
) -> None:
    filed(endorsed, agent)
    reason = ReturnReason.objects.get(code="R01")
    event = enter_step(endorsed, StepCode.RETURNED, entry(9), reasons=[reason], by=officer)
    assert list(event.reasons.all()) == [reason]
    endorsed.refresh_from_db()
    assert endorsed.afterwards == "agent"
    enter_step(endorsed, StepCode.REFILED, entry(8), by=agent)
    endorsed.filing.refresh_from_db()
    assert (endorsed.filing.stage, endorsed.filing.filed_on) == ("filed", ago(8))


def test_whoever_paid_early_has_nothing_to_pay_once_the_city_accepts(
    endorsed: Application, agent: User
) -> None:
    filed(endorsed, agent)
    enter_step(endorsed, StepCode.PAID, entry(14), by=agent)
    assert Filing.objects.get().stage == "filed"
    with pytest.raises(EntryRefused, match="已经登记过"):
        enter_step(endorsed, StepCode.PAID, entry(13), by=agent)
    enter_step(endorsed, StepCode.ACCEPTED, entry(12), by=agent)
    assert Filing.objects.get().stage == "paid"


def test_the_invoice_is_due_thirty_days_after_the_ministry_or_before_it_after_payment(
    endorsed: Application, agent: User
) -> None:
    filed(endorsed, agent)
    enter_step(endorsed, StepCode.ACCEPTED, entry(12), by=agent)
    enter_step(endorsed, StepCode.PAID, entry(10), by=agent)
    assert Filing.objects.get().invoice_due_on == ago(10) + timedelta(days=30)
    enter_step(endorsed, StepCode.PASSED, entry(4), by=agent)
    assert Filing.objects.get().invoice_due_on == ago(4) + timedelta(days=30)
    enter_step(endorsed, StepCode.INVOICED, entry(1), by=agent)
    assert Filing.objects.get().invoice_due_on is None


def test_the_second_officer_is_told_of_the_first(
    endorsed: Application, agent: User, officer: User, other_officer: User
) -> None:
    filed(endorsed, agent)
    seen = Filing.objects.get().events.get().pk
    enter_step(endorsed, StepCode.ACCEPTED, entry(5), by=officer, seen=seen)
    with pytest.raises(EntryRefused, match=r"专员甲.*登记“市外办审核通过”"):
        enter_step(endorsed, StepCode.ACCEPTED, entry(5), by=other_officer, seen=seen)
    with pytest.raises(EntryRefused, match=r"专员甲.*登记“市外办审核通过”"):
        enter_step(endorsed, StepCode.RETURNED, entry(5, words="照片"), by=other_officer, seen=seen)
    assert Filing.objects.get().events.count() == 2


def test_a_page_sent_twice_is_entered_once(endorsed: Application, agent: User) -> None:
    enter_step(endorsed, StepCode.REGISTERED, entry(), by=agent, nonce="n1")
    with pytest.raises(AlreadyEntered):
        enter_step(endorsed, StepCode.REGISTERED, entry(), by=agent, nonce="n1")
    assert Filing.objects.get().events.count() == 1


def test_a_mistake_is_taken_back_and_its_row_stays(
    endorsed: Application, agent: User, other_officer: User
) -> None:
    filed(endorsed, agent)
    enter_step(endorsed, StepCode.PASSED, entry(3), by=agent)
    take_back(endorsed, reason="看错了消息。", by=other_officer)
    filing = Filing.objects.get()
    assert (filing.stage, filing.passed_on, filing.stage_on) == ("filed", None, ago(15))
    assert [event.step for event in filing.events.all()] == ["filed", "passed", "taken_back"]
    take_back(endorsed, reason="还没有提交。", by=agent)
    filing.refresh_from_db()
    assert (filing.stage, filing.national_number) == ("to_register", "")
    with pytest.raises(EntryRefused, match="没有可以撤销的"):
        take_back(endorsed, reason="再撤一次。", by=agent)


def test_an_agent_takes_back_his_own_entry_alone(
    endorsed: Application, agent: User, officer: User
) -> None:
    enter_step(endorsed, StepCode.REGISTERED, entry(), by=officer)
    with pytest.raises(EntryRefused, match="专员甲"):
        take_back(endorsed, reason="不对。", by=agent)


def test_lists_of_applications_follow_whose_move_it_is(endorsed: Application, agent: User) -> None:
    assert list(Application.objects.awaiting_filing()) == [endorsed]
    filed(endorsed, agent)
    assert not Application.objects.awaiting_filing()
    assert list(Application.objects.filed()) == [endorsed]
    enter_step(endorsed, StepCode.ACCEPTED, entry(5), by=agent)
    assert list(Application.objects.awaiting_filing()) == [endorsed]
    enter_step(endorsed, StepCode.STOPPED, entry(1, words="离职。"), by=agent)
    assert not Application.objects.awaiting_filing()
    assert list(Application.objects.nobodys()) == [endorsed]


def test_the_day_of_the_next_reminder_follows_the_last_entry(
    endorsed: Application, agent: User
) -> None:
    filed(endorsed, agent)
    assert Filing.objects.get().next_nudge_on == timezone.localdate() + timedelta(days=31)
    enter_step(endorsed, StepCode.STOPPED, entry(words="离职。"), by=agent)
    assert Filing.objects.get().next_nudge_on is None


def test_dates_are_days(endorsed: Application, agent: User) -> None:
    filed(endorsed, agent)
    assert isinstance(Filing.objects.get().filed_on, date)


def test_the_enterprise_hears_of_what_the_station_entered_and_it_has_to_do(
    endorsed: Application, agent: User, officer: User
) -> None:
    filed(endorsed, agent)
    reason = ReturnReason.objects.get(code="R01")
    enter_step(endorsed, StepCode.RETURNED, entry(9), reasons=[reason], by=officer)
    enter_step(endorsed, StepCode.REFILED, entry(8), by=agent)
    enter_step(endorsed, StepCode.ACCEPTED, entry(7), by=officer)
    enter_step(endorsed, StepCode.PAID, entry(6), by=agent)
    # What the ministry does asks nothing of the enterprise.
    enter_step(endorsed, StepCode.PASSED, entry(5), by=officer)
    told = Notice.objects.order_by("pk")
    assert [notice.recipient for notice in told] == [agent, agent]
    assert [notice.subject for notice in told] == [
        "市外办退回：张样例的申请",
        "市外办审核通过：张样例的申请",
    ]
    assert reason.defect in told[0].body


def test_a_kind_without_a_card_of_its_own_is_not_filed(endorsed: Application, agent: User) -> None:
    Application.objects.filter(pk=endorsed.pk).update(kind="cancel")
    with pytest.raises(EntryRefused, match="注销不在国家系统另行填报"):
        filed(endorsed, agent)


def test_one_national_number_stands_on_one_case_alone(
    endorsed: Application, enterprise: Enterprise, agent: User
) -> None:
    """Two officers who enter it in the same instant: the database lets one through."""
    Filing.objects.create(application=endorsed, national_number="SQ7a", stage_on=ago(1))
    other = Filing.of(endorse(ApplicantFactory.create(enterprise=enterprise)))
    other.national_number = "sq7A"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()

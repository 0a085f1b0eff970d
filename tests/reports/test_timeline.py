"""Time line of a case: everything in order, for those who may see it, at a constant cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from applications.models import Application, Correction, StatusChange
from applications.workflow import Action, Status
from cards.filing.board import EconomyReport, report_economies
from cards.models import Breach, Card, CardEvent, EventKind, Visit
from cards.workflow import StepCode
from letters.services import begin_letter
from notices.models import Notice
from reports.case.pages import pages_of
from reports.timeline.rows import Scope
from reports.timeline.timeline import lines_of, newest_of, rows_of
from reviews.models import Opinion, Pause, Reminder
from tests.cards.conftest import ago, endorse, walk
from tests.factories import ApplicantFactory, ApplicationFactory, CardFactory, material_page

pytestmark = pytest.mark.django_db


def whats(scope: Scope) -> list[str]:
    return [line.what for line in newest_of(scope, 200).lines]


@pytest.fixture
def case(applicant: Any, officer: User, agent: User) -> Application:
    """Returned with a letter, sent to the departments, paused, endorsed, filed, with a card."""
    application = endorse(applicant)
    table = application.tables.get()
    change = StatusChange.objects.create(
        application=application,
        action=Action.RETURN,
        from_status=Status.SUBMITTED,
        to_status=Status.RETURNED,
        by=officer,
    )
    Notice.objects.create(
        cause=f"applications:change:{change.pk}", recipient=agent, subject="请补正", body="内容"
    )
    Correction.objects.create(
        application=application,
        number=8,
        words="照片不是白底",
        told_in=change,
        sent_at=timezone.now(),
        created_by=officer,
    )
    opinion = table.opinions.get(department__code="tax")
    Reminder.objects.create(
        opinion=opinion,
        kind=Reminder.Kind.CHASE,
        moment=timezone.now(),
        sent_at=timezone.now(),
        asked_by=officer,
        told="税务联络员",
    )
    Opinion.objects.filter(pk=opinion.pk).update(
        signed_at=timezone.now(), signed_by=officer, conclusion="agree"
    )
    Pause.objects.create(
        table=table,
        reason="等完税证明",
        by=officer,
        started_at=timezone.now() - timedelta(hours=2),
        ended_at=timezone.now() - timedelta(hours=1),
    )
    walk(application, StepCode.PASSED, by=agent)
    report_economies(
        application,
        [EconomyReport(code, "granted", ago(70)) for code in ("JPN", "KOR")],
        source="system",
        by=officer,
    )
    card = CardFactory.create(applicant=applicant, application=application)
    CardEvent.objects.create(card=card, kind=EventKind.LOST, effective_at=timezone.now(), by=agent)
    Visit.objects.create(enterprise=applicant.enterprise, card=card, why="issued", due_on=ago(-5))
    Breach.objects.create(
        enterprise=applicant.enterprise,
        card=card,
        kind=Breach.Kind.LOSS_HIDDEN,
        happened_on=ago(1),
        facts="丢了没有报告",
        statement_by=ago(-5),
        created_by=officer,
    )
    return application


def test_letters_that_serve_the_case_stand_in_its_time_line(
    case: Application, officer: User, agent: User
) -> None:
    """Those that name somebody else, or nobody, are not this case's."""
    other = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=case.enterprise), created_by=agent
    )
    for code, whose in (("application", case), ("application", other), ("profile", None)):
        begin_letter(code, enterprise=case.enterprise, application=whose, by=agent)
    [line] = [one for one in newest_of(Scope(officer, case=case), 200).lines if "起草" in one.what]
    assert (line.who, line.case) == (agent.title, case.pk)
    assert [one.label for one in pages_of(case, officer)][:3] == ["总览", "预审", "函件"]


def test_it_holds_what_every_room_knows(case: Application, officer: User) -> None:
    material_page(case, 8)
    said = whats(Scope(officer, case=case))
    for what in (
        "开始准备申请",
        "退回补正",
        "上传材料8 申请人照片，2页",
        "送各部门审核",
        "区税务局意见：同意（签署）",
        "催办：区税务局",
        "暂停计时",
        "恢复计时",
        "各部门签署完毕，审核通过",
        "国家系统：已缴费",
        "2个经济体已批准",
        "旅行卡：挂失",
        "安排电话回访：发卡后回访",
        "登记违规：遗失不及时报告",
        "发出通知：请补正",
    ):
        assert what in said, what
    letter = next(
        one for one in newest_of(Scope(officer, case=case), 200).lines if one.what == "退回补正"
    )
    assert letter.words == "一次性告知1处：材料8 申请人照片"
    assert "/letters/" in letter.url


def test_the_newest_stands_first_and_days_stand_among_moments(
    case: Application, officer: User
) -> None:
    moments = [line.at for line in newest_of(Scope(officer, case=case), 200).lines]
    assert moments == sorted(moments, reverse=True)
    paid = next(
        one for one in newest_of(Scope(officer, case=case), 200).lines if "已缴费" in one.what
    )
    assert timezone.localdate(paid.at) == ago(85)
    assert timezone.localtime(paid.at).hour == 0


def test_a_department_leader_reads_of_the_round_alone(case: Application, supervisor: User) -> None:
    said = whats(Scope(supervisor, case=case))
    assert "送各部门审核" in said
    assert "区税务局意见：同意（签署）" in said
    assert not [what for what in said if "国家系统" in what or "旅行卡" in what or "退回" in what]


def test_a_case_without_any_opinion_of_his_department_shows_him_nothing(
    applicant: Any, supervisor: User
) -> None:
    other = ApplicationFactory.create(applicant=applicant, submitted=True)
    assert whats(Scope(supervisor, case=other)) == []


def test_notices_are_the_officers_to_see(case: Application, station_head: User) -> None:
    assert not [one for one in whats(Scope(station_head, case=case)) if "发出通知" in one]


def test_an_enterprise_s_line_holds_all_cases_and_its_own_papers(
    case: Application, officer: User, applicant: Any
) -> None:
    second = ApplicationFactory.create(applicant=applicant, submitted=True)
    scope = Scope(officer, enterprise=applicant.enterprise)
    found = lines_of(list(rows_of(scope, oldest_first=True)), scope)
    assert {case.pk, second.pk} <= {line.case for line in found}
    said = [line.what for line in found]
    assert "企业在门户登记" in said
    assert [line.at for line in found] == sorted(line.at for line in found)


@pytest.mark.parametrize("number", [1, 20])
def test_it_costs_two_queries(
    case: Application, officer: User, number: int, django_assert_num_queries: Any
) -> None:
    card = Card.objects.get(application=case)
    CardEvent.objects.bulk_create(
        CardEvent(card=card, kind=EventKind.LENT, effective_at=timezone.now())
        for _ in range(number)
    )
    with django_assert_num_queries(2):
        newest_of(Scope(officer, case=case), 100)

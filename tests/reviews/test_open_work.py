"""Closing or moving a liaison asks where his work goes; no department stands empty unseen."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Department, User
from applications.models import Application
from notices.models import Notice
from reports.health import examine
from reviews.assignments import settle_assignments
from reviews.models import AssignmentChange, Opinion, ReviewTable
from reviews.services.chasing import ChaseRefused, chase
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory, agent_of, liaison

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: ClientOf, system_admin: User) -> Client:
    return client_of(system_admin)


@pytest.fixture
def table(officer: User, tax_liaison: User) -> ReviewTable:
    """Its tax opinion is the liaison's by name."""
    table: ReviewTable = ReviewTableFactory.create(circulated_by=officer)
    table.opinions.filter(department__code="tax").update(owner=tax_liaison, assignee=tax_liaison)
    return table


def save(client: Client, person: User, *, closed: bool = False, **changed: object) -> Any:
    data = {
        "name": person.name,
        "department": person.department_id or "",
        "email": person.email,
        "phone": "",
        "seen_version": person.version,
    } | ({} if closed else {"is_active": "on"})
    return client.post(f"/accounts/users/{person.pk}/edit/", data | changed)


def tax_opinion(table: ReviewTable) -> Opinion:
    return table.opinions.with_case().get(department__code="tax")


def people_sign() -> tuple[str, str]:
    [found] = [one for one in examine() if one.label == "人员"]
    return found.state, found.words


def test_closing_an_account_with_open_work_asks_where_it_goes(
    client: Client, table: ReviewTable, tax_liaison: User
) -> None:
    colleague = liaison("tax", name="税务同事")
    page = save(client, tax_liaison, closed=True)
    assert "还有1份没有签署的审核表意见，请选择由谁接办。" in page.text
    tax_liaison.refresh_from_db()
    assert tax_liaison.is_active
    assert save(client, tax_liaison, closed=True, heir=colleague.pk).status_code == 302
    tax_liaison.refresh_from_db()
    assert User.objects.get(pk=tax_liaison.pk).is_active is False
    opinion = tax_opinion(table)
    assert (opinion.owner, opinion.assignee) == (colleague, colleague)
    change = AssignmentChange.objects.get(opinion=opinion)
    assert (change.why, change.from_user, change.to_user) == ("account", tax_liaison, colleague)
    assert colleague.notices.count() == 1


def test_moving_to_another_department_asks_as_well(
    client: Client, table: ReviewTable, tax_liaison: User
) -> None:
    colleague = liaison("tax", name="税务同事")
    social = Department.objects.get(code="social")
    assert "请选择由谁接办" in save(client, tax_liaison, department=social.pk).text
    save(client, tax_liaison, department=social.pk, heir=colleague.pk)
    tax_liaison.refresh_from_db()
    assert tax_liaison.department == social
    assert tax_opinion(table).owner == colleague


def test_an_heir_of_another_department_is_refused(
    client: Client, table: ReviewTable, tax_liaison: User, police_liaison: User
) -> None:
    liaison("tax", name="税务同事")
    assert save(client, tax_liaison, closed=True, heir=police_liaison.pk).status_code == 200
    tax_liaison.refresh_from_db()
    assert tax_liaison.is_active


def test_a_change_that_takes_nobody_away_asks_nothing(
    client: Client, table: ReviewTable, tax_liaison: User
) -> None:
    assert save(client, tax_liaison, duties="核实纳税证明").status_code == 302
    assert tax_opinion(table).owner == tax_liaison


def test_a_department_is_left_empty_only_knowingly_and_the_station_hears_of_it(
    client: Client, table: ReviewTable, officer: User, supervisor: User, tax_liaison: User
) -> None:
    page = save(client, tax_liaison, closed=True)
    assert "区税务局没有别的联络员，之后不能送审，在审的也没有人签署。" in page.text
    tax_liaison.refresh_from_db()
    assert tax_liaison.is_active
    save(client, tax_liaison, closed=True, accepts_gap="on")
    tax_liaison.refresh_from_db()
    assert User.objects.get(pk=tax_liaison.pk).is_active is False
    for person in (officer, supervisor):
        notice = person.notices.get()
        assert notice.subject == "区税务局没有联络员了"
        assert "有1份审核表意见没有人签署" in notice.body
    newcomer = liaison("tax", name="新联络员")
    assert settle_assignments() == 1
    assert tax_opinion(table).assignee == newcomer


def test_an_empty_department_is_seen_by_health_and_cannot_be_chased(
    client_of: ClientOf, table: ReviewTable, officer: User, tax_liaison: User
) -> None:
    for code in ("commerce", "police", "social", "foreign_affairs"):
        liaison(code)
    assert people_sign() == ("ok", "服务站和各部门都有人在岗。")
    User.objects.filter(pk=tax_liaison.pk).update(is_active=False)
    sentence = "区税务局没有可用的联络员，请系统管理员先添加或启用。"
    assert people_sign() == ("bad", sentence)
    with pytest.raises(ChaseRefused, match=sentence):
        chase(table, [tax_opinion(table).pk], by=officer)
    done = chase(table, table.opinions.values_list("pk", flat=True), by=officer)
    assert "区税务局" not in done.departments
    assert done.missing == [sentence]
    assert sentence in client_of(officer).get(table.get_absolute_url()).text
    assert not Notice.objects.filter(recipient=tax_liaison).exists()


def test_a_department_whose_liaisons_are_all_on_leave_shows_yellow(
    table: ReviewTable, officer: User, tax_liaison: User
) -> None:
    today = timezone.localdate()
    for code in ("commerce", "police", "social", "foreign_affairs"):
        liaison(code)
    tax_liaison.leaves.create(first_day=today, last_day=today, entered_by=officer)
    state, words = people_sign()
    assert state == "warn"
    assert "区税务局的联络员都在休假" in words


def test_the_only_agent_of_an_enterprise_is_closed_only_knowingly(
    client: Client, officer: User, agent: User, submitted: Application
) -> None:
    page = save(client, agent, closed=True)
    name = submitted.enterprise.name
    assert f"{name}没有别的经办人，还有1件申请没有办结。" in page.text
    agent.refresh_from_db()
    assert agent.is_active
    assert save(client, agent, closed=True, accepts_gap="on").status_code == 302
    assert officer.notices.get().subject == f"{name}没有经办人了"


def test_an_agent_with_a_colleague_is_closed_without_a_question(
    client: Client, agent: User, submitted: Application
) -> None:
    agent_of(submitted.enterprise)
    assert save(client, agent, closed=True).status_code == 302

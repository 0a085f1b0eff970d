"""The list of tables says who is awaited, is narrowed by that, and chases a department at once."""

import re

import pytest
import time_machine
from django.test import Client

from accounts.models import Department, User
from notices.models import Notice
from reviews.models import Leave, Pause, Reminder, ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services.chasing import ChaseRefused, chase, chase_department
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory
from tests.reviews.conftest import FOUR, on, sign_off

pytestmark = pytest.mark.django_db

LIST = "/reviews/tables/"


@pytest.fixture
def two(on_the_clock: ReviewTable, officer: User) -> list[ReviewTable]:
    """Both wait for four departments, due on Wednesday the 25th at 18:00."""
    with time_machine.travel(on(23, 10), tick=False):
        other = ReviewTableFactory.create(circulated_by=officer, due_at=on(26, 18))
    other.opinions.parallel().update(due_at=on(25, 18))
    return [on_the_clock, other]


@pytest.fixture
def desk(client_of: ClientOf, officer: User) -> Client:
    return client_of(officer)


def words(desk: Client, path: str = LIST) -> str:
    with time_machine.travel(on(24, 10), tick=False):
        page = desk.get(path).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_list_says_which_departments_are_awaited(
    desk: Client, on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    assert "等：区商务委、区税务局、区公安局、区人力社保局 " in words(desk)
    sign_off(on_the_clock, "commerce", "police", by=tax_liaison, moment=on(24, 9))
    assert "等：区税务局、区人力社保局 " in words(desk)
    sign_off(on_the_clock, "tax", "social", by=tax_liaison, moment=on(24, 9))
    assert "等：区政府外办 " in words(desk)


def test_while_the_enterprise_supplements_it_is_awaited_with_whom_nothing_holds(
    desk: Client, on_the_clock: ReviewTable, officer: User
) -> None:
    on_the_clock.application.status = "supplementing"
    on_the_clock.application.save()
    pause = Pause.objects.create(
        table=on_the_clock, by=officer, started_at=on(24, 9), reason="等企业补充材料7"
    )
    pause.going_on.set(Department.objects.filter(code="police"))
    assert "等：企业补充材料、区公安局 " in words(desk)


def test_a_table_in_the_list_has_the_day_of_those_who_are_awaited(
    desk: Client, on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    """Four are due on Wednesday the 25th, foreign affairs and the whole on Thursday."""
    assert "还剩1个工作日，11月25日18:00前" in words(desk)
    assert "还剩1个工作日，11月25日18:00前" in words(desk, "/")
    sign_off(on_the_clock, *FOUR, by=tax_liaison, moment=on(24, 9))
    assert "还剩2个工作日，11月26日18:00前" in words(desk)


def pause(table: ReviewTable, officer: User, *, going_on: str = "") -> None:
    """The enterprise is to supplement by Friday the 27th, 18:00."""
    table.application.status, table.application.due_at = "supplementing", on(27, 18)
    table.application.save()
    paused = Pause.objects.create(
        table=table, by=officer, started_at=on(24, 9), reason="等企业补充材料7"
    )
    paused.going_on.set(Department.objects.filter(code=going_on))


def test_a_paused_table_in_the_list_says_whose_clock_runs(
    desk: Client, on_the_clock: ReviewTable, officer: User
) -> None:
    pause(on_the_clock, officer)
    shown = words(desk)
    assert "已暂停计时：等企业补充材料 补充材料还剩3个工作日，11月27日18:00前" in shown
    assert "照常计时" not in shown


def test_it_names_the_department_that_goes_on_with_its_own_day(
    desk: Client, on_the_clock: ReviewTable, officer: User
) -> None:
    pause(on_the_clock, officer, going_on="police")
    running = "区公安局照常计时，还剩1个工作日，11月25日18:00前"
    for path in (LIST, "/", on_the_clock.get_absolute_url()):
        shown = words(desk, path)
        assert "已暂停计时：等企业补充材料" in shown
        assert f"补充材料还剩3个工作日，11月27日18:00前；{running}" in shown


def test_of_what_is_over_nobody_is_awaited(
    desk: Client, on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    on_the_clock.status = ReviewTable.Status.VOID
    on_the_clock.voided_at, on_the_clock.void_cause = on(24, 9), "corrected"
    on_the_clock.void_reason = "职务写错了"
    on_the_clock.save()
    assert "等：" not in words(desk)


def test_the_list_is_narrowed_to_the_department_that_is_awaited(
    desk: Client, two: list[ReviewTable], tax_liaison: User
) -> None:
    first, second = two
    sign_off(first, "tax", by=tax_liaison, moment=on(24, 9))
    sign_off(second, *FOUR, by=tax_liaison, moment=on(24, 9))
    found = {
        code: {
            table.number for table in two if table.number in words(desk, f"{LIST}?awaited={code}")
        }
        for code in ("tax", "police", "foreign_affairs")
    }
    assert found == {"tax": set(), "police": {first.number}, "foreign_affairs": {second.number}}
    assert "没有在等这个部门的审核表" in words(desk, f"{LIST}?awaited=tax")


def test_what_is_no_department_is_said_and_shows_nothing(
    desk: Client, on_the_clock: ReviewTable
) -> None:
    shown = words(desk, f"{LIST}?awaited=nobody")
    assert "没有这个部门，请从列表中选择" in shown
    assert on_the_clock.number not in shown


def test_a_department_is_chased_of_all_that_waits_for_it_in_one_message(
    desk: Client, two: list[ReviewTable], tax_liaison: User, police_liaison: User
) -> None:
    assert "催办区税务局（2份，合成一条消息）" in words(desk, f"{LIST}?awaited=tax")
    with time_machine.travel(on(24, 10), tick=False):
        answer = desk.post("/reviews/departments/tax/chase/", follow=True)
    assert "已催办区税务局2份，合成一条消息。" in answer.text
    notice = Notice.objects.get()
    assert notice.recipient == tax_liaison
    assert notice.subject == "服务站催办：2份区税务局意见等您签署"
    assert "服务站专员 专员甲请您尽快签署下列意见" in notice.body
    for table in two:
        assert table.number in notice.body
    assert Reminder.objects.filter(sent_at=on(24, 10), told="区税务局联络员").count() == 2


def test_what_was_chased_lately_is_left_out_and_with_nothing_left_it_says_when(
    two: list[ReviewTable], officer: User, tax_liaison: User
) -> None:
    with time_machine.travel(on(24, 9, 30), tick=False):
        chase(two[0], two[0].opinions.values_list("pk", flat=True), by=officer)
    Notice.objects.all().delete()
    tax = Department.objects.get(code="tax")
    with time_machine.travel(on(24, 10), tick=False):
        done = chase_department(tax, by=officer)
        assert (done.departments, done.too_soon) == (["区税务局"], ["区税务局"])
        with pytest.raises(ChaseRefused, match="2026年11月24日11:30之后可以再催"):
            chase_department(tax, by=officer)
    assert Notice.objects.get().subject.startswith("服务站催办：区税务局意见")


def test_where_nothing_waits_for_a_department_there_is_nothing_to_chase(
    two: list[ReviewTable], officer: User
) -> None:
    with (
        time_machine.travel(on(24, 10), tick=False),
        pytest.raises(ChaseRefused, match="现在没有等区政府外办签署的意见"),
    ):
        chase_department(Department.objects.get(code="foreign_affairs"), by=officer)


def test_what_several_asked_for_at_night_goes_out_as_one_message_in_the_morning(
    two: list[ReviewTable], officer: User, other_officer: User, tax_liaison: User
) -> None:
    for table, by in zip(two, (officer, other_officer), strict=True):
        with time_machine.travel(on(23, 20), tick=False):
            tax = table.opinions.filter(department__code="tax")
            chase(table, tax.values_list("pk", flat=True), by=by)
    assert not Notice.objects.exists()
    assert send_due_reminders(on(24, 9)) == 1
    notice = Notice.objects.get()
    assert notice.subject == "服务站催办：2份区税务局意见等您签署"
    assert f"{officer.title}、{other_officer.title}请您尽快签署" in notice.body


class TestNobodyThere:
    """The tax bureau has two tables that are due today; its clock goes on all the same."""

    def test_a_department_without_liaisons_has_its_reminders_read_by_who_watches(
        self, two: list[ReviewTable], officer: User, supervisor: User
    ) -> None:
        send_due_reminders(on(25, 9))
        [notice] = supervisor.notices.all()
        assert notice.subject == "没有人在岗签署：区税务局，2份意见在等"
        assert "区税务局没有可用的联络员" in notice.body
        assert "请指定在岗的联络员或代办人并告诉服务站；您不用签署。" in notice.body
        for table in two:
            assert table.number in notice.body
        assert officer.notices.filter(subject__contains="区税务局，2份意见在等").count() == 1
        row = Reminder.objects.filter(opinion__department__code="tax").first()
        assert row is not None
        assert row.told == f"{supervisor.name}、{officer.name}"

    def test_where_all_are_on_leave_it_says_so(
        self, two: list[ReviewTable], officer: User, supervisor: User, tax_liaison: User
    ) -> None:
        day = on(25, 9).date()
        Leave.objects.create(user=tax_liaison, first_day=day, last_day=day, entered_by=officer)
        send_due_reminders(on(25, 9))
        [notice] = supervisor.notices.all()
        assert "区税务局的联络员都在休假，没有代办人在岗" in notice.body
        assert tax_liaison.notices.exists()

    def test_it_is_told_once_a_day(self, two: list[ReviewTable], supervisor: User) -> None:
        send_due_reminders(on(25, 9))
        send_due_reminders(on(25, 16))
        assert supervisor.notices.count() == 1

    def test_where_somebody_is_there_nobody_else_hears_of_it(
        self, two: list[ReviewTable], supervisor: User, tax_liaison: User
    ) -> None:
        send_due_reminders(on(25, 9))
        assert not supervisor.notices.exists()

    def test_the_digest_of_what_is_overdue_says_it_instead_of_a_name(
        self, two: list[ReviewTable], officer: User, tax_liaison: User
    ) -> None:
        send_due_reminders(on(26, 9))
        digest = officer.notices.get(subject="8份部门意见已超时限")
        assert "没有人可以办理：区公安局没有可用的联络员" in digest.body
        assert f"由{tax_liaison.name}（" in digest.body

"""催办: one more reminder, at most once in two hours, on record."""

from datetime import datetime

import pytest
import time_machine

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.workflow import Status
from notices.models import Notice
from reviews.models import Reminder, ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services.chasing import Chased, ChaseRefused, candidates, chase, with_chases
from tests.reviews.conftest import on, sign_off

pytestmark = pytest.mark.django_db


def ids(form: ReviewTable, *codes: str) -> list[int]:
    return list(form.opinions.filter(department__code__in=codes).values_list("pk", flat=True))


def chase_at(moment: datetime, form: ReviewTable, by: User, *codes: str) -> Chased:
    with time_machine.travel(moment, tick=False):
        return chase(form, ids(form, *codes), by=by)


def told() -> list[str]:
    return sorted(Notice.objects.values_list("recipient__name", flat=True))


def test_the_liaison_of_the_chosen_department_is_reminded_at_once(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    done = chase_at(on(24, 10), on_the_clock, officer, "tax")
    assert done == Chased(["区税务局"], on(24, 10), is_sent=True, too_soon=[])
    assert told() == ["区税务局联络员"]
    notice = Notice.objects.get()
    assert notice.subject.startswith("服务站催办：区税务局意见")
    assert "服务站专员 专员甲请您尽快签署" in notice.body
    assert "2026年11月25日18:00" in notice.body


def test_it_is_on_record(on_the_clock: ReviewTable, officer: User, tax_liaison: User) -> None:
    chase_at(on(24, 10), on_the_clock, officer, "tax")
    row = Reminder.objects.get()
    assert (row.kind, row.asked_by, row.sent_at, row.told) == (
        "chase",
        officer,
        on(24, 10),
        "区税务局联络员",
    )
    event = AuditEvent.objects.get(action="opinion.chase")
    assert event.actor == officer


def test_a_second_one_within_two_hours_is_refused_and_says_when(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    chase_at(on(24, 10), on_the_clock, officer, "tax")
    with pytest.raises(ChaseRefused, match="2026年11月24日12:00之后可以再催"):
        chase_at(on(24, 11, 59), on_the_clock, officer, "tax")
    assert Reminder.objects.count() == 1
    assert told() == ["区税务局联络员"]


def test_after_two_hours_it_may_be_repeated(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    chase_at(on(24, 9), on_the_clock, officer, "tax")
    chase_at(on(24, 11), on_the_clock, officer, "tax")
    assert told() == ["区税务局联络员", "区税务局联络员"]


def test_of_several_those_chased_lately_are_left_out(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User, police_liaison: User
) -> None:
    chase_at(on(24, 10), on_the_clock, officer, "tax")
    done = chase_at(on(24, 11), on_the_clock, officer, "tax", "police")
    assert done.departments == ["区公安局"]
    assert done.too_soon == ["区税务局"]


def test_outside_office_hours_it_waits_for_the_opening(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    done = chase_at(on(23, 20), on_the_clock, officer, "tax")
    assert (done.is_sent, done.goes_out_at) == (False, on(24, 9))
    assert told() == []
    with pytest.raises(ChaseRefused, match="11月24日11:00之后"):
        chase_at(on(23, 23), on_the_clock, officer, "tax")
    assert send_due_reminders(on(24, 8, 59)) == 0
    assert send_due_reminders(on(24, 9)) == 1
    assert send_due_reminders(on(24, 9, 1)) == 0
    assert told() == ["区税务局联络员"]


def test_what_was_signed_before_the_opening_is_dropped(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    chase_at(on(23, 20), on_the_clock, officer, "tax")
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(23, 21))
    assert send_due_reminders(on(24, 9)) == 0
    row = Reminder.objects.get()
    assert (row.sent_at, row.dropped_at) == (None, on(24, 9))


def test_an_overdue_one_also_reaches_the_supervisor(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User, supervisor: User
) -> None:
    chase_at(on(26, 10), on_the_clock, officer, "tax")
    assert told() == ["区税务局联络员", "税务分管领导"]


def test_foreign_affairs_is_not_chased_before_its_turn(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    with pytest.raises(ChaseRefused, match="还没有轮到"):
        chase_at(on(24, 10), on_the_clock, officer, "foreign_affairs")


def test_who_has_signed_is_not_chased(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(24, 9))
    with pytest.raises(ChaseRefused, match="已经签署"):
        chase_at(on(24, 10), on_the_clock, officer, "tax")


def test_nobody_is_chased_while_the_enterprise_supplements(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    Application.objects.update(status=Status.SUPPLEMENTING)
    on_the_clock.refresh_from_db()
    assert candidates(with_chases(on_the_clock.opinions.all()), on(24, 10)) == []
    with pytest.raises(ChaseRefused, match="企业正在补充材料"):
        chase_at(on(24, 10), on_the_clock, officer, "tax")


def test_an_opinion_of_another_table_is_not_chased(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    with pytest.raises(ChaseRefused), time_machine.travel(on(24, 10), tick=False):
        chase(on_the_clock, [10_000], by=officer)

"""What is late is late by whoever is late: departments before the table, the last from its turn.

Dates are counted by hand. The 23rd of November 2026 is a Monday; office hours end at 18:00.
"""

import re
from datetime import datetime

import pytest
import time_machine

from accounts.models import User
from applications.models import Application
from notices.models import Notice
from reviews.models import ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services import circulation
from tests.conftest import ClientOf
from tests.factories import SHEETS, ReviewTableFactory
from tests.reviews.conftest import FOUR, Station, on, sign_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def circulated(station: Station, submitted: Application) -> ReviewTable:
    """Four are due on Wednesday the 25th, foreign affairs and the whole on Thursday."""
    with time_machine.travel(on(23, 10), tick=False):
        return circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)


def words(client_of: ClientOf, person: User, path: str, now: datetime) -> str:
    with time_machine.travel(now, tick=False):
        page = client_of(person).get(path).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("path", ["/", "/reviews/tables/"])
def test_the_officers_lists_name_the_departments_that_are_late_before_the_table_is(
    path: str, client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    sign_off(on_the_clock, "commerce", "social", by=tax_liaison, moment=on(24, 9))
    shown = words(client_of, officer, path, on(26, 10))
    assert "区税务局、区公安局已超时限，不足1个工作日 全表今天到期，18:00前" in shown


def test_the_page_of_the_table_says_it_too(
    client_of: ClientOf, officer: User, on_the_clock: ReviewTable
) -> None:
    shown = words(client_of, officer, on_the_clock.get_absolute_url(), on(26, 18))
    assert "区商务委、区税务局、区公安局、区人力社保局已超1个工作日 全表今天到期" in shown


@pytest.mark.parametrize("path", ["/", "/reviews/tables/"])
def test_before_its_turn_foreign_affairs_is_never_late(
    path: str, client_of: ClientOf, foreign_liaison: User, on_the_clock: ReviewTable
) -> None:
    shown = words(client_of, foreign_liaison, on_the_clock.get_absolute_url(), on(27, 10))
    assert "区政府外办： 还没有轮到，其他部门签齐后计时" in shown
    home = words(client_of, foreign_liaison, "/", on(27, 10))
    assert "等其他部门签齐 1件" in home
    assert "还没有轮到，其他部门签齐后计时" in home
    assert "已超" not in home


def test_its_own_clock_starts_when_the_others_have_signed(
    station: Station, circulated: ReviewTable
) -> None:
    """The four sign on Friday, a day after the whole was due: Monday is its day."""
    with time_machine.travel(on(27, 10), tick=False):
        station.sign(circulated, *FOUR)
    foreign = circulated.opinions.get(department__code="foreign_affairs")
    assert foreign.due_at == on(30, 18)
    circulated.refresh_from_db()
    assert circulated.due_at == on(26, 18)
    told = Notice.objects.get(cause=f"reviews:opinion:{foreign.pk}:opened")
    assert "时限：2026年11月30日18:00前" in told.body


def test_signed_in_good_time_by_the_others_it_keeps_the_day_of_the_whole(
    station: Station, circulated: ReviewTable
) -> None:
    with time_machine.travel(on(24, 10), tick=False):
        station.sign(circulated, *FOUR)
    foreign = circulated.opinions.get(department__code="foreign_affairs")
    assert foreign.due_at == on(26, 18)


def test_the_arithmetic_of_its_own_clock_is_shown_from_its_turn(
    client_of: ClientOf, officer: User, station: Station, circulated: ReviewTable
) -> None:
    with time_machine.travel(on(27, 10), tick=False):
        station.sign(circulated, *FOUR)
    shown = words(client_of, officer, f"/reviews/tables/{circulated.pk}/time/", on(27, 11))
    assert "区政府外办（1个工作日） 时限2026年11月30日 18:00。" in shown
    assert "全表办结（3个工作日） 时限2026年11月26日 18:00。 已超时限，不足1个工作日" in shown
    assert "逐日计算：区政府外办，1个工作日 从轮到该部门时起算：2026年11月27日 10:00" in shown
    assert "2026年11月30日 星期一 工作日 第1个工作日" in shown


def test_late_by_the_others_alone_it_is_not_reminded_as_overdue(
    station: Station, circulated: ReviewTable
) -> None:
    with time_machine.travel(on(27, 10), tick=False):
        station.sign(circulated, *FOUR)
    Notice.objects.all().delete()
    assert send_due_reminders(on(30, 9)) == 1
    assert Notice.objects.get().subject.startswith("今天到期：区政府外办意见")


def test_a_table_whose_department_is_late_stands_before_one_that_is_due_sooner_as_a_whole(
    client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    with time_machine.travel(on(23, 11), tick=False):
        other = ReviewTableFactory.create(circulated_by=officer, due_at=on(26, 12))
    sign_off(other, *FOUR, by=tax_liaison, moment=on(24, 9))
    shown = words(client_of, officer, "/reviews/tables/", on(26, 9))
    assert shown.index(on_the_clock.number) < shown.index(other.number)

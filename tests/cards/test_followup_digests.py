"""What is due is told once a day to whom it concerns, and costs by that; a year is played."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.duty.reporting import fill_report, send_report
from cards.followup.digests import care
from cards.holding.services import mark
from cards.models import EventKind, Lending, PeriodReport, Visit
from notices.models import Notice
from tests.cards.duty_parts import (
    MONDAY,
    card_of,
    day,
    keeper_of,
    later,
    lent,
    returned,
    visit_to,
)
from tests.factories import EnterpriseFactory
from tests.reviews.conftest import on

pytestmark = pytest.mark.django_db


def play(first: date, last: date) -> None:
    """Every day's sweep at a quarter past nine."""
    moment = on(23, 9).replace(minute=15)
    for number in range((last - first).days + 1):
        today = first + timedelta(days=number)
        at = moment.replace(year=today.year, month=today.month, day=today.day)
        with time_machine.travel(at, tick=False):
            care()


def told(person, prefix: str) -> list[str]:
    """The days on which this person was told, as MMDD, and what of."""
    notices = Notice.objects.filter(recipient=person, cause__startswith=prefix).order_by("pk")
    return [f"{notice.cause[-4:]} {notice.subject}" for notice in notices]


@pytest.fixture
def quiet(enterprise, officer):
    """Visited today, so that no rule asks for a visit."""
    with time_machine.travel(MONDAY, tick=False):
        visit_to(enterprise, done_on=day(0), done_by=officer)


def test_an_overdue_card_reminds_the_enterprise_and_later_the_station(
    enterprise, agent, officer, quiet
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        card, keeper = card_of(enterprise), keeper_of(enterprise, agent)
        lent(card, keeper, agent)  # back by 7 December
    play(day(1), day(30))
    # The last day, the first overdue, then every three days.
    assert [line[:4] for line in told(agent, "cards:duty:")] == [
        "1207", "1208", "1211", "1214", "1217", "1220", "1223",
    ]  # fmt: skip
    # Overdue for more than seven days: once. Then the call that the rule asked for is due.
    assert told(officer, "cards:duty-station:")[0].startswith("1215")
    assert Lending.objects.get().station_told_on == date(2026, 12, 15)
    assert Visit.objects.filter(why="unreturned").get().due_on == date(2026, 12, 28)


def test_what_is_returned_reminds_nobody(enterprise, agent, officer, quiet) -> None:
    with time_machine.travel(MONDAY, tick=False):
        card, keeper = card_of(enterprise), keeper_of(enterprise, agent)
        lent(card, keeper, agent)
    with time_machine.travel(later(9), tick=False):
        returned(card, keeper, agent)
    play(day(10), day(30))
    assert told(agent, "cards:duty:") == []


def test_a_card_that_is_lost_meanwhile_is_asked_for_no_more(
    enterprise, agent, officer, quiet
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        card, keeper = card_of(enterprise), keeper_of(enterprise, agent)
        lent(card, keeper, agent)
    with time_machine.travel(later(9), tick=False):
        mark(card, kind=EventKind.LOST, by=agent)
    play(day(10), day(30))
    assert told(agent, "cards:duty:") == []
    assert told(officer, "cards:duty-station:") == []


def test_several_things_of_one_day_are_one_message(enterprise, agent, officer, quiet) -> None:
    with time_machine.travel(MONDAY, tick=False):
        keeper = keeper_of(enterprise, agent)
        for holder in ("甲样例", "乙样例"):
            lent(card_of(enterprise, holder=holder), keeper, agent)
        visit = visit_to(enterprise, planned_for=day(14), due_on=day(40))
        visit.findings.create(
            enterprise=enterprise, words="补登", due_on=day(14), remind_on=day(14)
        )
    play(day(14), day(14))
    [notice] = Notice.objects.filter(recipient=agent, cause__startswith="cards:duty:")
    assert notice.subject == "用卡管理有3件事要办"
    assert "甲样例的卡最晚2026年12月7日归还" in notice.body
    assert "整改“补登”" in notice.body
    care_again = Notice.objects.count()
    play(day(14), day(14))
    assert Notice.objects.count() == care_again


def test_a_day_that_was_missed_is_made_good_for_the_station(
    enterprise, agent, officer, quiet
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        visit_to(enterprise, due_on=day(3), assigned_to=officer)
    play(day(2), day(2))
    play(day(5), day(6))
    [line] = told(officer, "cards:duty-station:")
    assert line == "1128 用卡和回访：今天有1件事"


def test_a_year_of_reports_is_played(enterprise, agent, officer) -> None:
    with time_machine.travel(on(23, 10), tick=False):
        card_of(enterprise)
    # From New Year on: the last quarter of 2026 and the year are asked for.
    play(date(2027, 1, 1), date(2027, 1, 31))
    assert [line[:4] for line in told(agent, "cards:duty:")] == [
        # The quarter: three days before, the day after, then every five days; the year likewise.
        "0107", "0111", "0116", "0117", "0121", "0126", "0131",
    ]  # fmt: skip
    report = PeriodReport.objects.get(period__label="2026年第四季度")
    year = PeriodReport.objects.get(period__label="2026年度")
    with time_machine.travel(on(23, 10).replace(year=2027, month=2, day=1), tick=False):
        for one in (report, year):
            send_report(fill_report(one, by=agent), by=agent)
    before = len(told(agent, "cards:duty:"))
    play(date(2027, 2, 1), date(2027, 3, 31))
    assert len(told(agent, "cards:duty:")) == before
    play(date(2027, 4, 1), date(2027, 4, 8))
    assert [line[:4] for line in told(agent, "cards:duty:")][before:] == ["0407"]
    lapsed = [line[:4] for line in told(officer, "cards:duty-station:")]
    assert {"0111", "0121"} <= set(lapsed)


def test_the_sweep_costs_by_what_is_due(enterprise, agent, officer, quiet) -> None:
    with time_machine.travel(MONDAY, tick=False):
        keeper = keeper_of(enterprise, agent)
        card = card_of(enterprise)

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                care()
            return len(found)

        care()
        few = queries()
        lent(card, keeper, agent)
        for _ in range(30):
            other = EnterpriseFactory.create()
            visit_to(other, done_on=day(0), done_by=officer)
            lent(card_of(other), keeper_of(other, agent), agent)
        assert queries() == few

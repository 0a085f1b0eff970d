"""Sums of months that are over: the same figures as from the rows, also after the past changed."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from reports.department_times import months
from reviews.models import ClosedMonth, MonthTimes, Opinion, Pause, ReviewTable
from reviews.services import circulation
from reviews.services.opinions import after_answer
from reviews.times.closing import close_months
from reviews.times.reading import TimesReader
from tests.factories import ReviewTableFactory
from tests.reviews.conftest import Station, on, sign_off
from workdays.calendar import STATION_TIME, load_calendar
from workdays.models import StationClosure

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 3, 10, tzinfo=STATION_TIME)


def figures(user: User, now: datetime = DECEMBER) -> list[tuple[Any, ...]]:
    """Every line of the year's page, in words."""
    with time_machine.travel(now, tick=False):
        return [
            (month.label, one.department, one.count, one.late, one.response, one.used,
             one.longest, one.whole)
            for month in months(user, 2026)
            for one in month.lines
        ]  # fmt: skip


def close(now: datetime = DECEMBER) -> int:
    """Registered an hour before, so that whatever could not lock the months is over."""
    counted = 0
    for moment in (now - timedelta(hours=1), now):
        with time_machine.travel(moment, tick=False):
            counted += close_months()
    return counted


@pytest.fixture
def november(officer: User, tax_liaison: User) -> ReviewTable:
    """Circulated on Friday the 20th at 16:00; tax and police sign, the police after a pause."""
    table: ReviewTable = ReviewTableFactory.create(
        circulated_by=officer, circulated_at=on(20, 16), due_at=on(24, 18)
    )
    with time_machine.travel(on(23, 9, 30), tick=False):
        record("material.view", table.application, by=tax_liaison)
    pause = Pause.objects.create(
        table=table, by=officer, reason="护照", started_at=on(23, 9), ended_at=on(23, 12)
    )
    pause.going_on.add(table.opinions.get(department__code="tax").department)
    sign_off(table, "tax", "police", by=tax_liaison, moment=on(23, 15))
    return table


@pytest.fixture
def concluded(officer: User, tax_liaison: User) -> ReviewTable:
    """Of one day: Tuesday the 24th, 10:00 to 16:00."""
    table: ReviewTable = ReviewTableFactory.create(
        status="concluded", circulated_at=on(24, 10), concluded_at=on(24, 16), due_at=on(27, 18)
    )
    sign_off(
        table, "commerce", "tax", "police", "social", "foreign_affairs", by=tax_liaison,
        moment=on(24, 15),
    )  # fmt: skip
    return table


# Monday without the pause of the morning: Friday 2 and Monday 1; Tuesday 2 and 1.
POLICE = ("2026年11月", "区公安局", 2, 0, "3.0", "3.0", "3.0", "3.0")
# Tax went on: Friday 2, Monday 4, and had looked after 2.5; Tuesday 3, without a look.
TAX = ("2026年11月", "区税务局", 2, 0, "2.8", "4.5", "6.0", "3.0")
WHOLE = ("2026年11月", "全表办结", 1, 0, "—", "4.0", "4.0", "4.0")


def test_a_closed_month_says_what_its_rows_say(
    november: ReviewTable, concluded: ReviewTable, officer: User, supervisor: User
) -> None:
    before, own = figures(officer), figures(supervisor)
    assert [line for line in before if line[1] in {"区税务局", "区公安局"}] == [TAX, POLICE]
    assert before[-1] == WHOLE
    # The leader of tax: his own, and the tables on which tax has an opinion.
    assert own == [TAX, WHOLE]
    assert close() == 1
    assert (figures(officer), figures(supervisor)) == (before, own)
    for person in (officer, supervisor):
        assert TimesReader(load_calendar(), person.department_id).years() == [2026]


def test_of_a_closed_month_no_opinion_is_read(november: ReviewTable, officer: User) -> None:
    close()
    # Past every service: what is kept says what was counted.
    Opinion.objects.filter(department__code="tax").update(signed_at=on(23, 16))
    assert ("2026年11月", "区税务局", 1, 0, "2.5", "6.0", "6.0", "3.0") in figures(officer)


def test_the_queries_are_as_many_for_one_month_as_for_many(
    officer: User, tax_liaison: User
) -> None:
    def cost() -> int:
        with time_machine.travel(DECEMBER, tick=False), CaptureQueriesContext(connection) as asked:
            months(officer, 2026)
        return len(asked)

    def signed_in(month: int) -> None:
        moment = on(23, 15).replace(month=month)
        table = ReviewTableFactory.create(circulated_at=moment - timedelta(days=1))
        sign_off(table, "tax", by=tax_liaison, moment=moment)

    signed_in(11)
    close()
    one = cost()
    for month in (3, 5, 7):
        signed_in(month)
    close()
    assert ClosedMonth.objects.counted().count() == 9
    assert cost() == one <= 10


def test_a_month_is_counted_a_day_after_its_end_and_not_as_soon_as_it_is_registered(
    november: ReviewTable,
) -> None:
    assert close(datetime(2026, 12, 1, 12, tzinfo=STATION_TIME)) == 0
    ClosedMonth.objects.all().delete()
    with time_machine.travel(DECEMBER, tick=False):
        assert close_months() == 0
    with time_machine.travel(DECEMBER + timedelta(minutes=31), tick=False):
        assert (close_months(), close_months()) == (1, 0)


def test_a_round_that_becomes_void_counts_no_more_in_the_month_that_was_closed(
    november: ReviewTable, officer: User
) -> None:
    close()
    with time_machine.travel(DECEMBER, tick=False):
        circulation.void(november, ReviewTable.VoidCause.CORRECTED, reason="单位名称有误")
    assert not ClosedMonth.objects.counted().exists()
    assert figures(officer) == []
    assert close(DECEMBER + timedelta(days=1)) == 1
    assert figures(officer) == []
    assert not MonthTimes.objects.exists()


def test_a_day_that_was_closed_afterwards_takes_its_hours_off(
    november: ReviewTable, officer: User, tax_liaison: User
) -> None:
    close()
    StationClosure.objects.create(date=date(2026, 11, 20), reason="停电", entered_by=officer)
    # Friday's two hours are none.
    tax = ("2026年11月", "区税务局", 1, 0, "0.5", "4.0", "4.0", "1.0")
    assert tax in figures(officer)
    assert close(DECEMBER + timedelta(days=1)) == 1
    assert tax in figures(officer)


def test_a_holiday_of_another_month_counts_nothing_anew(
    november: ReviewTable, officer: User
) -> None:
    close()
    StationClosure.objects.create(date=date(2026, 12, 24), reason="停电", entered_by=officer)
    assert close(DECEMBER + timedelta(days=1)) == 0


def test_an_answer_stored_under_an_earlier_month_reopens_it(
    november: ReviewTable, officer: User, tax_liaison: User
) -> None:
    close()
    sign_off(november, "social", by=tax_liaison, moment=on(30, 17))
    with time_machine.travel(DECEMBER, tick=False):
        after_answer(november.opinions.with_case().get(department__code="social"))
    assert "区人力社保局" in {line[1] for line in figures(officer)}


def test_the_first_response_is_kept_with_the_signature(
    station: Station, circulated: ReviewTable
) -> None:
    record("material.view", circulated.application, by=station.liaisons["police"])
    looked = timezone.now()
    station.sign(circulated, "police", "tax")
    kept = dict(circulated.opinions.values_list("department__code", "responded_at"))
    police, tax, social = (kept[code] for code in ("police", "tax", "social"))
    assert police is not None
    assert circulated.circulated_at <= police <= looked
    # Its draft, a moment before the signature; who has not signed keeps none.
    assert tax is not None
    assert looked <= tax <= timezone.now()
    assert social is None


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    status = 0
    try:
        with time_machine.travel(DECEMBER, tick=False):
            call_command("closed_months", *words)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(capsys.readouterr().out)


def test_the_command_recomputes_compares_and_mends(
    november: ReviewTable, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys) == (0, {"months": 0, "written": [], "differences": []})
    assert answer(capsys, "--write") == (
        0,
        {"months": 1, "written": ["2026-11"], "differences": []},
    )
    Opinion.objects.filter(department__code="tax").update(signed_at=on(23, 16))
    differs = {"month": "2026-11", "of": ["区税务局"]}
    assert answer(capsys) == (1, {"months": 1, "written": [], "differences": [differs]})
    assert answer(capsys, "--write")[0] == 0
    assert answer(capsys)[0] == 0
    assert answer(capsys, "--nonsense")[0] == 2

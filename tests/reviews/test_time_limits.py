"""Stored deadlines: what a form is circulated with, and what pauses and signatures make of them."""

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from applications.services.intake import answer_correction
from core.dates import moment_words
from reviews.models import ReviewTable
from reviews.services import circulation
from reviews.time_limits import deadline_words
from tests.conftest import ClientOf
from tests.factories import SHEETS
from tests.reviews.conftest import Station, on
from workdays.calendar import STATION_TIME, bundled_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def circulated(station: Station, submitted: Application) -> ReviewTable:
    with time_machine.travel(on(23, 10), tick=False):
        return circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)


def test_a_form_keeps_the_targets_it_was_circulated_with(
    station: Station, submitted: Application, settings
) -> None:
    settings.TARGET_DAYS = {"departments": 4, "whole": 6}
    with time_machine.travel(on(23, 10), tick=False):
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    assert (form.department_days, form.whole_days) == (4, 6)
    assert form.due_at == on(23, 18).replace(month=12, day=1)
    assert form.opinions.get(department__code="tax").due_at == on(27, 18)
    assert form.opinions.get(department__code="foreign_affairs").due_at == form.due_at


def test_what_is_signed_during_a_pause_is_not_late_for_it(
    station: Station, circulated: ReviewTable
) -> None:
    """Paused from Tuesday, signed on Friday: Tuesday to Friday are not counted."""
    with time_machine.travel(on(24, 10), tick=False):
        circulation.ask_supplement(circulated, {10: "请重扫"}, by=station.officer)
    with time_machine.travel(on(27, 10), tick=False):
        station.sign(circulated, "police")
    police = circulated.opinions.get(department__code="police")
    assert police.signed_at is not None
    assert police.due_at == on(23, 18).replace(month=12, day=1)


def test_the_application_has_the_deadline_of_its_table_while_the_departments_hold_it(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    """Paused from Tuesday to Friday: Monday 30 November is the first of the three days."""
    application = circulated.application

    def due() -> datetime | None:
        application.refresh_from_db()
        return application.due_at

    assert due() == on(26, 18)
    with time_machine.travel(on(24, 10), tick=False):
        circulation.ask_supplement(circulated, {1: "请补盖公章"}, by=station.officer)
    # Five working days for a supplement, the day of asking not among them.
    assert due() == datetime(2026, 12, 1, 18, tzinfo=STATION_TIME)
    for correction in application.corrections.open():
        answer_correction(correction, answer="已盖公章", by=agent)
    with time_machine.travel(on(27, 10), tick=False):
        circulation.supplement(application, by=agent)
    circulated.refresh_from_db()
    assert due() == circulated.due_at == datetime(2026, 12, 2, 18, tzinfo=STATION_TIME)
    with time_machine.travel(on(30, 10), tick=False):
        circulation.recall(circulated, reason="职务有误", by=station.officer)
    # From here on the enterprise has ten working days.
    assert due() == datetime(2026, 12, 14, 18, tzinfo=STATION_TIME)


def test_a_withdrawn_application_has_no_deadline(circulated: ReviewTable, agent: User) -> None:
    circulation.withdraw(circulated.application, reason="不再需要", by=agent)
    circulated.application.refresh_from_db()
    assert circulated.application.due_at is None


def test_a_deadline_in_words_names_the_missing_notice() -> None:
    due = datetime(2027, 1, 5, 18, tzinfo=STATION_TIME)
    assert moment_words(due) == "2027年1月5日18:00"
    words = "2027年1月5日18:00（节假日安排未公布，暂按法定节假日推算）"
    assert deadline_words(due, bundled_calendar()) == words
    assert deadline_words(on(25, 18), bundled_calendar()) == "2026年11月25日18:00"


def test_enterprise_and_officer_read_the_real_deadline_of_the_case(
    circulated: ReviewTable, agent: User, station: Station, client_of: ClientOf
) -> None:
    application = circulated.application
    with time_machine.travel(on(23, 11), tick=False):
        case = client_of(agent).get(application.get_absolute_url()).text
        desk = client_of(station.officer)
        officers = desk.get(reverse("applications:pre_review", args=[application.pk])).text
    assert "还剩3个工作日，11月26日18:00前" in case
    assert "还剩3个工作日，11月26日18:00前" in officers
    circulation.ask_supplement(circulated, {10: "请重新扫描。"}, by=station.officer)
    assert "前；补充提交之前，等这些材料的审核一直暂停" in (
        client_of(agent).get(application.get_absolute_url()).text
    )

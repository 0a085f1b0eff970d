"""Until when whoever holds an application is to act, with dates counted by hand.

The 23rd of November 2026 is a Monday; no holiday falls into the weeks after it.
"""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.services.perform import perform
from applications.time_limits import due_words
from applications.workflow import Action, Status
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, ApplicationFactory
from workdays import services as calendar
from workdays.calendar import STATION_TIME
from workdays.following import catch_up_with_calendar

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


def move(
    application: Application, action: str, by: User | None, when: str, **more: Any
) -> Application:
    with time_machine.travel(at(when), tick=False):
        perform(application, Action(action), by=by, reason="原因", **more)
    application.refresh_from_db()
    return application


def in_status(application: Application, status: str) -> Application:
    Application.objects.filter(pk=application.pk).update(status=status)
    application.refresh_from_db()
    return application


@pytest.fixture
def waiting(draft: Application, agent: User) -> Application:
    """Submitted on Monday at 10:00: the station promises Tuesday."""
    return move(draft, "submit", agent, "2026-11-23T10:00")


@pytest.mark.parametrize(
    ("action", "before", "who", "when", "due"),
    [
        # The station promises one working day, from the enterprise's submission.
        ("submit", "draft", "agent", "2026-11-23T10:00", "2026-11-24T18:00"),
        ("submit", "draft", "agent", "2026-11-27T23:30", "2026-11-30T18:00"),
        ("resubmit", "returned", "agent", "2026-11-28T09:00", "2026-11-30T18:00"),
        # The enterprise has ten working days for its corrections.
        ("return", "submitted", "officer", "2026-11-24T11:00", "2026-12-08T18:00"),
        ("recall", "in_review", "officer", "2026-11-25T11:00", "2026-12-09T18:00"),
        # For a supplement the station says nothing, unless it is set.
        # The station gives five working days to supplement.
        ("ask_supplement", "in_review", "officer", "2026-11-24T10:00", "2026-12-01T18:00"),
        # What is over waits for nobody.
        ("decline", "submitted", "officer", "2026-11-24T10:00", ""),
        ("conclude", "in_review", "", "2026-11-24T10:00", ""),
        ("withdraw", "submitted", "agent", "2026-11-24T10:00", ""),
        ("withdraw", "in_review", "agent", "2026-11-24T10:00", ""),
    ],
)
def test_each_move_sets_the_deadline_of_whoever_holds_the_application_next(
    draft: Application,
    action: str,
    before: str,
    who: str,
    when: str,
    due: str,
    request: pytest.FixtureRequest,
) -> None:
    by = request.getfixturevalue(who) if who else None
    Application.objects.update(due_at=at("2026-11-23T18:00"), due_days=1)
    moved = move(in_status(draft, before), action, by, when)
    assert moved.due_at == (at(due) if due else None)


def test_a_supplement_is_due_where_the_station_says_so(
    draft: Application, officer: User, settings: Any
) -> None:
    settings.ANSWER_DAYS = {"corrections": 10, "supplement": 5}
    application = in_status(draft, "in_review")
    asked = move(application, "ask_supplement", officer, "2026-11-24T10:00")
    assert asked.due_at == at("2026-12-01T18:00")


def test_where_the_station_promises_nothing_there_is_no_deadline(
    draft: Application, agent: User, settings: Any
) -> None:
    settings.STATION_DAYS = {"pre_review": 0}
    assert move(draft, "submit", agent, "2026-11-23T10:00").due_at is None


def test_with_the_departments_the_deadline_is_the_tables(
    waiting: Application, officer: User
) -> None:
    table_due = at("2026-11-26T18:00")
    sent = move(waiting, "circulate", officer, "2026-11-23T11:00", due_at=table_due)
    assert (sent.due_at, sent.due_days) == (table_due, None)


def test_a_closing_day_moves_it_on_record_and_tells_nobody(
    waiting: Application, officer: User, agent: User
) -> None:
    told = Notice.objects.count()
    with time_machine.travel(at("2026-11-23T15:00"), tick=False):
        closure = calendar.close_station(date(2026, 11, 24), "机房停电检修", by=officer)
        waiting.refresh_from_db()
        assert waiting.due_at == at("2026-11-25T18:00")
        calendar.reopen_station(closure.pk, by=officer)
    waiting.refresh_from_db()
    assert waiting.due_at == at("2026-11-24T18:00")
    assert Notice.objects.count() == told
    first, second = AuditEvent.objects.filter(action="application.move_deadline").order_by("pk")
    assert (first.actor, first.object_id) == (officer, str(waiting.pk))
    assert datetime.fromisoformat(first.before["due_at"]) == at("2026-11-24T18:00")
    assert datetime.fromisoformat(first.after["due_at"]) == at("2026-11-25T18:00")
    assert datetime.fromisoformat(second.after["due_at"]) == at("2026-11-24T18:00")


def test_the_preview_of_a_closing_day_names_what_people_are_told_of_alone(
    waiting: Application,
) -> None:
    with time_machine.travel(at("2026-11-23T15:00"), tick=False):
        assert calendar.moves_of_closing(date(2026, 11, 24)) == []


def test_a_changed_promise_leaves_what_waits_and_what_is_over_as_it_was(
    waiting: Application, officer: User, settings: Any
) -> None:
    settings.STATION_DAYS = {"pre_review": 5, "verification": 5}
    over = Application.objects.create(
        enterprise=waiting.enterprise,
        applicant=waiting.applicant,
        status=Status.WITHDRAWN,
        created_by=waiting.created_by,
    )
    with time_machine.travel(at("2026-11-23T15:00"), tick=False):
        calendar.close_station(date(2026, 11, 24), "机房停电检修", by=officer)
    waiting.refresh_from_db()
    over.refresh_from_db()
    assert (waiting.due_at, over.due_at) == (at("2026-11-25T18:00"), None)


def test_a_deadline_from_the_old_calendar_is_mended_once(waiting: Application) -> None:
    Application.objects.update(due_at=at("2026-11-23T18:00"))
    with time_machine.travel(at("2026-11-23T15:00"), tick=False):
        assert catch_up_with_calendar() == []
        catch_up_with_calendar()
    waiting.refresh_from_db()
    assert waiting.due_at == at("2026-11-24T18:00")
    assert AuditEvent.objects.filter(action="application.move_deadline").count() == 1


def test_a_target_without_a_deadline_cannot_be_stored(waiting: Application) -> None:
    with pytest.raises(IntegrityError, match="application_due_is_whole"):
        Application.objects.update(due_at=None)


# On the pages -----------------------------------------------------------------------------------


def page(client_of: ClientOf, person: User, path: str, now: str) -> str:
    with time_machine.travel(at(now), tick=False):
        response = client_of(person).get(path)
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.mark.parametrize("path", ["/", "/applications/"])
def test_the_officer_reads_until_when_the_pre_review_is_promised(
    path: str, waiting: Application, officer: User, client_of: ClientOf
) -> None:
    words = page(client_of, officer, path, "2026-11-23T11:00")
    assert "还剩1个工作日，11月24日18:00前" in words
    assert "待预审" in words
    assert "已超时限，不足1个工作日" in page(client_of, officer, path, "2026-11-25T09:00")
    assert "已超1个工作日" in page(client_of, officer, path, "2026-11-25T18:00")


def test_the_enterprise_reads_until_when_to_correct(
    waiting: Application, agent: User, officer: User, client_of: ClientOf
) -> None:
    move(waiting, "return", officer, "2026-11-24T11:00")
    for path in ("/", "/applications/", waiting.get_absolute_url()):
        words = page(client_of, agent, path, "2026-11-24T12:00")
        assert "还剩10个工作日，12月8日18:00前" in words, path
    desk = page(
        client_of,
        officer,
        reverse("applications:pre_review", args=[waiting.pk]),
        "2026-11-24T12:00",
    )
    assert "还剩10个工作日，12月8日18:00前" in desk


@pytest.mark.parametrize(
    ("days", "listed", "said"),
    [
        (0, "", "没有期限，请尽快；补充提交之前，等这些材料的审核一直暂停"),
        (
            5,
            "补充材料还剩5个工作日，12月1日18:00前",
            "还剩5个工作日，12月1日18:00前；补充提交之前，等这些材料的审核一直暂停",
        ),
    ],
)
def test_while_the_enterprise_supplements_lists_say_that_the_clock_stands_still(
    draft: Application,
    agent: User,
    officer: User,
    client_of: ClientOf,
    settings: Any,
    days: int,
    listed: str,
    said: str,
) -> None:
    settings.ANSWER_DAYS = {"corrections": 10, "supplement": days}
    application = in_status(draft, "in_review")
    move(application, "ask_supplement", officer, "2026-11-24T10:00")
    for person in (agent, officer):
        words = page(client_of, person, "/applications/", "2026-11-24T11:00")
        assert "已暂停计时：等企业补充材料" in words
        assert listed in words
    assert said in page(client_of, agent, application.get_absolute_url(), "2026-11-24T11:00")


def test_what_is_due_first_stands_first_whoever_holds_it(waiting: Application) -> None:
    applicant = ApplicantFactory.create(enterprise=waiting.enterprise)
    urgent = ApplicationFactory.create(applicant=applicant, status=Status.SUBMITTED)
    Application.objects.filter(pk=urgent.pk).update(due_days=1, due_at=at("2026-11-23T18:00"))
    in_order = Application.objects.by_urgency_for_station()[0]
    assert [one.pk for one in in_order] == [urgent.pk, waiting.pk]


def test_no_words_where_nobody_has_said_until_when(draft: Application) -> None:
    assert due_words(draft) == ""

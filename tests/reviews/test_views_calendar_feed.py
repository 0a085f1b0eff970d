"""Deadlines in one's own calendar, under an address that is a key."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import AuditEvent, User
from applications.models import Application
from reviews.models import CalendarToken, Opinion, ReviewTable
from reviews.time_limits import recompute, with_deadlines
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory
from workdays.calendar import load_calendar

PAGE = "/reviews/calendar/feed/"


@pytest.fixture
def form(submitted: Application) -> ReviewTable:
    Application.objects.filter(pk=submitted.pk).update(status="in_review")
    made: ReviewTable = ReviewTableFactory.create(application=submitted)
    return made


def address_of(client: Client) -> str:
    client.post(f"{PAGE}give/")
    address: str = client.get(PAGE).context["address"]
    return address.removeprefix("http://127.0.0.1:8000")


def events(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_liaison_reads_his_departments_deadline(
    client_of: ClientOf, form: ReviewTable, tax_liaison: User
) -> None:
    [event] = events(address_of(client_of(tax_liaison)))
    opinion = form.opinions.get(department__code="tax")
    assert event["summary"] == f"区税务局意见到期：{form.number}"
    assert event.decoded("dtend") == opinion.due_at.replace(microsecond=0)
    assert event["url"] == f"http://127.0.0.1:8000/reviews/opinions/{opinion.pk}/"
    assert event["uid"] == f"opinion-{opinion.pk}@wanzhou.example"


def test_a_moved_deadline_is_a_later_version_of_the_same_event(
    client_of: ClientOf, form: ReviewTable, tax_liaison: User, officer: User
) -> None:
    """RFC 5545: a program takes over a change when SEQUENCE has grown."""
    addresses = [address_of(client_of(person)) for person in (tax_liaison, officer)]
    before = [events(address)[0] for address in addresses]
    assert [event["sequence"] for event in before] == [0, 0]
    made = form.circulated_at.replace(microsecond=0)
    assert [event.decoded("last-modified") for event in before] == [made, made]
    moved = form.circulated_at + timedelta(hours=1)
    with time_machine.travel(moved, tick=False):
        recompute(with_deadlines(ReviewTable.objects.all()).get(), load_calendar())
    after = [events(address)[0] for address in addresses]
    assert [event["sequence"] for event in after] == [3600, 3600]
    assert [event["uid"] for event in after] == [event["uid"] for event in before]
    expected = moved.replace(microsecond=0)
    assert [event.decoded("last-modified") for event in after] == [expected, expected]


def test_the_feed_names_neither_applicant_nor_enterprise(
    client_of: ClientOf, form: ReviewTable, officer: User
) -> None:
    text = Client().get(address_of(client_of(officer))).text.replace("\r\n ", "")
    assert form.number in text
    assert form.application.applicant.name not in text
    assert form.application.enterprise.name not in text


def test_what_is_signed_or_closed_leaves_the_calendar(
    client_of: ClientOf, form: ReviewTable, tax_liaison: User, officer: User
) -> None:
    of_liaison, of_officer = address_of(client_of(tax_liaison)), address_of(client_of(officer))
    assert len(events(of_officer)) == 1
    Opinion.objects.filter(table=form, department__code="tax").update(
        signed_at=timezone.now(), signed_by=tax_liaison, conclusion="agree"
    )
    assert events(of_liaison) == []
    ReviewTable.objects.update(status="void", voided_at=timezone.now(), void_reason="表内信息有误")
    assert events(of_officer) == []


def test_while_the_clock_stands_still_there_is_no_deadline_to_show(
    client_of: ClientOf, form: ReviewTable, officer: User, tax_liaison: User
) -> None:
    Application.objects.update(status="supplementing")
    for person in (officer, tax_liaison):
        assert events(address_of(client_of(person))) == []


def test_who_signs_last_has_no_deadline_before_the_turn(
    client_of: ClientOf, form: ReviewTable, foreign_liaison: User
) -> None:
    assert events(address_of(client_of(foreign_liaison))) == []


def test_the_address_is_shown_once_and_kept_as_a_hash(client_of: ClientOf, officer: User) -> None:
    client = client_of(officer)
    address = address_of(client)
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 32
    again = client.get(PAGE).text
    assert "日历订阅" in again
    assert token not in again
    assert token not in CalendarToken.objects.get().token_hash
    assert token not in str(list(AuditEvent.objects.values()))


def test_a_new_address_ends_the_old_and_a_revoked_one_is_gone(
    client_of: ClientOf, officer: User
) -> None:
    client = client_of(officer)
    old = address_of(client)
    new = address_of(client)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    client.post(f"{PAGE}revoke/")
    client.post(f"{PAGE}revoke/")
    assert Client().get(new).status_code == 404
    actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["feed.give", "feed.give", "feed.revoke"]


def test_an_account_that_is_closed_shows_nothing_more(client_of: ClientOf, officer: User) -> None:
    address = address_of(client_of(officer))
    User.objects.update(is_active=False)
    assert Client().get(address).status_code == 404


def test_a_feed_is_no_sign_in(client_of: ClientOf, officer: User) -> None:
    visitor = Client()
    visitor.get(address_of(client_of(officer)))
    assert visitor.get(PAGE).status_code == 302


@pytest.mark.parametrize("count", [1, 50])
def test_the_feed_costs_the_same_for_one_and_for_fifty(
    client_of: ClientOf, tax_liaison: User, django_assert_max_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        ReviewTableFactory.create()
    address = address_of(client_of(tax_liaison))
    with django_assert_max_num_queries(6):
        assert len(events(address)) == count

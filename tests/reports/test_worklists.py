"""Deadlines on the home pages: words first, by what is due, the remark of a provisional year."""

import re
from datetime import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from reviews.workdays import STATION_TIME
from tests.conftest import ClientOf
from tests.factories import ReviewFormFactory, agent_of

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


def home(client_of: ClientOf, person: User, now: str) -> str:
    with time_machine.travel(at(now), tick=False):
        html = client_of(person).get(reverse("home")).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_enterprise_sees_until_when_the_departments_are_to_be_done(
    client_of: ClientOf,
) -> None:
    with time_machine.travel(at("2026-11-23T10:00"), tick=False):
        form = ReviewFormFactory.create(due_at=at("2026-11-26T18:00"))
    agent = agent_of(form.application.enterprise)
    assert "还剩3个工作日，11月26日18:00前" in home(client_of, agent, "2026-11-23T11:00")
    assert "今天到期，18:00前" in home(client_of, agent, "2026-11-26T00:01")
    assert "已超1个工作日" in home(client_of, agent, "2026-11-27T09:00")


def test_every_home_page_says_what_rests_on_a_year_without_a_notice(
    client_of: ClientOf, officer: User, tax_liaison: User, supervisor: User, station_head: User
) -> None:
    with time_machine.travel(at("2026-12-31T10:00"), tick=False):
        form = ReviewFormFactory.create(due_at=at("2027-01-06T18:00"))
    form.opinions.update(due_at=at("2027-01-05T18:00"))
    agent = agent_of(form.application.enterprise)
    for person in (officer, tax_liaison, supervisor, station_head, agent):
        shown = home(client_of, person, "2026-12-31T11:00")
        assert "节假日安排未公布，暂按法定节假日推算" in shown, person.title


def test_what_is_due_first_stands_first(client_of: ClientOf, tax_liaison: User) -> None:
    with time_machine.travel(at("2026-11-23T10:00"), tick=False):
        later = ReviewFormFactory.create(due_at=at("2026-11-27T18:00"))
        sooner = ReviewFormFactory.create(due_at=at("2026-11-25T18:00"))
    shown = home(client_of, tax_liaison, "2026-11-23T11:00")
    assert shown.index(sooner.number) < shown.index(later.number)

"""Deadlines on the home pages: words first, by what is due, the remark of a provisional year."""

import re
from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from applications.workflow import Status
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, ApplicationFactory, ReviewTableFactory, agent_of
from tests.reviews.conftest import sign_off
from workdays.calendar import STATION_TIME

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


def text_of(client_of: ClientOf, person: User, path: str, now: str) -> str:
    with time_machine.travel(at(now), tick=False):
        html = client_of(person).get(path).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def home(client_of: ClientOf, person: User, now: str) -> str:
    return text_of(client_of, person, "/", now)


def test_the_enterprise_sees_until_when_the_departments_are_to_be_done(
    client_of: ClientOf,
) -> None:
    with time_machine.travel(at("2026-11-23T10:00"), tick=False):
        form = ReviewTableFactory.create(due_at=at("2026-11-26T18:00"))
    agent = agent_of(form.application.enterprise)
    assert "还剩3个工作日，11月26日18:00前" in home(client_of, agent, "2026-11-23T11:00")
    assert "今天到期，18:00前" in home(client_of, agent, "2026-11-26T00:01")
    assert "已超时限，不足1个工作日" in home(client_of, agent, "2026-11-27T09:00")
    assert "已超1个工作日" in home(client_of, agent, "2026-11-27T18:00")


def test_every_home_page_says_what_rests_on_a_year_without_a_notice(
    client_of: ClientOf, officer: User, tax_liaison: User, supervisor: User, station_head: User
) -> None:
    with time_machine.travel(at("2026-12-31T10:00"), tick=False):
        form = ReviewTableFactory.create(due_at=at("2027-01-06T18:00"))
    form.opinions.update(due_at=at("2027-01-05T18:00"))
    agent = agent_of(form.application.enterprise)
    for person in (officer, tax_liaison, supervisor, station_head, agent):
        shown = home(client_of, person, "2026-12-31T11:00")
        assert "节假日安排未公布，暂按法定节假日推算" in shown, person.title


# The lists of each role that show what is under way.
LISTS = [
    ("officer", "/"),
    ("officer", "/reviews/tables/"),
    ("officer", "/applications/"),
    ("tax_liaison", "/"),
    ("tax_liaison", "/reviews/tables/"),
    # Before its turn foreign affairs has no deadline of its own to show on its home page.
    ("foreign_liaison", "/reviews/tables/"),
    ("supervisor", "/"),
    ("supervisor", "/reviews/tables/"),
    ("station_head", "/"),
    ("station_head", "/reviews/tables/"),
    ("agent", "/"),
    ("agent", "/applications/"),
]


@pytest.mark.parametrize(("role", "path"), LISTS)
def test_every_list_says_how_long_is_left_and_what_is_due_first_stands_first(
    client_of: ClientOf, request: pytest.FixtureRequest, role: str, path: str
) -> None:
    person: User = request.getfixturevalue(role)
    enterprise = request.getfixturevalue("enterprise")
    with time_machine.travel(at("2026-11-20T10:00"), tick=False):
        for day in (26, 24, 25):
            applicant = ApplicantFactory.create(enterprise=enterprise)
            application = ApplicationFactory.create(
                applicant=applicant, submitted=True, status=Status.IN_REVIEW
            )
            ReviewTableFactory.create(application=application, due_at=at(f"2026-11-{day}T18:00"))
    shown = text_of(client_of, person, path, "2026-11-25T10:00")
    words = ["已超时限，不足1个工作日", "今天到期，18:00前", "还剩1个工作日，11月26日18:00前"]
    places = [shown.index(word) for word in words]
    assert places == sorted(places)


def test_what_one_has_signed_shows_until_when_the_whole_is_to_be_done(
    client_of: ClientOf, tax_liaison: User
) -> None:
    with time_machine.travel(at("2026-11-23T10:00"), tick=False):
        form = ReviewTableFactory.create(due_at=at("2026-11-26T18:00"))
        sign_off(form, "tax", by=tax_liaison, moment=at("2026-11-23T11:00"))
    shown = home(client_of, tax_liaison, "2026-11-24T11:00")
    assert "已签署，等其他部门 1件" in shown
    assert (
        "2026年11月23日 11:00签署，同意 等区商务委、区公安局、区人力社保局"
        " 还剩2个工作日，11月26日18:00前"
    ) in shown


def test_only_where_all_others_have_signed_it_waits_for_the_last(
    client_of: ClientOf, tax_liaison: User
) -> None:
    table = ReviewTableFactory.create()
    for code in ("commerce", "tax", "police", "social"):
        sign_off(table, code, by=tax_liaison, moment=timezone.now())
    shown = " ".join(re.sub(r"<[^>]+>", " ", client_of(tax_liaison).get("/").text).split())
    assert "签署，同意 等区政府外办" in shown
    assert "等区商务委" not in shown


def test_no_agreement_stands_green_on_what_was_declined(
    client_of: ClientOf, tax_liaison: User
) -> None:
    table = ReviewTableFactory.create()
    sign_off(table, "tax", by=tax_liaison, moment=timezone.now())
    Application.objects.filter(pk=table.application_id).update(status="declined")
    ReviewTable.objects.filter(pk=table.pk).update(status="concluded", concluded_at=timezone.now())
    page = client_of(tax_liaison).get("/").text
    (tag,) = re.findall(r'<span class="([^"]+)"[^>]*>[^<]*本部门同意，审核未通过', page)
    assert "done" not in tag
    assert "void" in tag

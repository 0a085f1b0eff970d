"""Several cases of one enterprise sent to the departments at once, each with its own result."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application, SheetReading
from enterprises.models import Enterprise
from materials.catalogue import check_list
from notices.models import Delivery, Preferences
from notices.quiet_hours import next_open_moment
from notices.tasks import sweep
from reviews.models import ReviewTable
from reviews.services.circulation import circulate
from tests.conftest import ClientOf
from tests.factories import SHEETS, ApplicantFactory, ApplicationFactory, CorrectionFactory
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, officer: User) -> Client:
    return client_of(officer)


@pytest.fixture
def two(submitted: Application) -> list[Application]:
    applicant = ApplicantFactory.create(enterprise=submitted.enterprise, name="李样例")
    return [submitted, ApplicationFactory.create(applicant=applicant, submitted=True)]


def address(enterprise: Enterprise) -> str:
    return reverse("reviews:circulate_batch", args=[enterprise.pk])


def send(desk: Client, applications: list[Application], **more: Any) -> str:
    """With everything gone through, unless `more` says what was confirmed."""
    if not more:
        for one in applications:
            read_through(one)
    data = {"application": [one.pk for one in applications], **more}
    return desk.post(address(applications[0].enterprise), data).content.decode()


def read_through(application: Application) -> None:
    officer = User.objects.get(username="officer")
    for number in range(11):
        SheetReading.objects.update_or_create(
            application=application,
            number=number,
            defaults={"ticked": list(check_list(number)), "by": officer, "at": timezone.now()},
        )


def test_each_case_gets_a_table_of_its_own(
    desk: Client, station: Station, two: list[Application]
) -> None:
    page = send(desk, two)
    assert page.count("已送四个部门，时限开始计算") == 2
    numbers = set(ReviewTable.objects.values_list("number", flat=True))
    assert len(numbers) == 2
    assert [Application.objects.get(pk=one.pk).status for one in two] == ["in_review"] * 2


def test_what_was_not_gone_through_is_named_before_anything_is_sent(
    desk: Client, station: Station, two: list[Application]
) -> None:
    read_through(two[0])
    SheetReading.objects.filter(application=two[0], number=9).delete()
    read_through(two[1])
    page = desk.post(
        address(two[0].enterprise), {"application": [one.pk for one in two]}
    ).content.decode()
    assert "现在一件都还没有送出" in page
    assert "材料9 申请人签名</a>：还没有核对" in page
    assert page.count("仍要送审</label>") == 1
    assert "其余1件都已逐条核对" in page
    assert not ReviewTable.objects.exists()


def test_only_what_was_confirmed_goes_and_the_rest_is_read_and_kept(
    desk: Client, station: Station, two: list[Application]
) -> None:
    sheets = list(range(11))
    page = send(
        desk,
        two,
        asked="1",
        sure=[two[1].pk],
        **{f"unread-{one.pk}": sheets for one in two},
    )
    assert "还没有逐条核对" in page
    assert [Application.objects.get(pk=one.pk).status for one in two] == ["submitted", "in_review"]
    event = AuditEvent.objects.get(action="review.circulate")
    assert event.after["unread"] == [0, 1, 2, 3, 4, 5, 8, 9, 10]


def test_one_that_has_problems_noted_holds_no_other_up(
    desk: Client, station: Station, two: list[Application]
) -> None:
    CorrectionFactory.create(application=two[0])
    page = send(desk, two)
    assert "没有送审" in page
    assert "已勾选了要补正的内容" in page
    assert [Application.objects.get(pk=one.pk).status for one in two] == ["submitted", "in_review"]


def test_a_second_click_opens_no_second_table(
    desk: Client, station: Station, two: list[Application]
) -> None:
    send(desk, two[:1])
    assert "已送部门审核" in send(desk, two[:1])
    assert ReviewTable.objects.count() == 1


def test_cases_of_another_enterprise_and_no_choice_are_left_alone(
    desk: Client, two: list[Application]
) -> None:
    other = ApplicationFactory.create(submitted=True)
    data = {"application": [other.pk]}
    page = desk.post(address(two[0].enterprise), data).content.decode()
    assert "没有找到勾选的申请" in page
    response = desk.post(address(two[0].enterprise), {"application": ["x"]})
    assert response.status_code == 422
    assert "请勾选要送部门审核的申请" in response.content.decode()
    assert not ReviewTable.objects.exists()


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_costs_the_same_for_one_and_for_fifty(
    desk: Client, enterprise: Enterprise, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        applicant = ApplicantFactory.create(enterprise=enterprise)
        application = ApplicationFactory.create(applicant=applicant)
        Application.objects.filter(pk=application.pk).update(status="submitted")
    with django_assert_max_num_queries(6):
        answer = desk.get(address(enterprise))
    assert answer.status_code == 200
    assert answer.text.count('name="application"') == count


def test_what_is_sent_while_the_office_is_closed_is_one_mail_at_the_opening(
    desk: Client, station: Station, two: list[Application], settings: Any
) -> None:
    settings.NOTICE_QUIET_HOURS = True
    night = timezone.now() + timedelta(days=1)
    opening = next_open_moment(night.replace(hour=20))  # long after the office has closed
    with time_machine.travel(night.replace(hour=20), tick=False):
        for one in two:
            circulate(one, by=station.officer, despite_unread=SHEETS)
        sweep()
    tax = station.liaisons["tax"]
    assert not [one for one in mail.outbox if one.to == [tax.email]]
    with time_machine.travel(opening, tick=False):
        sweep()
    [message] = [one for one in mail.outbox if one.to == [tax.email]]
    assert "等2件" in message.subject


def test_each_liaison_has_one_mail_and_one_text_message_with_all_of_them(
    desk: Client, station: Station, two: list[Application], settings: Any
) -> None:
    settings.SMS_ADAPTER = "notices.channels.sms.FileSms"
    Preferences.objects.create(user=station.liaisons["tax"], sms=True)
    send(desk, two)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        sweep()
    tax = station.liaisons["tax"]
    [message] = [one for one in mail.outbox if one.to == [tax.email]]
    assert "等2件" in message.subject
    for table in ReviewTable.objects.all():
        assert f"审核表{table.number}需要您代表区税务局" in message.body
    assert tax.notices.unread().count() == 2
    texts = Delivery.objects.filter(channel="sms", state="sent").order_by("pk")
    assert [one.leader_id for one in texts] == [None, texts[0].pk]

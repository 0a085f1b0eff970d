"""The pages: one's own channels, the station's ledger of messages, the groups' robots."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Department, User
from notices.models import ChannelHealth, Delivery, Notice, Preferences, WecomRobot
from tests.conftest import ClientOf
from tests.factories import UserFactory
from tests.notices.conftest import tell
from tests.notices.http_server import Gateway

PREFERENCES = "/notices/preferences/"
DELIVERIES = "/notices/deliveries/"
ROBOTS = "/notices/robots/"
WEBHOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=aaaa-bbbb"
State = Delivery.State


# Own channels ----------------------------------------------------------------------------------


def test_a_person_chooses_a_digest(client_of: ClientOf, tax_liaison: User) -> None:
    client = client_of(tax_liaison)
    page = client.get(PREFERENCES).text
    assert "不能关闭" in page
    assert "本站没有开通短信" in page
    answer = client.post(PREFERENCES, {"email": "on", "digest": "on", "seen_version": "1"})
    assert answer["Location"] == PREFERENCES
    chosen = Preferences.objects.get(user=tax_liaison)
    assert (chosen.email, chosen.digest, chosen.sms) == (True, True, False)
    assert AuditEvent.objects.filter(action="notice.preferences", actor=tax_liaison).count() == 1


def test_looking_at_the_choices_stores_none(client_of: ClientOf, officer: User) -> None:
    assert "不能关闭" in client_of(officer).get(PREFERENCES).text
    assert not Preferences.objects.exists()


def test_a_digest_without_mail_is_explained(client_of: ClientOf, officer: User) -> None:
    page = client_of(officer).post(PREFERENCES, {"digest": "on", "seen_version": "1"}).text
    assert "要收汇总，请同时勾选" in page
    assert not Preferences.objects.exists()


def test_text_messages_need_a_mobile_number(
    client_of: ClientOf, officer: User, settings: Any
) -> None:
    settings.SMS_ADAPTER = "notices.channels.sms.FileSms"
    assert "138****0000" in client_of(officer).get(PREFERENCES).text
    User.objects.filter(pk=officer.pk).update(phone="023-58000000")
    page = client_of(officer).post(PREFERENCES, {"email": "on", "sms": "on", "seen_version": "1"})
    assert "不是手机号码" in page.text


def test_a_second_window_overwrites_nothing(client_of: ClientOf, officer: User) -> None:
    client = client_of(officer)
    client.post(PREFERENCES, {"email": "on", "seen_version": "1"})
    page = client.post(PREFERENCES, {"email": "on", "digest": "on", "seen_version": "1"})
    assert "已经修改过" in page.text
    assert not Preferences.objects.get().digest


def test_ones_own_page_leads_to_the_choices(client_of: ClientOf, agent: User) -> None:
    assert f'href="{PREFERENCES}"' in client_of(agent).get("/accounts/me/").text


# The ledger ------------------------------------------------------------------------------------


def test_the_ledger_says_how_each_message_stands(
    client_of: ClientOf, officer: User, agent: User
) -> None:
    sent, failed, read, waiting = (tell(agent, number=number) for number in range(4))
    sent.deliveries.update(state=State.SENT, sent_at=timezone.now())
    failed.deliveries.update(state=State.FAILED, last_error="550 没有这个邮箱")
    Notice.objects.filter(pk=read.pk).update(read_at=timezone.now())
    waiting.deliveries.update(attempts=2, last_error="连不上邮件服务器")
    page = client_of(officer).get(DELIVERIES).text
    for words in ("已发送", "发送失败", "550 没有这个邮箱", "已读", "已试2次", "连不上邮件服务器"):
        assert words in page


def test_the_ledger_shows_no_text_and_no_link(
    client_of: ClientOf, officer: User, agent: User
) -> None:
    secret = "/accounts/confirm/a-token-of-tests/"
    tell(agent, kind=Notice.Kind.ACCOUNT, path=secret)
    page = client_of(officer).get(DELIVERIES).text
    assert "请确认您的电子邮箱" in page
    assert "a-token-of-tests" not in page
    assert "请在3天内点击" not in page


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        ("state=sent", {"已发"}),
        ("state=failed", {"失败"}),
        ("state=queued", {"待发"}),
        ("state=portal", {"门户"}),
        ("state=read", {"已发"}),
        ("channel=wecom", set()),
        ("who=经办人甲", {"已发", "失败", "待发", "门户"}),
        ("who=nobody", set()),
        ("since=2026-13-45", set()),
    ],
)
def test_the_ledger_is_narrowed(
    client_of: ClientOf, officer: User, agent: User, narrowing: str, expected: set[str]
) -> None:
    for number, name in enumerate(["已发", "失败", "待发", "门户"]):
        notice = tell(agent, number=number)
        Notice.objects.filter(pk=notice.pk).update(subject=name)
        if name == "已发":
            notice.deliveries.update(state=State.SENT, sent_at=timezone.now())
            Notice.objects.filter(pk=notice.pk).update(read_at=timezone.now())
        if name == "失败":
            notice.deliveries.update(state=State.FAILED)
        if name == "门户":
            notice.deliveries.all().delete()
    page = client_of(officer).get(f"{DELIVERIES}?{narrowing}")
    assert {notice.subject for notice in page.context["page"]} == expected


def test_many_people_of_one_name_are_all_found(
    client_of: ClientOf, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notices.filters.MOST_PEOPLE", 1)
    for number, person in enumerate(UserFactory.create_batch(3, name="同名的人")):
        tell(person, number=number)
    tell(officer, number=9)
    page = client_of(officer).get(f"{DELIVERIES}?who=同名")
    assert {notice.recipient.name for notice in page.context["page"]} == {"同名的人"}
    assert len(page.context["page"]) == 3


def test_a_failed_message_is_sent_again_once(
    client_of: ClientOf,
    officer: User,
    agent: User,
    django_capture_on_commit_callbacks: Any,
    no_broker: list[int],
) -> None:
    delivery = tell(agent).deliveries.get()
    Delivery.objects.update(state=State.FAILED, attempts=78, last_error="550")
    client, url = client_of(officer), f"{DELIVERIES}{delivery.pk}/retry/"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url)["Location"] == DELIVERIES
        assert "不用再点" in client.post(url, follow=True).text
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.QUEUED, 0)
    assert no_broker == [delivery.pk]
    assert AuditEvent.objects.filter(action="notice.retry").count() == 1


def test_the_ledger_names_a_channel_that_fails(client_of: ClientOf, officer: User) -> None:
    ChannelHealth.objects.create(
        key="email", label="电子邮件", failing_since=timezone.now(), last_error="连不上"
    )
    page = client_of(officer).get(DELIVERIES).text
    assert "电子邮件从" in page
    assert "连不上" in page


@pytest.mark.parametrize("notices", [1, 50])
def test_the_ledger_costs_the_same_for_one_and_for_fifty(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: Any, notices: int
) -> None:
    for number in range(notices):
        tell(UserFactory.create(), number=number)
    client = client_of(officer)
    client.get(DELIVERIES)
    with django_assert_max_num_queries(9):
        page = client.get(DELIVERIES)
    assert len(page.context["page"]) == min(notices, 30)


def test_older_messages_stand_on_further_pages(client_of: ClientOf, officer: User) -> None:
    for number in range(31):
        tell(officer, number=number)
    client = client_of(officer)
    older = client.get(DELIVERIES).context["page"].next
    assert len(client.get(f"{DELIVERIES}{older}").context["page"]) == 1
    assert len(client.get(f"{DELIVERIES}?page={'9' * 40}").context["page"]) == 30


# Robots ----------------------------------------------------------------------------------------


def test_a_robot_is_entered_and_its_address_never_shown(
    client_of: ClientOf, system_admin: User
) -> None:
    client = client_of(system_admin)
    tax = Department.objects.get(code="tax")
    data = {"name": "税务群", "department": tax.pk, "is_active": "on", "seen_version": "1"}
    assert "请填写 Webhook 地址" in client.post(f"{ROBOTS}new/", data).text
    wrong = client.post(f"{ROBOTS}new/", data | {"webhook": "https://example.org/hook"})
    assert "地址应以" in wrong.text
    assert client.post(f"{ROBOTS}new/", data | {"webhook": WEBHOOK}).status_code == 302
    robot = WecomRobot.objects.get()
    assert robot.webhook == WEBHOOK
    page = client.get(f"{ROBOTS}{robot.pk}/edit/").text
    assert 'value="税务群"' in page
    assert "aaaa-bbbb" not in page
    change = data | {"name": "税务局群", "webhook": "", "seen_version": str(robot.version)}
    assert client.post(f"{ROBOTS}{robot.pk}/edit/", change).status_code == 302
    robot.refresh_from_db()
    assert (robot.name, robot.webhook) == ("税务局群", WEBHOOK)
    assert "aaaa" not in str(list(AuditEvent.objects.values_list("after", flat=True)))


@pytest.mark.parametrize("department", ["tax", None])
def test_one_robot_at_a_time_is_in_use(
    client_of: ClientOf, system_admin: User, department: str | None
) -> None:
    owner = Department.objects.get(code=department) if department else None
    WecomRobot.objects.create(name="原来的", department=owner, webhook=WEBHOOK)
    data = {
        "name": "第二个",
        "department": owner.pk if owner else "",
        "is_active": "on",
        "webhook": WEBHOOK,
        "seen_version": "1",
    }
    assert "请先停用原来的" in client_of(system_admin).post(f"{ROBOTS}new/", data).text


def test_a_trial_message_says_what_the_vendor_answered(
    client_of: ClientOf, system_admin: User, http_gateway: Gateway
) -> None:
    robot = WecomRobot.objects.create(name="服务站群", webhook=http_gateway.url)
    client = client_of(system_admin)
    url = f"{ROBOTS}{robot.pk}/test/"
    assert "请到群里看一下" in client.post(url, follow=True).text
    http_gateway.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}
    assert "93000" in client.post(url, follow=True).text

"""Who hears by which channel: kinds, choices, digests, groups, text messages."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import Department, User
from notices.delivery import deliver
from notices.models import Delivery, Notice, Preferences, WecomRobot
from notices.tasks import sweep
from tests.factories import liaison
from tests.notices.conftest import tell
from tests.notices.http_server import Gateway

Kind, State = Notice.Kind, Delivery.State
MORNING = "2026-11-24T08:00:00+08:00"


def channels(notice: Notice) -> list[str]:
    return sorted(notice.deliveries.values_list("channel", flat=True))


@pytest.mark.parametrize(
    ("chosen", "kind", "expected"),
    [
        ({}, Kind.TASK, ["email"]),
        ({}, Kind.DEADLINE, ["email"]),
        ({"email": False}, Kind.TASK, []),
        ({"email": False}, Kind.INFO, []),
        ({"email": False}, Kind.DEADLINE, ["email"]),
        ({"email": False}, Kind.ACCOUNT, ["email"]),
        ({"digest": True}, Kind.TASK, ["digest"]),
        ({"digest": True}, Kind.INFO, ["digest"]),
        ({"digest": True}, Kind.DEADLINE, ["email"]),
        ({"digest": True}, Kind.ACCOUNT, ["email"]),
        ({"sms": True}, Kind.TASK, ["email", "sms"]),
        ({"sms": True}, Kind.DEADLINE, ["email", "sms"]),
        ({"sms": True}, Kind.INFO, ["email"]),
        ({"sms": True}, Kind.ACCOUNT, ["email"]),
        ({"email": False, "sms": True}, Kind.TASK, ["sms"]),
    ],
)
def test_kind_and_choice_decide_the_channels(
    officer: User, settings: Any, chosen: dict[str, bool], kind: str, expected: list[str]
) -> None:
    settings.SMS_ADAPTER = "notices.channels.sms.FileSms"
    Preferences.objects.create(user=officer, **chosen)
    assert channels(tell(officer, kind=kind)) == expected


def test_without_an_adapter_nobody_gets_text_messages(officer: User) -> None:
    Preferences.objects.create(user=officer, sms=True)
    assert channels(tell(officer)) == ["email"]


# Digest ----------------------------------------------------------------------------------------


def test_ordinary_notices_of_a_day_go_out_at_nine_in_one_mail(officer: User) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        notices = [tell(officer, number=number) for number in range(3)]
        sweep()
        assert mail.outbox == []
        clock.shift(timedelta(hours=1))
        sweep()
        sweep()
    [message] = mail.outbox
    assert message.subject.endswith("今日通知汇总（3条）")
    assert message.body.count("请确认您的电子邮箱") == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    first = notices[0].deliveries.get()
    assert message.extra_headers["Message-ID"] == f"<digest-{first.pk}@wanzhou.example>"


def test_what_comes_after_nine_waits_for_the_next_morning(officer: User) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel("2026-11-24T09:00:00+08:00", tick=False):
        notice = tell(officer)
    due = timezone.localtime(notice.deliveries.get().next_attempt_at)
    assert f"{due:%Y-%m-%d %H:%M}" == "2026-11-25 09:00"


def test_a_beat_that_slept_two_days_makes_one_digest(officer: User) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        tell(officer, number=1)
        clock.shift(timedelta(days=1))
        tell(officer, number=2)
        clock.shift(timedelta(days=1))
        sweep()
    assert len(mail.outbox) == 1
    assert "（2条）" in mail.outbox[0].subject


def test_what_was_read_before_nine_is_not_mailed(officer: User) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        read, unread = tell(officer, number=1), tell(officer, number=2)
        Notice.objects.filter(pk=read.pk).update(read_at=timezone.now())
        clock.shift(timedelta(hours=2))
        sweep()
    assert "（1条）" in mail.outbox[0].subject
    assert read.deliveries.get().state == State.NOT_NEEDED
    assert unread.deliveries.get().state == State.SENT


def test_where_all_was_read_no_digest_goes_out(officer: User) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        tell(officer)
        Notice.objects.update(read_at=timezone.now())
        clock.shift(timedelta(hours=2))
        sweep()
    assert mail.outbox == []


def test_a_repeated_digest_is_the_same_mail(officer: User) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        first = tell(officer, number=1).deliveries.get()
        clock.shift(timedelta(hours=1))
        # As a worker leaves it that was killed while it sent.
        Delivery.objects.filter(pk=first.pk).update(attempts=1, sending_since=timezone.now())
        clock.shift(timedelta(days=1))
        Delivery.objects.filter(pk=first.pk).update(next_attempt_at=timezone.now())
        later = tell(officer, number=2).deliveries.get()
        Delivery.objects.filter(pk=later.pk).update(next_attempt_at=timezone.now())
        sweep()
    assert sorted(message.subject[-4:] for message in mail.outbox) == ["（1条）", "（1条）"]


# Groups ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "subject"), [(1, "请确认您的电子邮箱"), (3, "请确认您的电子邮箱等3件")]
)
def test_what_one_act_asks_of_a_person_is_one_mail_a_minute_later(
    officer: User, count: int, subject: str
) -> None:
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False) as clock:
        for number in range(count):
            tell(officer, number=number, kind=Kind.DEADLINE, together=True)
        sweep()
        assert mail.outbox == []
        assert officer.notices.unread().count() == count
        clock.shift(timedelta(minutes=1))
        sweep()
        sweep()
    [message] = mail.outbox
    assert message.subject.endswith(subject)
    assert message.body.count("请确认您的电子邮箱") == (count if count > 1 else 0)
    assert "您选择了每天汇总一次" not in message.body
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}


def test_at_night_what_one_act_asks_waits_for_the_opening(officer: User, settings: Any) -> None:
    settings.NOTICE_QUIET_HOURS = True
    with time_machine.travel("2026-11-24T20:00:00+08:00", tick=False):
        tell(officer, kind=Kind.DEADLINE, together=True)
    due = timezone.localtime(Delivery.objects.get().next_attempt_at)
    assert f"{due:%Y-%m-%d %H:%M}" == "2026-11-25 09:00"


@pytest.fixture
def robot(db: None, http_gateway: Gateway) -> WecomRobot:
    tax = Department.objects.get(code="tax")
    return WecomRobot.objects.create(name="税务群", department=tax, webhook=http_gateway.url)


def group_delivery() -> Delivery:
    return Delivery.objects.get(channel="wecom")


def test_a_group_hears_once_of_what_several_of_its_people_are_told(
    robot: WecomRobot, tax_liaison: User, http_gateway: Gateway
) -> None:
    notice = tell(
        tax_liaison,
        liaison("tax", name="替补"),
        short="请签署审核表1号",
        path="/reviews/opinions/1/",
    )
    assert deliver(group_delivery().pk)
    [received] = http_gateway.received
    text = received.body["text"]["content"]
    assert received.body["msgtype"] == "text"
    assert "请签署审核表1号" in text
    assert "http://127.0.0.1:8000/reviews/opinions/1/" in text
    assert f"通知编号 {notice.pk}" in text
    # What stands behind the sign-in stays there.
    assert notice.subject not in text


def test_the_station_has_a_group_of_its_own(
    http_gateway: Gateway, officer: User, agent: User, tax_liaison: User
) -> None:
    WecomRobot.objects.create(name="服务站群", webhook=http_gateway.url)
    tell(agent, tax_liaison, number=1)
    assert not Delivery.objects.filter(channel="wecom").exists()
    tell(officer, number=2)
    assert str(group_delivery().robot) == "服务站群"


def test_a_link_that_is_a_key_never_goes_to_a_group(robot: WecomRobot, tax_liaison: User) -> None:
    assert channels(tell(tax_liaison, kind=Kind.ACCOUNT)) == ["email"]


def test_the_address_of_a_robot_is_stored_encrypted(robot: WecomRobot) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook FROM notices_wecomrobot")
        assert "127.0.0.1" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("status", "answer", "state", "words"),
    [
        (200, {"errcode": 45009, "errmsg": "api freq out of limit"}, "queued", "45009"),
        (429, {}, "queued", "429"),
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "queued", "93000"),
        (200, {"errcode": 45002, "errmsg": "content too long"}, "failed", "45002"),
        (200, b"<html>proxy</html>", "queued", "不是 JSON"),
        (200, [1], "queued", "不是 JSON 对象"),
        (500, {}, "queued", "500"),
        (302, {}, "queued", "302"),
        (400, {}, "failed", "400"),
    ],
)
def test_what_the_vendor_answers_decides_what_comes_next(
    robot: WecomRobot,
    tax_liaison: User,
    http_gateway: Gateway,
    status: int,
    answer: Any,
    state: str,
    words: str,
) -> None:
    http_gateway.status, http_gateway.answer = status, answer
    tell(tax_liaison)
    assert not deliver(group_delivery().pk)
    delivery = group_delivery()
    assert delivery.state == state
    assert words in delivery.last_error
    assert http_gateway.url not in delivery.last_error
    assert len(http_gateway.received) == 1


def test_a_limit_of_rate_is_waited_out_as_long_as_the_server_says(
    robot: WecomRobot, tax_liaison: User, http_gateway: Gateway
) -> None:
    http_gateway.status, http_gateway.retry_after = 429, "300"
    tell(tax_liaison)
    deliver(group_delivery().pk)
    wait = (group_delivery().next_attempt_at - timezone.now()).total_seconds()
    assert 235 <= wait <= 365


def test_a_server_that_is_gone_is_tried_again(robot: WecomRobot, tax_liaison: User) -> None:
    WecomRobot.objects.update(webhook="x")
    robot.webhook = "http://127.0.0.1:9/"
    robot.save()
    tell(tax_liaison)
    assert not deliver(group_delivery().pk)
    assert group_delivery().last_error == "服务器拒绝了连接。"


def test_a_robot_switched_off_meanwhile_fails_its_message(
    robot: WecomRobot, tax_liaison: User, http_gateway: Gateway
) -> None:
    tell(tax_liaison)
    WecomRobot.objects.update(is_active=False)
    deliver(group_delivery().pk)
    assert group_delivery().last_error == "这个群机器人已停用。"
    assert http_gateway.received == []


# Text messages -----------------------------------------------------------------------------------


@pytest.fixture
def with_sms(officer: User, settings: Any, http_gateway: Gateway) -> User:
    settings.SMS_ADAPTER = "notices.channels.sms.HttpSms"
    settings.SMS_GATEWAY_URL = http_gateway.url
    settings.SMS_GATEWAY_TOKEN = "token-of-tests"
    http_gateway.answer = {"accepted": True}
    Preferences.objects.create(user=officer, sms=True)
    return officer


def sms() -> Delivery:
    return Delivery.objects.get(channel="sms")


def test_a_text_message_is_posted_to_the_gateway(with_sms: User, http_gateway: Gateway) -> None:
    tell(with_sms, short="请签署审核表1号")
    assert deliver(sms().pk)
    [received] = http_gateway.received
    assert received.body == {
        "to": "13800000000",
        "text": "【万州ABTC】请签署审核表1号，请登录门户办理。",
        "id": f"wanzhou.example-{sms().pk}",
    }
    assert received.headers["Authorization"] == "Bearer token-of-tests"
    assert received.headers["Idempotency-Key"] == f"wanzhou.example-{sms().pk}"


def test_what_the_gateway_refuses_fails_with_its_reason(
    with_sms: User, http_gateway: Gateway
) -> None:
    http_gateway.answer = {"accepted": False, "reason": "签名未报备"}
    tell(with_sms)
    deliver(sms().pk)
    assert (sms().state, sms().last_error) == (State.FAILED, "短信平台没有接受：签名未报备")


def test_a_number_that_takes_no_messages_is_not_sent_to(
    with_sms: User, http_gateway: Gateway
) -> None:
    with_sms.phone = "023-58000000"
    with_sms.save()
    tell(with_sms)
    deliver(sms().pk)
    assert sms().last_error == "收件人没有登记手机号码。"
    assert http_gateway.received == []


def test_the_trial_adapter_writes_a_file(officer: User, settings: Any, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    settings.SMS_ADAPTER = "notices.channels.sms.FileSms"
    Preferences.objects.create(user=officer, sms=True)
    tell(officer)
    assert deliver(sms().pk)
    [line] = (tmp_path / "sms.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["to"] == "13800000000"


def test_a_robots_message_to_several_is_held_once_and_handed_over_once(
    robot: WecomRobot,
    tax_liaison: User,
    no_broker: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(tax_liaison, liaison("tax", name="替补"), liaison("tax", username="tax3"))
    group = group_delivery()
    assert group.once == f"{robot.pk}:test:1"
    assert no_broker.count(group.pk) == 1
    mails = Delivery.objects.filter(channel="email").values_list("pk", flat=True)
    assert sorted(no_broker) == sorted([group.pk, *mails])
    with django_capture_on_commit_callbacks(execute=True):
        tell(tax_liaison, number=2)
    assert Delivery.objects.filter(channel="wecom").count() == 2


def test_at_night_a_robots_message_is_held_once_and_handed_over_by_nobody(
    robot: WecomRobot,
    tax_liaison: User,
    settings: Any,
    no_broker: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.NOTICE_QUIET_HOURS = True
    with (
        time_machine.travel("2026-11-24T22:00:00+08:00", tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tell(tax_liaison, liaison("tax", name="替补"), kind=Kind.DEADLINE)
    opens = datetime.fromisoformat("2026-11-25T09:00:00+08:00")
    assert group_delivery().next_attempt_at == opens
    assert no_broker == []


# Several of one act -----------------------------------------------------------------------------


def test_what_one_act_asks_of_a_person_is_one_text_message_a_minute_later(
    with_sms: User, http_gateway: Gateway
) -> None:
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False) as clock:
        for number in range(3):
            words = f"请签署审核表{number + 1}号，税务意见"
            tell(with_sms, number=number, kind=Kind.DEADLINE, short=words, together=True)
        sweep()
        assert http_gateway.received == []
        clock.shift(timedelta(minutes=1))
        sweep()
        sweep()
    [received] = http_gateway.received
    assert received.body["text"] == "【万州ABTC】请签署审核表1号，税务意见等3件，请登录门户办理。"
    sent = Delivery.objects.filter(channel="sms")
    assert [one.state for one in sent] == [State.SENT] * 3
    assert [one.leader_id for one in sent] == [None, sent[0].pk, sent[0].pk]


@pytest.mark.parametrize(
    ("short", "words"),
    [
        ("", "您有2条新通知，请登录门户办理。"),
        ("甲" * 60, f"{'甲' * 25}…{'甲' * 24}等2件，请登录门户办理。"),
    ],
)
def test_a_text_message_of_several_fits_seventy_characters_and_says_how_many(
    with_sms: User, http_gateway: Gateway, short: str, words: str
) -> None:
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False) as clock:
        for number in range(2):
            tell(with_sms, number=number, kind=Kind.DEADLINE, short=short, together=True)
        clock.shift(timedelta(minutes=1))
        sweep()
    [received] = http_gateway.received
    assert received.body["text"] == f"【万州ABTC】{words}"
    assert len(received.body["text"]) <= 70


def test_what_one_act_asks_of_a_department_is_one_post_with_a_link_each(
    robot: WecomRobot, tax_liaison: User, http_gateway: Gateway
) -> None:
    people = (tax_liaison, liaison("tax", name="替补"))
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False) as clock:
        for number in (1, 2):
            first = tell(
                *people,
                number=number,
                kind=Kind.DEADLINE,
                short=f"请签署审核表{number}号",
                path=f"/reviews/opinions/{number}/",
                action_label="填写并签署",
                together=True,
            )
        clock.shift(timedelta(minutes=1))
        sweep()
        sweep()
    [received] = http_gateway.received
    lines = received.body["text"]["content"].splitlines()
    assert lines[0].endswith("2件事要办：")
    assert lines[1:5] == [
        "1. 请签署审核表1号",
        "填写并签署（需登录）：http://127.0.0.1:8000/reviews/opinions/1/",
        "2. 请签署审核表2号",
        "填写并签署（需登录）：http://127.0.0.1:8000/reviews/opinions/2/",
    ]
    assert first.subject not in received.body["text"]["content"]


def test_a_post_of_more_than_a_group_takes_says_how_many_are_left(
    robot: WecomRobot, tax_liaison: User, http_gateway: Gateway
) -> None:
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False) as clock:
        for number in range(30):
            words, path = f"请签署审核表{number + 1}号，税务意见", f"/reviews/opinions/{number}/"
            tell(tax_liaison, number=number, kind=Kind.DEADLINE, short=words, path=path,
                 together=True)  # fmt: skip
        clock.shift(timedelta(minutes=1))
        sweep()
    [received] = http_gateway.received
    content = received.body["text"]["content"]
    shown = content.count("（需登录）")
    assert len(content.encode()) <= 2048
    assert f"还有{30 - shown}件，请登录门户查看。" in content
    assert 10 < shown < 30


def test_what_was_signed_meanwhile_is_left_out_of_the_text_message(
    with_sms: User, http_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False) as clock:
        done, _ = [
            tell(with_sms, number=number, kind=Kind.DEADLINE, short=f"第{number}件", together=True)
            for number in (1, 2)
        ]
        monkeypatch.setattr("notices.delivery.why_not_needed", lambda _: {done.pk: "已经签署"})
        clock.shift(timedelta(minutes=1))
        sweep()
    [received] = http_gateway.received
    assert received.body["text"] == "【万州ABTC】第2件，请登录门户办理。"
    assert done.deliveries.get(channel="sms").state == State.WITHDRAWN


def test_a_text_message_that_was_tried_takes_no_later_one_along(
    with_sms: User, http_gateway: Gateway
) -> None:
    http_gateway.status, http_gateway.answer = 500, {}
    tell(with_sms, number=1, short="第1件")
    first = Delivery.objects.get(channel="sms")
    assert not deliver(first.pk)
    http_gateway.status, http_gateway.answer = 200, {"accepted": True}
    tell(with_sms, number=2, short="第2件")
    Delivery.objects.update(next_attempt_at=timezone.now())
    sweep()
    texts = [one.body["text"] for one in http_gateway.received[1:]]
    assert sorted(texts) == [
        "【万州ABTC】第1件，请登录门户办理。",
        "【万州ABTC】第2件，请登录门户办理。",
    ]

"""What the page 运行状况 says, and what a load balancer is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notices.models import BeatLease, ChannelHealth, Delivery, Heartbeat, Notice
from notices.tasks import heartbeat
from reports import health, readiness
from reports.health import Sign, examine
from reviews.signatures.certificates import authority
from reviews.signatures.models import Certificate
from tests.conftest import ClientOf
from tests.factories import UserFactory
from tests.temporary_services import free_port
from workdays.models import HolidayNotice

NOW = "2026-10-20T10:00:00+08:00"


def sign(label: str) -> Sign:
    [found] = [one for one in examine() if one.label.startswith(label)]
    return found


def queued(recipient: User, number: int, **fields: Any) -> Delivery:
    notice = Notice.objects.create(
        cause=f"test:{number}", recipient=recipient, subject="一件事", body="内容"
    )
    return Delivery.objects.create(notice=notice, channel="email", **fields)


def test_before_anything_ran_it_says_what_is_not_running(db: None) -> None:
    assert (sign("后台任务").state, sign("后台任务").words) == ("bad", "还没有运行过。")
    assert sign("定时进程").state == "bad"


@pytest.mark.parametrize(
    ("minutes", "state", "words"),
    [(0, "ok", "1分钟内"), (3, "ok", "3分钟前"), (4, "warn", "4分钟前"), (11, "bad", "11分钟前")],
)
def test_a_heart_that_stands_still_turns_yellow_then_red(
    db: None, minutes: int, state: str, words: str
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        heartbeat()
        now = timezone.now()
        BeatLease.objects.create(name="beat", holder="a", expires_at=now, renewed_at=now)
        clock.shift(timedelta(minutes=minutes))
        for label in ("后台任务", "定时进程"):
            assert sign(label).state == state
            assert words in sign(label).words


def test_the_heart_beats_in_one_row(db: None) -> None:
    heartbeat()
    heartbeat()
    assert Heartbeat.objects.count() == 1


def test_the_age_of_the_queue_is_what_has_waited_longest(officer: User) -> None:
    assert sign("待发消息").state == "ok"
    now = timezone.now()
    queued(officer, 1, next_attempt_at=now - timedelta(minutes=11))
    queued(officer, 2, next_attempt_at=now - timedelta(minutes=2))
    queued(officer, 3, next_attempt_at=now + timedelta(minutes=2))
    assert (sign("待发消息").state, sign("待发消息").words) == (
        "bad",
        "2条到点未发，最久的已等11分钟。",
    )


def test_failed_messages_of_a_week_are_counted(officer: User) -> None:
    queued(officer, 1, state="failed")
    old = queued(officer, 2, state="failed")
    Notice.objects.filter(pk=old.notice_id).update(created_at=timezone.now() - timedelta(days=8))
    assert sign("发送失败").words == "近7天有1条。"


def test_a_channel_is_red_after_an_hour(db: None) -> None:
    row = ChannelHealth.objects.create(
        key="email",
        label="电子邮件",
        failing_since=timezone.now() - timedelta(minutes=50),
        last_error="连不上邮件服务器",
    )
    assert sign("通知渠道").state == "warn"
    row.failing_since = timezone.now() - timedelta(minutes=61)
    row.save()
    assert sign("通知渠道").state == "bad"
    assert "连不上邮件服务器" in sign("通知渠道").words


@pytest.mark.parametrize(
    ("day", "state"), [("2026-10-31", "ok"), ("2026-11-01", "warn"), ("2027-01-04", "warn")]
)
def test_a_year_without_a_notice_is_yellow_from_november_on(db: None, day: str, state: str) -> None:
    HolidayNotice.objects.filter(year=2027).delete()
    with time_machine.travel(f"{day}T10:00:00+08:00", tick=False):
        assert sign("节假日安排").state == state


def test_a_department_without_a_certificate_is_named(db: None) -> None:
    assert sign("签名证书").state == "bad"
    assert "区税务局" in sign("签名证书").words
    authority.ensure()
    assert sign("签名证书").state == "ok"


def test_certificates_are_named_before_and_after_they_end(db: None) -> None:
    [station, *_] = [c for c in authority.ensure() if c.kind == "station"]
    assert sign("签名证书").state == "ok"
    name = station.common_name
    for days, state, words in ((30, "warn", name), (10, "bad", name), (-1, "bad", "不能签署")):
        with time_machine.travel(station.not_after - timedelta(days=days), tick=False):
            assert sign("签名证书").state == state
            assert words in sign("签名证书").words


@pytest.mark.parametrize(("free", "state"), [(50, "ok"), (10, "warn"), (4, "bad")])
def test_a_disk_that_fills_turns_yellow_then_red(
    db: None, monkeypatch: pytest.MonkeyPatch, free: float, state: str
) -> None:
    class Usage:
        def __init__(self) -> None:
            self.total, self.free = 100 * health.GIB, int(free * health.GIB)

    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage())
    assert sign("磁盘空间").state == state


def test_keys_that_cannot_be_read_are_named(db: None, settings: Any, tmp_path: Path) -> None:
    settings.KEYSTORE = tmp_path
    tax = next(c for c in authority.ensure() if c.department and c.department.code == "tax")
    assert (sign("签名密钥").state, sign("签名密钥").words) == ("ok", "读得出来，可以签署和核验。")
    (tmp_path / tax.keystore).unlink()
    assert sign("签名密钥").state == "bad"
    assert "区税务局" in sign("签名密钥").words
    assert "不在本机" in sign("签名密钥").words


def test_a_keystore_that_cannot_be_read_is_red(db: None, settings: Any, tmp_path: Path) -> None:
    settings.KEYSTORE = tmp_path / "keys"
    settings.KEYSTORE.mkdir()
    authority.ensure()
    settings.KEYSTORE = tmp_path / "a file"
    settings.KEYSTORE.write_text("no folder", encoding="utf-8")
    assert (sign("签名密钥").state, sign("签名密钥").words) == (
        "bad",
        "签名密钥库读不出来：系统需要的文件不在原处。",
    )


@pytest.mark.parametrize("missing", [True, False])
def test_a_revocation_list_that_cannot_be_made_is_red(
    db: None, settings: Any, tmp_path: Path, missing: bool
) -> None:
    settings.KEYSTORE = tmp_path
    authority.ensure()
    root = Certificate.objects.get(kind="ca")
    (tmp_path / f"{root.serial}.crl").write_bytes(b"" if missing else b"garbage")
    if missing:
        (tmp_path / f"{root.serial}.crl").unlink()
    # From the rows it is made anew, as long as the root's key is there.
    assert sign("签名密钥").state == "ok"
    (tmp_path / f"{root.serial}.crl").write_bytes(b"garbage")
    (tmp_path / root.keystore).unlink()
    assert sign("签名密钥").state == "bad"


def test_a_disk_that_cannot_be_written_is_red(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "gone"
    assert sign("磁盘空间").state == "bad"
    assert "不能上传和签署" in sign("磁盘空间").mend


def test_the_worst_stands_first(db: None) -> None:
    states = [one.state for one in examine()]
    assert states == sorted(states, key=["bad", "warn", "ok"].index)


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_costs_the_same_for_one_and_for_fifty(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: Any, count: int
) -> None:
    for number in range(count):
        queued(UserFactory.create(), number, state="failed")
    client = client_of(officer)
    client.get("/health/")
    with django_assert_max_num_queries(13):
        page = client.get("/health/")
    assert page.status_code == 200
    assert f"近7天有{count}条。" in page.text


# For a load balancer ---------------------------------------------------------------------------


def test_ready_when_database_and_queue_answer(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_without_its_queue_it_is_not_ready_and_says_so(
    client: Client, db: None, settings: Any
) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "连接不上：任务队列")
    assert client.get("/healthz").status_code == 200


def test_without_its_database_it_is_not_ready_and_says_so(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def cursor(self) -> None:
            raise DatabaseError("gone")

    monkeypatch.setattr(readiness, "connection", Gone())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "连接不上：数据库")


def test_with_little_room_on_the_disk_it_is_not_ready_and_says_so(
    client: Client, db: None, settings: Any
) -> None:
    settings.LEAST_FREE_BYTES = 10**18
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "磁盘空间不足，暂时不收文件")
    assert client.get("/healthz").status_code == 200

"""The pages of notices, health and calendar in Chromium: on a phone and at a desk."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Department, User
from notices.models import ChannelHealth, Delivery, Notice, Preferences, WecomRobot
from tests.browser import DESKTOP, PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.live]


def sign_in(page: Page, user: User, to: str) -> None:
    page.goto(f"/accounts/sign-in/?next={to}")
    page.get_by_label("登录名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()


def look(page: Page, name: str) -> None:
    """Keep a picture where PICTURES names a folder, and hold the page to the rules."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert_fits(page)
    assert_accessible(page)


@pytest.fixture
def messages(officer: User, tax_liaison: User, agent: User) -> None:
    """One of each state, and a channel that fails."""
    now = timezone.now()
    robot = WecomRobot.objects.create(
        name="税务局商务卡工作群",
        department=Department.objects.get(code="tax"),
        webhook="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=of-tests",
    )
    rows: list[tuple[User, str, dict[str, Any]]] = [
        (agent, "申请需要补正：张样例", {"state": "sent", "sent_at": now}),
        (
            agent,
            "审核通过，请下载审核表：张样例",
            {"state": "failed", "last_error": "550 没有这个邮箱"},
        ),
        (tax_liaison, "今天到期：区税务局意见", {"attempts": 3, "last_error": "连不上邮件服务器"}),
        (officer, "新申请待预审：样例贸易有限公司", {}),
    ]
    later = now + timedelta(hours=1)
    for number, (person, subject, state) in enumerate(rows):
        notice = Notice.objects.create(
            cause=f"test:{number}", recipient=person, subject=subject, body="内容"
        )
        Delivery.objects.create(notice=notice, channel="email", next_attempt_at=later, **state)
        if person == tax_liaison:
            Delivery.objects.create(
                notice=notice, channel="wecom", robot=robot, once="1", state="sent", sent_at=now
            )
    ChannelHealth.objects.create(
        key="email",
        label="电子邮件",
        failing_since=now - timedelta(hours=2),
        alarmed_at=now,
        last_error="邮件服务器拒绝了连接。",
    )


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_stations_pages_fit_and_break_no_rule(
    open_page: OpenPage, messages: None, system_admin: User, officer: User, size: str
) -> None:
    page = open_page(PHONE if size == "phone" else DESKTOP)
    sign_in(page, system_admin, "/notices/deliveries/")
    expect(page.get_by_text("550 没有这个邮箱")).to_be_visible()
    look(page, f"deliveries-{size}")
    for path, name in (
        ("/health/", "health"),
        ("/notices/robots/", "robots"),
        ("/notices/robots/new/", "robot-new"),
    ):
        page.goto(path)
        look(page, f"{name}-{size}")


def test_a_failed_message_is_sent_again_by_a_click_without_scripts(
    open_page: OpenPage, messages: None, officer: User
) -> None:
    page = open_page(PHONE, scripts=False)
    sign_in(page, officer, "/notices/deliveries/?state=failed")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("已重新排队")).to_be_visible()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_person_chooses_channels_and_subscribes_from_his_own_page(
    open_page: OpenPage, tax_liaison: User, size: str
) -> None:
    page = open_page(PHONE if size == "phone" else DESKTOP)
    sign_in(page, tax_liaison, "/accounts/me/")
    page.get_by_role("link", name="通知方式").click()
    page.get_by_label("每天9点汇总成一封").check()
    look(page, f"preferences-{size}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("通知方式已保存")).to_be_visible()
    assert Preferences.objects.get(user=tax_liaison).digest
    page.goto("/accounts/me/")
    page.get_by_role("link", name="日历订阅").click()
    look(page, f"feed-none-{size}")
    page.get_by_role("button", name="创建订阅地址").click()
    address = page.locator(".typed-key").inner_text()
    look(page, f"feed-given-{size}")
    answer = page.request.get(address)
    assert answer.text().startswith("BEGIN:VCALENDAR")
    page.goto("/reviews/calendar/feed/")
    page.get_by_role("button", name="作废地址").click()
    expect(page.get_by_text("订阅地址已作废")).to_be_visible()
    assert page.request.get(address).status == 404

"""New staff set their own password by a mailed link; it works once, for a week."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.invitations import invitation_path
from accounts.models import User

pytestmark = pytest.mark.django_db
NEW = "Yangtze-1949?"


@pytest.fixture
def newcomer(officer: User) -> User:
    officer.set_unusable_password()
    officer.email_confirmed_at = None
    officer.save()
    return officer


def accept(link: str, password: str = NEW) -> Any:
    return Client().post(link, {"new_password": password, "repeated": password})


def test_the_link_sets_the_password_and_confirms_the_mailbox(newcomer: User) -> None:
    link = invitation_path(newcomer)
    page = Client().get(link)
    assert "登录名：<strong>officer</strong>" in page.text
    assert accept(link)["Location"] == "/accounts/sign-in/"
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert newcomer.email_confirmed_at is not None
    data = {"username": "officer", "password": NEW}
    assert Client().post("/accounts/sign-in/", data)["Location"] == "/"


def test_it_works_once(newcomer: User) -> None:
    link = invitation_path(newcomer)
    accept(link)
    refused = accept(link, "Another-1949?")
    assert refused.status_code == 410
    assert "这个链接已经用过" in refused.text
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)


def test_it_works_for_seven_days(newcomer: User) -> None:
    link = invitation_path(newcomer)
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=6, hours=23), tick=False):
        assert Client().get(link).status_code == 200
    with time_machine.travel(now + timedelta(days=7, minutes=1), tick=False):
        late = Client().get(link)
    assert late.status_code == 410
    assert "已超过7天。请联系系统管理员重新发送。" in late.text


@pytest.mark.parametrize("made_void_by", ["a new mailbox", "a newer link", "closing"])
def test_what_happens_since_makes_it_void(newcomer: User, made_void_by: str) -> None:
    link = invitation_path(newcomer)
    if made_void_by == "a new mailbox":
        newcomer.email = "elsewhere@example.com"
    elif made_void_by == "a newer link":
        newcomer.set_unusable_password()
    else:
        newcomer.is_active = False
    newcomer.save()
    assert accept(link).status_code == 410


def test_a_weak_password_is_refused_and_the_link_stays_good(newcomer: User) -> None:
    link = invitation_path(newcomer)
    assert "至少要10个" in accept(link, "short").text
    assert accept(link).status_code == 302


def test_an_altered_link_is_refused(newcomer: User) -> None:
    assert Client().get(invitation_path(newcomer)[:-3] + "xy/").status_code == 410

"""Idle accounts of staff: asked first, closed later, and never one that would be missed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.idle_accounts import settle_idle_accounts
from accounts.models import AuditEvent, User
from notices.models import Notice
from tests.factories import UserFactory, liaison

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def on_day(days: int) -> None:
    """What the daily sweep does so many days after everybody signed in."""
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        settle_idle_accounts()


@pytest.fixture
def idle(system_admin: User) -> User:
    """An officer beside another, so that nothing stands empty without him."""
    UserFactory.create(officer=True, username="busy")
    person: User = UserFactory.create(officer=True, username="idle", name="专员丙")
    User.objects.update(last_login=NOON + timedelta(days=4000))
    User.objects.filter(pk=person.pk).update(last_login=NOON)
    return person


def titles_for(user: User) -> list[str]:
    return list(
        Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True)
    )


def is_active(user: User) -> bool:
    return bool(User.objects.filter(pk=user.pk, is_active=True).exists())


def test_he_is_asked_after_half_a_year_and_closed_a_fortnight_later(
    idle: User, system_admin: User
) -> None:
    on_day(180)
    assert titles_for(idle) == []
    on_day(181)
    assert titles_for(idle) == ["您的账户很久没有登录，还需要吗"]
    on_day(182)
    on_day(195)
    assert len(titles_for(idle)) == 1
    assert is_active(idle)
    on_day(196)
    assert not is_active(idle)
    assert titles_for(idle)[1:] == ["您的账户已停用"]
    assert titles_for(system_admin) == ["账户因久未登录停用：服务站专员 专员丙"]
    event = AuditEvent.objects.get(action="account.close_idle")
    assert (event.object_id, event.actor, event.after) == (str(idle.pk), None, {"idle_days": 180})


def test_signing_in_once_keeps_the_account(idle: User) -> None:
    on_day(181)
    User.objects.filter(pk=idle.pk).update(last_login=NOON + timedelta(days=185))
    on_day(196)
    assert is_active(idle)
    on_day(366)
    assert len(titles_for(idle)) == 2
    on_day(381)
    assert not is_active(idle)


def test_one_opened_again_is_asked_anew_before_it_is_closed(idle: User) -> None:
    on_day(181)
    on_day(196)
    User.objects.filter(pk=idle.pk).update(is_active=True)
    on_day(197)
    assert is_active(idle)
    on_day(212)
    assert not is_active(idle)


def test_who_has_work_in_hand_is_not_closed_but_told_of(
    system_admin: User, circulated_for: User
) -> None:
    on_day(181)
    for day in (196, 197):
        on_day(day)
    assert is_active(circulated_for)
    told = Notice.objects.get(recipient=system_admin)
    assert told.subject.startswith("账户久未登录，但不能自动停用")


@pytest.fixture
def circulated_for(db: None) -> User:
    """The only liaison of the tax bureau."""
    person = liaison("tax", username="tax")
    User.objects.update(last_login=NOON + timedelta(days=4000))
    User.objects.filter(pk=person.pk).update(last_login=NOON)
    return person


def test_the_last_of_an_office_is_not_closed(auditor: User, system_admin: User) -> None:
    User.objects.update(last_login=NOON)
    User.objects.filter(pk=system_admin.pk).update(last_login=NOON + timedelta(days=4000))
    on_day(181)
    on_day(196)
    assert is_active(auditor)
    assert "这是唯一启用的审计管理员账户" in Notice.objects.get(recipient=system_admin).body


def test_agents_are_left_alone(agent: User) -> None:
    User.objects.update(last_login=NOON)
    on_day(2000)
    assert is_active(agent)
    assert titles_for(agent) == []


def test_nobody_is_asked_without_the_setting(idle: User, settings: Any) -> None:
    settings.IDLE_ACCOUNT_DAYS = 0
    on_day(2000)
    assert titles_for(idle) == []

"""What is done at the machine itself: the first administrator, the last lost phone."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AuditEvent, Role, User
from tests.factories import PASSWORD

FACTS = {"name": "赵系统", "email": "zhao@station.example", "phone": "13900001111"}


def create(username: str = "Zhao", **changed: str) -> str:
    out = StringIO()
    call_command("create_system_admin", username, stdout=out, **(FACTS | changed))
    return out.getvalue()


def test_the_first_system_administrator_gets_a_link_for_a_password(db: None) -> None:
    printed = create()
    user = User.objects.get(username="zhao")
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/invitation/\S+)", printed)
    assert found
    Client().post(found[1], {"new_password": "Yangtze-1949?", "repeated": "Yangtze-1949?"})
    user.refresh_from_db()
    assert user.check_password("Yangtze-1949?")
    assert user.role == Role.SYSTEM_ADMIN
    assert AuditEvent.objects.get(action="account.create").actor_label == "系统"


def test_a_second_one_is_created_in_the_portal(system_admin: User) -> None:
    with pytest.raises(CommandError, match="已有启用的系统管理员"):
        create()


def test_a_name_taken_and_a_mailbox_that_is_none_are_refused_in_words(officer: User) -> None:
    with pytest.raises(CommandError, match="这个登录名已有人使用"):
        create("officer")
    with pytest.raises(CommandError, match="Email"):
        create(email="zhao")
    assert User.objects.count() == 1


def test_the_last_lost_phone_is_reset_at_the_machine(security_admin: User) -> None:
    TOTPDevice.objects.create(user=security_admin, name="手机", confirmed=True)
    call_command(
        "reset_second_factor", security_admin.username, reason="手机遗失", stdout=StringIO()
    )
    assert not TOTPDevice.objects.exists()
    event = AuditEvent.objects.get(action="account.second_factor_reset")
    assert (event.actor, event.after) == (None, {"reason": "手机遗失"})


def test_nothing_to_reset_is_said_in_words(security_admin: User) -> None:
    with pytest.raises(CommandError, match="没有启用第二重验证"):
        call_command("reset_second_factor", security_admin.username, reason="x")
    with pytest.raises(CommandError, match="没有登录名为“nobody”的账户"):
        call_command("reset_second_factor", "nobody", reason="x")


def test_a_locked_sign_in_is_unlocked_at_the_machine(security_admin: User) -> None:
    wrong = {"username": security_admin.username, "password": "wrong"}
    for _ in range(5):
        Client().post("/accounts/sign-in/", wrong)
    out = StringIO()
    for _ in range(2):
        name = security_admin.username.upper()
        call_command("unlock_sign_in", name, reason="他人猜测密码", stdout=out)
    assert out.getvalue() == (
        "安全管理员 安全管理员甲的登录锁定已解除，现在可以登录。\n"
        "安全管理员 安全管理员甲没有被锁定，无需解除。\n"
    )
    right = {"username": security_admin.username, "password": PASSWORD}
    assert Client().post("/accounts/sign-in/", right)["Location"] == "/"
    event = AuditEvent.objects.get(action="account.unlock_sign_in")
    assert (event.actor, event.object_id) == (None, str(security_admin.pk))
    assert event.after == {"username": security_admin.username, "reason": "他人猜测密码"}


def test_a_name_that_nobody_has_is_not_unlocked_at_the_machine(db: None) -> None:
    with pytest.raises(CommandError, match="没有人用这个登录名"):
        call_command("unlock_sign_in", "nobody", reason="x")

"""Passwords over time: none comes back too soon, and one too old is changed at the next sign-in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.entry_models import FormerPassword
from accounts.models import User
from accounts.password_history import set_new_password
from accounts.password_reset import path_for
from tests.accounts.test_views_me import PASSWORD_PAGE, change_password
from tests.conftest import ClientOf
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
USED = "这个密码您以前用过，请换一个没有用过的。"
SECOND = "Yangtze-1949?"


def test_a_former_password_does_not_come_back(client_of: ClientOf, agent: User) -> None:
    change_password(client_of(agent))
    agent.refresh_from_db()
    back = change_password(
        client_of(agent), password=SECOND, new_password=PASSWORD, repeated=PASSWORD
    )
    assert USED in back.text
    agent.refresh_from_db()
    assert agent.check_password(SECOND)


def test_whether_it_was_used_is_told_only_to_who_proves_to_be_the_owner(
    client_of: ClientOf, agent: User
) -> None:
    set_new_password(agent, SECOND)
    page = change_password(client_of(agent), password="wrong", new_password=PASSWORD)
    assert USED not in page.text


def test_nor_by_a_mailed_link(client: Client, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(email_confirmed_at=timezone.now())
    set_new_password(agent, SECOND)
    agent.refresh_from_db()
    page = path_for(agent)
    refused = client.post(page, {"new_password": PASSWORD, "repeated": PASSWORD})
    assert USED in refused.text


def test_five_are_remembered_and_the_sixth_is_forgotten(agent: User, settings: Any) -> None:
    for number in range(7):
        set_new_password(agent, f"Yangtze-{number}949?")
    assert FormerPassword.objects.filter(user=agent).count() == 5
    settings.PASSWORDS_REMEMBERED = 0
    set_new_password(agent, "Three-Gorges-1?")
    assert FormerPassword.objects.filter(user=agent).count() == 5


def test_they_stand_as_encrypted_hashes(agent: User) -> None:
    set_new_password(agent, SECOND)
    raw = FormerPassword.objects.extra(select={"raw": "password"}).values_list("raw", flat=True)[0]
    assert raw.startswith("k1:")
    assert FormerPassword.objects.get().password.startswith("md5$")


def sign_in(client: Client, user: User) -> Any:
    return client.post("/accounts/sign-in/", {"username": user.username, "password": PASSWORD})


def test_a_password_too_old_is_changed_before_anything_else(
    client: Client, tax_liaison: User, settings: Any
) -> None:
    settings.PASSWORD_DAYS = 90
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        sign_in(client, tax_liaison)
        assert client.get("/notices/")["Location"].startswith(PASSWORD_PAGE)
        assert "现在的密码已用满期限" in client.get(PASSWORD_PAGE).text
        change_password(client)
        assert client.get("/notices/").status_code == 200


@pytest.mark.parametrize(("days", "limit"), [(89, 90), (4000, 0)])
def test_a_younger_one_or_any_without_a_limit_stays(
    client: Client, tax_liaison: User, settings: Any, days: int, limit: int
) -> None:
    settings.PASSWORD_DAYS = limit
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        sign_in(client, tax_liaison)
        assert client.get("/notices/").status_code == 200


# What others would guess --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password", ["Woaini1314!", "!Woaini1314", "Qwerty123456!", "Password123!", "_A5201314_!"]
)
def test_a_common_password_is_refused_whatever_signs_stand_around_it(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert any("就是很多人都在用的密码" in words for words in refused.value.messages)


@pytest.mark.parametrize("password", ["Wanzhou2026", "Wanzhouqu2026", "Qwertyuiop1", "Aaaaaaaaaa1"])
def test_a_password_that_is_guessed_quickly_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert any("太容易猜到" in words for words in refused.value.messages)


def test_the_persons_own_name_in_pinyin_is_known(db: None) -> None:
    person = User(username="lili", name="欧阳丽丽", email="oyll@example.com")
    with pytest.raises(ValidationError):
        validate_password("Ouyanglili1", person)
    validate_password("Yangtze-1949?", person)

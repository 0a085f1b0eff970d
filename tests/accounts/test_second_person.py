"""Accounts of liaisons and of the three administrators need a second person's agreement."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AccountRequest, AuditEvent, Department, User
from tests.conftest import ClientOf
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
USERS = "/accounts/users/"
REQUESTS = "/accounts/requests/"
TAX = {
    "name": "王联络",
    "username": "wang",
    "role": "liaison",
    "email": "wang@tax.example",
    "phone": "13911112222",
}


@pytest.fixture(autouse=True)
def switched_on(settings: Any) -> None:
    settings.ACCOUNTS_NEED_SECOND_PERSON = True


@pytest.fixture
def asking(client_of: ClientOf, system_admin: User) -> Client:
    return client_of(system_admin)


@pytest.fixture
def deciding(client_of: ClientOf, security_admin: User) -> Client:
    return client_of(security_admin)


def create(client: Client, **changed: object) -> Any:
    tax = Department.objects.get(code="tax").pk
    return client.post(f"{USERS}new/", TAX | {"department": tax} | changed, follow=True)


def change(client: Client, person: User, **changed: object) -> Any:
    data = {
        "name": person.name,
        "department": person.department_id or "",
        "email": person.email,
        "phone": "",
        "is_active": "on",
        "seen_version": person.version,
    }
    return client.post(f"{USERS}{person.pk}/edit/", data | changed, follow=True)


def decide(client: Client, act: str, **typed: str) -> Any:
    asked = AccountRequest.objects.waiting().get()
    return client.post(f"{REQUESTS}{asked.pk}/{act}/", typed, follow=True)


def test_a_new_liaison_waits_for_the_security_administrator(
    asking: Client, deciding: Client, security_admin: User
) -> None:
    assert "安全管理员同意后启用" in create(asking).text
    person = User.objects.get(username="wang")
    assert not person.is_active
    assert not person.notices.exists()
    assert security_admin.notices.get().subject == "请复核账户：区税务局 王联络"
    assert "王联络" in deciding.get(REQUESTS).text
    decide(deciding, "agree")
    person.refresh_from_db()
    assert person.is_active
    assert person.notices.get().subject == "请设置您的登录密码"
    assert [row.action for row in AuditEvent.objects.order_by("pk")][:3] == [
        "account.create",
        "account.ask_second_person",
        "account.agree",
    ]


def test_what_is_not_agreed_changes_nothing(
    asking: Client, deciding: Client, system_admin: User
) -> None:
    create(asking)
    assert "请写明原因" in decide(deciding, "disagree").text
    decide(deciding, "disagree", reason="区税务局没有这个人")
    assert not User.objects.get(username="wang").is_active
    notice = system_admin.notices.get()
    assert notice.subject.startswith("账户复核没有同意")
    assert "区税务局没有这个人" in notice.body


def test_a_liaison_s_mailbox_changes_only_when_a_second_person_agrees(
    asking: Client, deciding: Client, tax_liaison: User
) -> None:
    page = change(asking, tax_liaison, email="thief@example.com")
    assert "安全管理员同意后生效" in page.text
    former = tax_liaison.email
    tax_liaison.refresh_from_db()
    assert tax_liaison.email == former
    assert f"{former} → thief@example.com" in deciding.get(REQUESTS).text
    assert "等安全管理员复核" in asking.get(f"{USERS}{tax_liaison.pk}/edit/").text
    decide(deciding, "agree")
    tax_liaison.refresh_from_db()
    assert tax_liaison.email == "thief@example.com"


def test_a_liaison_s_password_stands_until_a_second_person_agrees(
    asking: Client, deciding: Client, tax_liaison: User
) -> None:
    asking.post(f"{USERS}{tax_liaison.pk}/password/")
    tax_liaison.refresh_from_db()
    assert tax_liaison.check_password(PASSWORD)
    decide(deciding, "agree")
    tax_liaison.refresh_from_db()
    assert not tax_liaison.has_usable_password()


def test_nobody_agrees_to_what_he_asked_for_himself_nor_does_anybody_else(
    asking: Client, client_of: ClientOf, officer: User, security_admin: User, tax_liaison: User
) -> None:
    asking.post(f"{USERS}{tax_liaison.pk}/password/")
    asked = AccountRequest.objects.get()
    for client in (asking, client_of(officer), client_of(tax_liaison)):
        assert client.post(f"{REQUESTS}{asked.pk}/agree/").status_code == 403
    asked.refresh_from_db()
    assert asked.decided_at is None


def test_what_changed_in_the_meantime_is_not_overwritten(
    asking: Client, deciding: Client, tax_liaison: User
) -> None:
    change(asking, tax_liaison, name="新名字")
    User.objects.filter(pk=tax_liaison.pk).update(duties="别的", version=tax_liaison.version + 1)
    assert "别人已经修改过这个账户" in decide(deciding, "agree").text
    tax_liaison.refresh_from_db()
    assert tax_liaison.name == "区税务局联络员"
    assert AccountRequest.objects.waiting().count() == 1


def test_a_newer_request_takes_the_place_of_the_older(
    asking: Client, deciding: Client, tax_liaison: User
) -> None:
    change(asking, tax_liaison, name="第一个")
    change(asking, tax_liaison, name="第二个")
    decide(deciding, "agree")
    tax_liaison.refresh_from_db()
    assert tax_liaison.name == "第二个"


def test_an_officer_and_duties_need_no_second_person(
    asking: Client, security_admin: User, tax_liaison: User
) -> None:
    create(asking, role="station_officer", department="")
    assert User.objects.get(username="wang").is_active
    change(asking, tax_liaison, duties="核实纳税证明")
    tax_liaison.refresh_from_db()
    assert tax_liaison.duties == "核实纳税证明"
    assert not AccountRequest.objects.exists()


def test_the_first_security_administrator_is_made_without_a_second_person(asking: Client) -> None:
    create(asking, role="security_admin", department="")
    assert User.objects.get(username="wang").is_active


def test_where_it_is_switched_off_nobody_waits(settings: Any, asking: Client) -> None:
    settings.ACCOUNTS_NEED_SECOND_PERSON = False
    create(asking)
    assert User.objects.get(username="wang").is_active

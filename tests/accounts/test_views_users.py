"""The system administrator's pages: people, their offices, invitations."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Department, Role, User
from notices.tasks import sweep
from tests.conftest import ClientOf
from tests.factories import PASSWORD, UserFactory, liaison

LIST = "/accounts/users/"
NEW = "/accounts/users/new/"


@pytest.fixture
def client(client_of: ClientOf, system_admin: User) -> Client:
    return client_of(system_admin)


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory.create(
        officer=True, username="officer", name="专员甲", email="officer@station.example"
    )


def facts(**changed: str) -> dict[str, str]:
    return {
        "name": "王联络",
        "username": "Wang.Lianluo",
        "role": "liaison",
        "department": str(Department.objects.get(code="tax").pk),
        "email": "wang@tax.example",
        "phone": "13911112222",
    } | changed


def change(user: User, **changed: str) -> dict[str, str]:
    """The edit form as it stands, with some of it changed."""
    return {
        "name": user.name,
        "email": user.email,
        "phone": "",
        "is_active": "on",
        "seen_version": str(user.version),
    } | changed


# The list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(
    client: Client, django_assert_max_num_queries, people: int
) -> None:
    tax = Department.objects.get(code="tax")
    UserFactory.create_batch(people, role=Role.LIAISON, department=tax)
    client.get(LIST)
    with django_assert_max_num_queries(6):
        page = client.get(LIST)
    assert page.status_code == 200
    assert page.text.count("区税务局") >= min(people, 29)


def test_thirty_stand_on_a_page_and_the_search_goes_along(client: Client) -> None:
    UserFactory.create_batch(31, name="同名")
    first = client.get(LIST, {"q": "同名"})
    assert "共31个账户" in first.text
    assert first.text.count("登录名 person") == 30
    assert "?q=%E5%90%8C%E5%90%8D&amp;page=last" in first.text
    assert client.get(f"{LIST}{first.context['page'].next}").text.count("登录名 person") == 1


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"q": "税务"}, ["区税务局联络员"]),
        ({"role": "station_officer"}, ["专员甲"]),
        ({"is_active": "false"}, ["专员甲"]),
        ({"role": "auditor"}, []),
    ],
)
def test_the_list_is_narrowed(
    client: Client, officer: User, tax_liaison: User, narrowed: dict[str, str], found: list[str]
) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert [user.name for user in client.get(LIST, narrowed).context["page"]] == found


def test_no_phone_number_stands_in_the_list(client: Client, officer: User) -> None:
    page = client.get(LIST).text
    assert officer.name in page
    assert "13800000000" not in page


# A new person ------------------------------------------------------------------------------------


def test_a_new_liaison_is_mailed_a_link_and_no_password_is_shown(client: Client) -> None:
    page = client.post(NEW, facts(), follow=True)
    assert "王联络的账户已建立，设置密码的邮件正在发往wang@tax.example。" in page.text
    person = User.objects.get(username="wang.lianluo")
    assert not person.has_usable_password()
    assert person.department.code == "tax"
    assert person.notices.get().subject == "请设置您的登录密码"
    assert "等本人设置密码" in client.get(LIST).text


def test_the_trail_keeps_what_was_created_without_the_phone(
    client: Client, system_admin: User
) -> None:
    client.post(NEW, facts())
    event = AuditEvent.objects.get(action="account.create")
    assert event.actor == system_admin
    assert event.after["role"] == "部门联络员"
    assert event.after["phone"] == "139****2222"


def test_a_double_click_creates_one_and_mails_once(client: Client) -> None:
    client.post(NEW, facts())
    assert client.post(NEW, facts())["Location"] == LIST
    assert User.objects.get(username="wang.lianluo").notices.count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"department": ""}, "部门联络员必须选择所属部门。"),
        ({"role": "station_officer"}, "这个角色不属于任何部门，请不要选择部门。"),
        ({"username": "officer"}, "这个登录名已有人使用，请换一个。"),
        ({"username": "OFFICER"}, "这个登录名已有人使用，请换一个。"),
        ({"username": "王"}, "登录名只能是3至50个英文字母、数字或 . _ @ -，请修改。"),
        ({"phone": ""}, "请填写联系电话。"),
        ({"name": ""}, "请填写姓名。"),
        ({"role": ""}, "请选择角色。"),
        ({"email": "wang"}, "邮箱地址不完整，请写成 name@example.com 的样子。"),
        ({"role": "enterprise_agent", "department": ""}, "这个选项，请重新选择。"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, officer: User, changed: dict[str, str], sentence: str
) -> None:
    people = User.objects.count()
    response = client.post(NEW, facts(**changed))
    assert response.status_code == 200
    assert response.text.count(sentence) == 2, "in the summary and beside the field"
    assert User.objects.count() == people


@pytest.mark.parametrize("shared", [{"email": "ADMIN@x.example"}, {"phone": "139-0000 9999"}])
def test_nobody_holds_two_of_the_three_offices(
    client: Client, system_admin: User, shared: dict[str, str]
) -> None:
    system_admin.email, system_admin.phone = "admin@x.example", "13900009999"
    system_admin.save()
    response = client.post(NEW, facts(role="auditor", department="", **shared))
    assert "必须由不同的人担任" in response.text
    assert not User.objects.filter(role=Role.AUDITOR).exists()


# Changing a person -------------------------------------------------------------------------------


def test_facts_are_changed_and_the_trail_keeps_before_and_after(
    client: Client, tax_liaison: User
) -> None:
    social = Department.objects.get(code="social")
    data = change(tax_liaison, name="新名字", department=str(social.pk), accepts_gap="on")
    assert client.post(f"{LIST}{tax_liaison.pk}/edit/", data)["Location"] == LIST
    tax_liaison.refresh_from_db()
    assert (tax_liaison.name, tax_liaison.department) == ("新名字", social)
    assert tax_liaison.phone == "13800000000"
    event = AuditEvent.objects.get(action="account.change")
    assert event.before == {"name": "区税务局联络员", "department": "区税务局"}
    assert event.after == {"name": "新名字", "department": "区人力社保局"}


def test_a_new_mailbox_is_not_yet_confirmed(client: Client, officer: User) -> None:
    client.post(f"{LIST}{officer.pk}/edit/", change(officer, email="new@station.example"))
    officer.refresh_from_db()
    assert (officer.email, officer.email_confirmed_at) == ("new@station.example", None)


def test_the_role_cannot_be_changed_whatever_is_sent(client: Client, officer: User) -> None:
    data = change(officer, role="auditor", username="x")
    assert client.post(f"{LIST}{officer.pk}/edit/", data)["Location"] == LIST
    officer.refresh_from_db()
    assert (officer.role, officer.username) == (Role.STATION_OFFICER, "officer")


def test_an_administrator_cannot_change_his_own_role(client: Client, system_admin: User) -> None:
    data = change(system_admin, role="security_admin")
    assert client.post(f"{LIST}{system_admin.pk}/edit/", data)["Location"] == LIST
    system_admin.refresh_from_db()
    assert system_admin.role == Role.SYSTEM_ADMIN


def test_a_person_switched_off_is_out_at_once(
    client: Client, client_of: ClientOf, officer: User
) -> None:
    his = client_of(officer)
    assert his.get("/accounts/me/").status_code == 200
    data = change(officer)
    del data["is_active"]
    client.post(f"{LIST}{officer.pk}/edit/", data)
    assert his.get("/accounts/me/").status_code == 302


def test_nobody_switches_himself_off(client: Client, system_admin: User) -> None:
    data = change(system_admin)
    del data["is_active"]
    response = client.post(f"{LIST}{system_admin.pk}/edit/", data)
    assert "不能停用自己的账户，请由另一名系统管理员办理。" in response.text
    system_admin.refresh_from_db()
    assert system_admin.is_active


def test_the_last_auditor_is_not_switched_off(client: Client, auditor: User) -> None:
    data = change(auditor)
    del data["is_active"]
    response = client.post(f"{LIST}{auditor.pk}/edit/", data)
    assert "这是唯一启用的审计管理员账户" in response.text
    auditor.refresh_from_db()
    assert auditor.is_active


def test_two_administrators_at_once_do_not_overwrite_each_other(
    client: Client, officer: User
) -> None:
    data = change(officer, name="后保存的")
    User.objects.filter(pk=officer.pk).update(name="先保存的", version=2)
    response = client.post(f"{LIST}{officer.pk}/edit/", data)
    assert "别人已经修改过" in response.text
    officer.refresh_from_db()
    assert officer.name == "先保存的"


def test_the_phone_shows_masked_only(client: Client, officer: User) -> None:
    text = client.get(f"{LIST}{officer.pk}/edit/").text
    assert "138****0000" in text
    assert "13800000000" not in text


# Passwords ---------------------------------------------------------------------------------------


def test_a_forgotten_password_is_void_and_the_lock_lifted(client: Client, officer: User) -> None:
    visitor = Client()
    for _ in range(5):
        visitor.post("/accounts/sign-in/", {"username": "officer", "password": "wrong"})
    page = client.post(f"{LIST}{officer.pk}/password/", follow=True)
    assert "设置密码的邮件正在发往officer@station.example，链接7天内有效。" in page.text
    officer.refresh_from_db()
    assert not officer.has_usable_password()
    path = officer.notices.get(subject="请重新设置登录密码").path
    visitor.post(path, {"new_password": "Yangtze-1949?", "repeated": "Yangtze-1949?"})
    data = {"username": "officer", "password": "Yangtze-1949?"}
    assert visitor.post("/accounts/sign-in/", data)["Location"] == "/"
    assert AuditEvent.objects.filter(action="account.issue_password").count() == 1


def test_the_old_password_and_its_sessions_end(
    client: Client, client_of: ClientOf, officer: User
) -> None:
    his = client_of(officer)
    client.post(f"{LIST}{officer.pk}/password/")
    officer.refresh_from_db()
    assert not officer.check_password(PASSWORD)
    assert his.get("/accounts/me/").status_code == 302


def test_nobody_sends_himself_one(client: Client, system_admin: User) -> None:
    response = client.post(f"{LIST}{system_admin.pk}/password/", follow=True)
    assert "不能给自己发送" in response.text


# What another changed is told ---------------------------------------------------------------------


def told(person: User) -> list[str]:
    return [notice.subject for notice in person.notices.order_by("pk")]


def test_a_changed_mailbox_is_told_at_both_and_to_the_security_administrator(
    client: Client, officer: User, security_admin: User
) -> None:
    client.post(f"{LIST}{officer.pk}/edit/", change(officer, email="new@station.example"))
    assert told(officer) == ["您的账户有修改", "您的账户有修改"]
    sweep()
    assert {message.to[0] for message in mail.outbox} == {
        "officer@station.example",
        "new@station.example",
        security_admin.email,
    }
    line = "- 电子邮箱：officer@station.example → new@station.example"
    assert all(line in message.body for message in mail.outbox)
    assert told(security_admin) == ["账户有修改：服务站专员 专员甲"]
    # The one at the former mailbox does not stand as unread in his inbox.
    assert officer.notices.unread().count() == 1


def test_a_changed_department_and_a_new_password_are_told(
    client: Client, tax_liaison: User, security_admin: User
) -> None:
    liaison("tax", name="税务同事")
    social = Department.objects.get(code="social")
    client.post(f"{LIST}{tax_liaison.pk}/edit/", change(tax_liaison, department=str(social.pk)))
    assert "部门：区税务局 → 区人力社保局" in tax_liaison.notices.get().body
    client.post(f"{LIST}{tax_liaison.pk}/password/")
    assert told(tax_liaison) == ["您的账户有修改", "请重新设置登录密码", "您的账户有修改"]
    assert "原来的密码失效" in security_admin.notices.order_by("-id")[0].body


def test_what_concerns_nobody_s_security_is_not_told(
    client: Client, tax_liaison: User, security_admin: User
) -> None:
    data = change(tax_liaison, department=str(tax_liaison.department_id), duties="核实纳税")
    client.post(f"{LIST}{tax_liaison.pk}/edit/", data)
    assert not tax_liaison.notices.exists()
    assert not security_admin.notices.exists()


# Others ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "person", ["agent", "officer", "tax_liaison", "supervisor", "security_admin", "auditor"]
)
def test_nobody_else_administers_people(
    request: pytest.FixtureRequest, client_of: ClientOf, person: str, system_admin: User
) -> None:
    client = client_of(request.getfixturevalue(person))
    for path in ("", "new/", f"{system_admin.pk}/edit/"):
        assert client.get(f"{LIST}{path}").status_code == 403
    assert client.post(f"{LIST}{system_admin.pk}/password/").status_code == 403


def test_the_administrator_writes_down_who_does_what(
    client_of: ClientOf, system_admin: User, tax_liaison: User
) -> None:
    client = client_of(system_admin)
    url = reverse("accounts:user_edit", args=[tax_liaison.pk])
    changed = {
        "name": tax_liaison.name,
        "department": tax_liaison.department_id,
        "email": tax_liaison.email,
        "duties": "核实纳税证明",
        "is_active": "on",
        "seen_version": tax_liaison.version,
    }
    client.post(url, changed)
    tax_liaison.refresh_from_db()
    assert tax_liaison.duties == "核实纳税证明"
    event = AuditEvent.objects.get(action="account.change")
    assert event.after == {"duties": "核实纳税证明"}


def test_a_department_has_one_first_liaison(
    client_of: ClientOf, system_admin: User, tax_liaison: User
) -> None:
    colleague = liaison("tax", name="税务同事")
    client = client_of(system_admin)
    for person in (tax_liaison, colleague, colleague):
        client.post(reverse("accounts:user_primary", args=[person.pk]))
    department = tax_liaison.department
    assert list(User.objects.filter(department=department, is_primary=True)) == [colleague]
    assert AuditEvent.objects.filter(action="account.change").count() == 3


def test_who_changes_department_is_first_liaison_no_longer(
    client_of: ClientOf, system_admin: User, tax_liaison: User, police_liaison: User
) -> None:
    client = client_of(system_admin)
    for person in (tax_liaison, police_liaison):
        client.post(reverse("accounts:user_primary", args=[person.pk]))
    tax_liaison.refresh_from_db()
    changed = {
        "name": tax_liaison.name,
        "department": police_liaison.department_id,
        "accepts_gap": "on",
        "email": tax_liaison.email,
        "is_active": "on",
        "seen_version": tax_liaison.version,
    }
    client.post(reverse("accounts:user_edit", args=[tax_liaison.pk]), changed)
    assert list(User.objects.filter(is_primary=True)) == [police_liaison]
